// An outage whose backlog comes all at once, and what its tests look at afterwards.
#pragma once

#include "router/engine/backlog.hpp"
#include "router/journal/journal.hpp"
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

namespace tocsin::tests {

using namespace std::chrono_literals;

inline std::vector<settings::File> digest_files(
    const std::string& ops_channel = "channel: ops-room") {
  return {{"tocsin.yaml", R"(
integrations:
  - {name: prometheus, source: prometheus, key: prometheus-key-0123456789, group_by: [alertname], resolve_after: 7d, reopen_within: 5m}
  - {name: impatient, source: prometheus, key: impatient-key-0123456789, group_by: [alertname], resolve_after: 1h}
channels:
  - {name: phone, type: log}
  - {name: db-room, type: log}
  - {name: ops-room, type: log}
  - {name: web-room, type: log}
people:
  - {name: ada, contacts: {phone: ada}}
  - {name: linus, contacts: {phone: linus}, limit: none}
hooks:
  - {name: restart, type: webhook, url: "http://127.0.0.1:9", limit: {runs: 9, per: 1h}}
default: {page: fallback}
)"},
          {"teams/ops.yaml", "team: ops\n" + ops_channel + R"(
policies:
  - {name: fallback, steps: [{page: [{person: linus}], wait: 5m}]}
)"},
          {"teams/web.yaml", R"(
team: web
runbooks: [{name: web-book, url: "https://books.example.com"}]
rules:
  - {name: web, matchers: ['alertname=~"web-.*"'], page: fallback, runbook: web-book}
)"},
          {"teams/db.yaml", R"(
team: db
channel: db-room
runbooks: [{name: book, url: "https://books.example.com"}]
policies:
  - {name: db, steps: [{page: [{person: ada}], wait: 5m}, {page: [{person: linus}], wait: 5m}]}
rules:
  - {name: known, matchers: ['alertname="db-known"'], advise: {manual: "https://manual.example.com", tell: [{channel: web-room}]}}
  - {name: patient, matchers: ['alertname="db-patient"'], after: 30m, page: db, runbook: book}
  - {name: mended, matchers: ['alertname="db-mended"'], remediate: {hook: restart, wait: 3m}, page: db, runbook: book}
  - {name: db, matchers: ['alertname=~"db-.*"'], page: db, runbook: book}
)"}};
}

// What another node, or a spool, took in while nothing could be decided.
class Outage {
 public:
  explicit Outage(World& world, std::string integration = "prometheus")
      : world_(world),
        integration_(std::move(integration)),
        mint_(++boots_, world.journal->partitions()) {}

  void hear(const std::string& name, AlertStatus status) {
    Alert alert;
    alert.key = name;
    alert.status = status;
    alert.labels = Fields(std::vector<Fields::Pair>{{"alertname", name}});
    hear(alert);
  }
  void hear(const Alert& alert) { kept_.push_back({integration_, world_.clock.now(), {alert}}); }
  void fires(const std::string& name) { hear(name, AlertStatus::firing); }
  void ends(const std::string& name) { hear(name, AlertStatus::resolved); }
  // One that came and went.
  void passes(const std::string& name, Duration length = 20min) {
    fires(name);
    world_.clock.advance(length);
    ends(name);
  }
  void goes_on(Duration by) { world_.clock.advance(by); }

  // The journal gets everything that was kept, and the owner reads it.
  void over() {
    append();
    world_.settle();
  }
  void append() {
    const Partition partition = journal::partition_of(integration_, world_.journal->partitions());
    for (const AlertsBody& body : kept_)
      world_.journal->append(
          partition,
          {mint_.record(partition, RecordKind::alerts, body.received.wall, encode(body))},
          [](const journal::Appended&) {});
    kept_.clear();
  }

 private:
  static inline std::uint64_t boots_ = 7'000;
  World& world_;
  const std::string integration_;
  Mint mint_;
  std::vector<AlertsBody> kept_;
};

// After this, nothing more is believed to come.
inline void settle_down(World& world) { world.advance(engine::kBacklogSettles + 1s); }

inline std::string names(const connectors::Notification& digest) {
  std::string all;
  for (const auto& each : digest.passed) all += (all.empty() ? "" : " ") + each.title;
  return all;
}

inline connectors::Notification digest_in(World& world, const std::string& room,
                                          std::size_t count) {
  const auto told = world.phone(room).next_of(MessageKind::digest, "away " + std::to_string(count));
  CHECK(told.passed_in_all == count);
  return told;
}

inline void nobody_hears(World& world) {
  for (const char* who : {"ada", "linus", "db-room", "ops-room", "web-room"})
    world.phone(who).silent();
}

inline std::string folded_anew(World& world, Partition p) {
  engine::NodeState node(world.journal->partitions());
  journal::Cursor cursor(world.journal->partitions(), 0);
  for (auto batch = world.journal->read(cursor, 1'000); batch && !batch->entries.empty();
       batch = world.journal->read(cursor, 1'000))
    for (const journal::Entry& entry : batch->entries)
      node.fold(entry.partition, entry.position, entry.record);
  return node.encoded(p).body;
}

}  // namespace tocsin::tests

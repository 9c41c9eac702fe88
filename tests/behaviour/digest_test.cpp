// The backlog of an outage: what is still open is paged, and what opened and ended in it is told
// once, to a room.
#include "router/engine/backlog.hpp"
#include "router/engine/carried.hpp"
#include "router/journal/journal.hpp"
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

std::vector<settings::File> files(const std::string& ops_channel = "channel: ops-room") {
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
  - {name: linus, contacts: {phone: linus}}
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
void settle_down(World& world) { world.advance(engine::kBacklogSettles + 1s); }

std::string names(const connectors::Notification& digest) {
  std::string all;
  for (const auto& each : digest.passed) all += (all.empty() ? "" : " ") + each.title;
  return all;
}

connectors::Notification digest_in(World& world, const std::string& room, std::size_t count) {
  const auto told = world.phone(room).next_of(MessageKind::digest, "away " + std::to_string(count));
  CHECK(told.passed_in_all == count);
  return told;
}

void nobody_hears(World& world) {
  for (const char* who : {"ada", "linus", "db-room", "ops-room", "web-room"})
    world.phone(who).silent();
}

std::string folded_anew(World& world, Partition p) {
  engine::NodeState node(world.journal->partitions());
  journal::Cursor cursor(world.journal->partitions(), 0);
  for (auto batch = world.journal->read(cursor, 1'000); batch && !batch->entries.empty();
       batch = world.journal->read(cursor, 1'000))
    for (const journal::Entry& entry : batch->entries)
      node.fold(entry.partition, entry.position, entry.record);
  return node.encoded(p).body;
}

}  // namespace

TEST_CASE("two days of backlog page what is open once and tell the rest in one digest") {
  World world(files());
  Outage outage(world);
  for (int i = 0; i < 2'000; ++i) {
    if (i == 0 || i == 900 || i == 1'999) outage.fires("db-open-" + std::to_string(i));
    outage.passes("db-" + std::to_string(i), 1min);
    outage.goes_on(20s);
  }
  outage.over();
  settle_down(world);
  REQUIRE(world.phone("ada").waiting() == 3);
  for (int i = 0; i < 3; ++i) world.phone("ada").expects("db-open-");
  const auto told = digest_in(world, "db-room", 2'000);
  CHECK(told.passed.size() == engine::kMostNamedInDigest);
  CHECK(told.passed.at(1).title == "db-1");
  CHECK(told.passed.at(1).ended_at - told.passed.at(1).opened_at == 1min);
  nobody_hears(world);
  world.advance(5min - 4s);
  nobody_hears(world);
  const Partition p = journal::partition_of("prometheus", world.journal->partitions());
  CHECK(folded_anew(world, p) == world.state().encoded(p).body);
}

TEST_CASE("a digest is told once whenever tocsin dies") {
  enum class Dies { before_it_is_planned, before_it_is_sent, before_its_result, afterwards };
  for (const Dies dies : {Dies::before_it_is_planned, Dies::before_it_is_sent,
                          Dies::before_its_result, Dies::afterwards}) {
    World world(files());
    Outage outage(world);
    outage.passes("db-down");
    outage.goes_on(24h);
    world.hold_attempts = true;
    outage.over();
    if (dies == Dies::before_it_is_planned) world.crash();
    settle_down(world);
    if (dies == Dies::before_it_is_sent) world.crash();
    MessageId first;
    if (dies == Dies::before_its_result) {
      world.journal->break_down("the link is cut");
      REQUIRE(world.runner.run_one());
      first = digest_in(world, "db-room", 1).id;
      world.journal->mend();
      world.crash();
    }
    world.hold_attempts = false;
    settle_down(world);
    const auto told = digest_in(world, "db-room", 1);
    if (dies == Dies::before_its_result) CHECK(told.id == first);  // it may not have arrived
    world.crash();
    world.advance(1h);
    nobody_hears(world);
  }
}

TEST_CASE("a death while a spool gives back what it kept pages nobody for what ends in it") {
  World world(files());
  Outage outage(world), later(world);
  outage.fires("db-down");
  outage.goes_on(20min);
  later.ends("db-down");
  outage.goes_on(24h);
  outage.over();
  world.crash();
  world.advance(1s);
  later.over();
  settle_down(world);
  digest_in(world, "db-room", 1);
  nobody_hears(world);
}

TEST_CASE("a digest is told after a start from the store as well") {
  World world(files());
  Outage outage(world);
  outage.passes("db-down");
  outage.goes_on(24h);
  outage.over();
  world.crash_and_restore(world.snapshots());
  settle_down(world);
  CHECK(names(digest_in(world, "db-room", 1)) == "db-down");
  world.crash_and_restore(world.snapshots());
  world.advance(1h);
  nobody_hears(world);
}

TEST_CASE("where nothing has passed there is no digest") {
  World world(files());
  Outage outage(world);
  outage.fires("db-down");
  outage.goes_on(24h);
  outage.over();
  world.advance(1min);
  world.phone("ada").expects("db-down");
  nobody_hears(world);
}

TEST_CASE("who was paged before an outage hears that it is over and it is in no digest") {
  World world(files());
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  Alert end = world.incident().alerts.at(0).alert;
  end.status = AlertStatus::resolved;
  end.ends_at.reset();
  Outage outage(world);
  for (int i = 0; i < 600; ++i) outage.passes("web-" + std::to_string(i), 1min);
  outage.hear(end);  // past what one turn decides, with its own next step due long ago
  outage.goes_on(24h);
  outage.over();
  settle_down(world);
  world.phone("ada").expects_resolved("db-down");
  digest_in(world, "ops-room", 600);
  nobody_hears(world);
}

TEST_CASE("what a silence or its own patience would have kept quiet is in no digest") {
  World world(files());
  world.silence({"alertname=\"db-silenced\""}, 72h);
  Outage outage(world);
  outage.passes("db-silenced");
  outage.passes("db-patient", 20min);  // pages only after half an hour
  outage.goes_on(24h);
  outage.over();
  world.advance(10min);
  nobody_hears(world);
  Outage another(world);
  another.passes("db-patient", 40min);
  another.goes_on(24h);
  another.over();
  settle_down(world);
  CHECK(names(digest_in(world, "db-room", 1)) == "db-patient");
  nobody_hears(world);
}

TEST_CASE("no hook is started and no manual quoted for what has passed") {
  World world(files());
  Outage outage(world);
  outage.passes("db-mended");
  outage.passes("db-known");
  outage.goes_on(24h);
  outage.over();
  settle_down(world);
  CHECK(names(digest_in(world, "db-room", 1)) == "db-mended");
  CHECK(names(digest_in(world, "web-room", 1)) == "db-known");
  world.hook("restart").silent();
  nobody_hears(world);
}

TEST_CASE("endless backlog is not silence") {
  World world(files());
  Outage outage(world);
  outage.goes_on(24h);
  const Instant then = world.clock.now();
  outage.fires("db-down");
  outage.goes_on(24h);
  outage.over();
  Alert other;
  other.key = "other";
  other.labels = Fields(std::vector<Fields::Pair>{{"alertname", "web-other"}});
  Mint mint(6'000, world.journal->partitions());
  const Partition p = journal::partition_of("prometheus", world.journal->partitions());
  for (int second = 0; second < 120 && world.phone("ada").waiting() == 0; ++second) {
    other.status = second % 2 ? AlertStatus::resolved : AlertStatus::firing;
    world.journal->append(p,
                          {mint.record(p, RecordKind::alerts, then.wall,
                                       encode(AlertsBody{"prometheus", then, {other}}))},
                          [](const journal::Appended&) {});
    CHECK(second <= 61);
    world.advance(1s);
    if (second < 59) nobody_hears(world);
  }
  world.phone("ada").expects("db-down");
}

TEST_CASE("what is new is paged at once while a backlog is read") {
  World world(files());
  Outage outage(world);
  outage.fires("db-old");
  outage.goes_on(24h);
  outage.over();
  world.fire("db-new");
  world.phone("ada").expects("db-new");
  nobody_hears(world);
  settle_down(world);
  world.phone("ada").expects("db-old");
}

TEST_CASE("the end of an old incident that a spool gives back a moment later spares the page") {
  World world(files());
  Outage outage(world), later(world);
  outage.fires("db-down");
  outage.goes_on(20min);
  later.ends("db-down");
  outage.goes_on(24h);
  outage.over();
  world.advance(1500ms);
  later.over();
  settle_down(world);
  digest_in(world, "db-room", 1);
  nobody_hears(world);
}

TEST_CASE("what fires again after it passed is paged and not told as over") {
  World world(files());
  Outage outage(world);
  outage.passes("db-flaps");
  outage.passes("db-over");
  outage.fires("db-flaps");
  outage.goes_on(24h);
  outage.over();
  settle_down(world);
  CHECK(names(digest_in(world, "db-room", 1)) == "db-over");
  world.phone("ada").expects("db-flaps");
  nobody_hears(world);
}

TEST_CASE("what flaps through an outage and ends is in its digest once") {
  World world(files());
  Outage outage(world);
  for (int i = 0; i < 1'000; ++i) outage.passes("db-flaps", 1min);
  outage.goes_on(24h);
  outage.over();
  settle_down(world);
  CHECK(names(digest_in(world, "db-room", 1)) == "db-flaps");
  world.advance(1h);
  nobody_hears(world);
}

TEST_CASE("a team without a channel is told where the default policy's team is") {
  World world(files());
  Outage outage(world);
  outage.passes("web-down");
  outage.passes("db-down");
  outage.passes("strange");
  outage.goes_on(24h);
  outage.over();
  settle_down(world);
  CHECK(names(digest_in(world, "db-room", 1)) == "db-down");
  std::string ops;
  for (int i = 0; i < 2; ++i) ops += names(digest_in(world, "ops-room", 1)) + ";";
  CHECK((ops == "web-down;strange;" || ops == "strange;web-down;"));
  nobody_hears(world);
}

TEST_CASE("without any channel the timeline says that nobody was told") {
  World world(files(""));
  Outage outage(world);
  outage.passes("web-down");
  outage.goes_on(24h);
  outage.over();
  world.advance(1h);
  nobody_hears(world);
  const engine::Incident incident = world.incident().incident;
  CHECK(incident.passed_in == incident.id);
  REQUIRE(incident.digest);
  CHECK(incident.digest->told);
  std::string timeline;
  for (const auto& entry : incident.timeline) timeline += entry.kind + ": " + entry.text + "\n";
  CHECK(timeline.find("passed: it opened and ended while tocsin was away") != std::string::npos);
  CHECK(timeline.find("goes nowhere") != std::string::npos);
}

TEST_CASE("a digest waits for a room whose provider is away and comes once") {
  World world(files());
  world.phone("db-room").always(Attempt::retry_later("503"));
  Outage outage(world);
  outage.passes("db-down");
  outage.goes_on(24h);
  outage.over();
  world.advance(3h);
  world.phone("db-room").always(std::nullopt);
  world.advance(2min);
  digest_in(world, "db-room", 1);
  world.advance(24h);
  nobody_hears(world);
}

TEST_CASE("an alert that is only old is paged before it is given up") {
  World world(files());
  Outage outage(world, "impatient");
  Alert alert;
  alert.key = "db-down";
  alert.labels = Fields(std::vector<Fields::Pair>{{"alertname", "db-down"}});
  alert.ends_at = world.clock.now().wall + 4min;
  outage.hear(alert);
  std::vector<std::unique_ptr<Outage>> more;  // for as long as all alerts are looked at once
  for (int i = 0; i < 12; ++i) {
    more.push_back(std::make_unique<Outage>(world, "impatient"));
    more.back()->fires("web-" + std::to_string(i));
  }
  outage.goes_on(24h);
  outage.over();
  for (const auto& each : more) {
    world.advance(1s);
    each->over();
  }
  nobody_hears(world);
  settle_down(world);
  world.phone("ada").expects("db-down");
  for (std::size_t i = 0; i < more.size(); ++i) world.phone("linus").expects("web-");
  world.advance(1min);
  world.phone("ada").expects_resolved("db-down");
  nobody_hears(world);
}

TEST_CASE("a digest that nobody has been told is still told when its records are gone") {
  auto settings = files();
  settings.front().text += "journal: {retention: 2d}\n";
  World world(settings, 16);
  world.phone("db-room").always(Attempt::retry_later("503"));
  Outage outage(world);
  outage.passes("db-down");
  outage.goes_on(1h);
  outage.over();
  world.advance(1s);
  // Behind without end: what has passed is not told for a while.
  const Partition p = journal::partition_of("prometheus", world.journal->partitions());
  REQUIRE(engine::owes_digest(world.incident().incident));
  engine::PartitionState state = world.state().partition(p);
  const auto carried = engine::to_carry(state, state.position, 10);
  REQUIRE(carried.size() == 1);
  CHECK(carried.front().incident->digest->count == 1);
  // And one that is planned and has not arrived.
  settle_down(world);
  state = world.state().partition(p);
  REQUIRE_FALSE(engine::owes_digest(world.incident().incident));
  CHECK(engine::to_carry(state, state.position, 10).size() == 1);
  world.phone("db-room").always(std::nullopt);
  world.advance(2min);
  digest_in(world, "db-room", 1);
  state = world.state().partition(p);
  CHECK(engine::to_carry(state, state.position, 10).empty());
}

// What a sender says that people did in its own system, addressed by the alert's key.
#include <algorithm>
#include <functional>

#include "tests/engine/bench.hpp"

using namespace std::chrono_literals;
using namespace tocsin;
using namespace tocsin::engine;
using tocsin::engine::tests::Bench;

namespace {

Record said(Bench& bench, CommandKind kind, const std::string& key, const std::string& text = "") {
  Command command;
  command.kind = kind;
  command.by = "grace";
  command.via = "pagerduty";
  command.text = text;
  command.integration = "prometheus";
  command.alert = key;
  return bench.record(RecordKind::command, encode(command));
}

Record told(
    Bench& bench, CommandKind kind, const std::function<void(Command&)>& more = [](Command&) {}) {
  Command command{kind, {}, "ole", "opsgenie"};
  command.integration = "prometheus";
  command.alert = "db";
  more(command);
  return bench.record(RecordKind::command, encode(command));
}

bool has_entry(const Incident& incident, const std::string& kind, const std::string& beginning) {
  return std::any_of(incident.timeline.begin(), incident.timeline.end(), [&](const auto& entry) {
    return entry.kind == kind && entry.text.starts_with(beginning);
  });
}

}  // namespace

TEST_CASE("an acknowledgement by an alert's key is of the incident that it is in") {
  Bench bench;
  bench.fold(bench.alert("db"));
  bench.fold(bench.alert("web"));
  bench.fold(said(bench, CommandKind::acknowledge, "db"));  // before anything is decided
  bench.settle();
  std::size_t acknowledged = 0;
  for (const auto& [id, incident] : bench.state.incidents) {
    const bool db = incident.title.starts_with("db");
    CHECK((incident.state == IncidentState::acknowledged) == db);
    if (db) CHECK(incident.acknowledged_by == "grace");
    acknowledged += db;
  }
  CHECK(acknowledged == 1);
}

TEST_CASE("a sender snoozes and escalates and assigns as a person does") {
  Bench bench;
  auto& people = bench.configuration.directory.people;
  people["grace"] = {"grace", {{"mail", "grace@example.com", 0s}}};
  people["grace"].contacts = people["grace"].notify;
  bench.configuration.directory.people["ada"].contacts = people["ada"].notify;
  bench.fold(bench.alert("db"));
  bench.settle();
  const auto incident = [&]() -> const Incident& { return bench.state.incidents.begin()->second; };
  bench.fold(told(bench, CommandKind::snooze, [](Command& command) { command.length = 2h; }));
  bench.settle();
  REQUIRE(incident().snoozed);
  CHECK(incident().snoozed->length == 2h);
  CHECK(incident().state == IncidentState::acknowledged);
  bench.fold(told(bench, CommandKind::escalate));
  bench.settle();
  CHECK(incident().state == IncidentState::open);
  CHECK(has_entry(incident(), "escalated", "escalated by ole (opsgenie)"));
  // Opsgenie's people are called by their addresses.
  for (const char* name : {"grace", "Grace@Example.com"}) {
    INFO(name);
    bench.fold(told(bench, CommandKind::assign, [&](Command& command) { command.to = name; }));
    bench.settle();
    CHECK(incident().assigned_to == "grace");
    CHECK(has_entry(incident(), "assigned", "assigned to grace by ole (opsgenie)"));
    bench.fold(told(bench, CommandKind::assign, [](Command& command) { command.to = "ada"; }));
    bench.settle();
    CHECK(incident().assigned_to == "ada");
  }
}

TEST_CASE("what a sender wants and cannot have stands in the timeline while it is open") {
  Bench bench;
  auto& people = bench.configuration.directory.people;
  people["ada"].contacts = people["ada"].notify;
  people["grace"] = {"grace", people["ada"].notify,
                     people["ada"].notify};  // they share a telephone
  bench.fold(bench.alert("db"));
  bench.settle();
  const auto assign = [&](const std::string& to) {
    bench.fold(told(bench, CommandKind::assign, [&](Command& command) { command.to = to; }));
    bench.settle();
  };
  const Incident& incident = bench.state.incidents.begin()->second;
  for (const char* nobody : {"bob@example.com", "1"}) {
    assign(nobody);
    CHECK(has_entry(incident, "note",
                    "assign (opsgenie) was not done: nobody is called " + std::string(nobody)));
  }
  CHECK(incident.assigned_to.empty());
  bench.fold(bench.alert("db", AlertStatus::resolved));
  bench.settle();
  const std::size_t entries = incident.timeline.size();
  assign("carol@example.com");
  CHECK(incident.timeline.size() == entries);
}

TEST_CASE("an end that says nothing but the key leaves what is known of the alert") {
  Bench bench;
  bench.fold(bench.alert("opsgenie", "queue/1",
                         {{"alertname", "Queue stuck"}, {"service", "queue"}, {"severity", "P1"}}));
  bench.settle();
  bench.fold(bench.alert("opsgenie", "queue/1", {{"alertname", "queue/1"}}, AlertStatus::resolved));
  bench.settle();
  REQUIRE(bench.state.alerts.size() == 1);
  const Alert& alert = bench.state.alerts.begin()->second.alert;
  CHECK(alert.status == AlertStatus::resolved);
  CHECK(alert.labels.get("alertname") == "Queue stuck");
  CHECK(alert.labels.get("service") == "queue");
  CHECK(has_entry(bench.state.incidents.begin()->second, "alert_ended", "Queue stuck ended"));
}

TEST_CASE("a word about an alert that nobody knows changes nothing") {
  Bench bench;
  bench.fold(bench.alert("db"));
  bench.fold(said(bench, CommandKind::acknowledge, "unknown"));
  bench.fold(said(bench, CommandKind::note, "unknown", "hello"));
  bench.settle();
  CHECK(bench.state.incidents.begin()->second.state == IncidentState::open);
  CHECK(bench.state.pending.empty());
}

TEST_CASE("a note by an alert's key stands in its incident's timeline") {
  Bench bench;
  bench.fold(bench.alert("db"));
  bench.fold(said(bench, CommandKind::note, "db", "the disk is full"));
  bench.settle();
  bool noted = false;
  for (const TimelineEntry& entry : bench.state.incidents.begin()->second.timeline)
    noted =
        noted || (entry.kind == "note" && entry.by == "grace" && entry.text == "the disk is full");
  CHECK(noted);
}

// What a sender says that people did in its own system, addressed by the alert's key.
#include "tests/engine/bench.hpp"

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

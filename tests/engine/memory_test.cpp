// What leaves memory, what must not, and what a late record may still change.
#include "router/engine/fold.hpp"
#include "router/engine/state_codec.hpp"
#include "router/engine/workspace.hpp"
#include "tests/engine/bench.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace tocsin::engine::tests;

namespace {

void come_and_go(Bench& bench, std::size_t alerts) {
  for (std::size_t i = 0; i < alerts; ++i) {
    const std::string key = "passing-" + std::to_string(i);
    bench.fold(bench.alert(key));
    bench.fold(bench.alert(key, AlertStatus::resolved));
    bench.settle(Attempt::rejected("gone"));
  }
}

}  // namespace

TEST_CASE("an alert that fires again is known by its key when its first incident leaves memory") {
  Bench bench;
  bench.fold(bench.alert("a"));
  bench.fold(bench.alert("a", AlertStatus::resolved));
  bench.settle(Attempt::rejected("gone"));
  bench.fold(bench.alert("a"));
  bench.settle();
  const IncidentId first = bench.state.closed.front().what;
  come_and_go(bench, kMostClosed + 10);
  REQUIRE_FALSE(bench.state.incidents.contains(first));
  bench.fold(bench.alert("a"));
  CHECK(bench.state.pending.empty());
}

TEST_CASE("suppressed alerts that ended leave memory and one that fires stays") {
  Bench bench;
  rules::Rule quiet;
  quiet.name = "quiet";
  quiet.suppress = "nobody needs to know";
  bench.configuration.rules = rules::RuleSet({quiet}, "p", "team");
  bench.fold(bench.alert("stays"));
  bench.fold(bench.alert("again"));
  bench.fold(bench.alert("again", AlertStatus::resolved));
  bench.fold(bench.alert("again"));
  for (std::size_t i = 0; i < kMostEnded + 50; ++i) {
    const std::string key = std::to_string(i);
    bench.fold(bench.alert(key));
    bench.fold(bench.alert(key, AlertStatus::resolved));
    if (i % 200 == 0) bench.settle();
  }
  bench.settle();
  while (!bench.state.pending.empty()) bench.settle();
  CHECK(bench.state.incidents.empty());
  CHECK(bench.state.alerts.size() <= kMostEnded + 2);
  CHECK(bench.state.ended.size() <= kMostEnded);
  for (const char* key : {"stays", "again"}) {
    bench.fold(bench.alert(key));
    CHECK(bench.state.pending.empty());
  }
}

TEST_CASE("an incident that a person resolved stays in memory while its alert fires") {
  Bench bench;
  bench.fold(bench.alert("a"));
  bench.settle();
  const IncidentId id = bench.state.incidents.begin()->first;
  bench.fold(
      bench.record(RecordKind::command, encode(Command{CommandKind::resolve, id, "ada", "test"})));
  bench.settle();
  bench.fold(bench.turn_record([&] {
    const std::vector<IncidentId> due{id};
    return decide_turn(bench.state, {bench.state.facts}, bench.configuration, {bench.now, kBoot},
                       due)
        .value_or(Turn{});
  }()));
  come_and_go(bench, kMostClosed + 10);
  CHECK(bench.state.incidents.contains(id));
  bench.fold(bench.alert("a"));
  CHECK(bench.state.pending.empty());
}

TEST_CASE("a result that comes after a message's end changes nothing") {
  Bench bench;
  bench.fold(bench.alert("a"));
  const Folded folded = bench.fold(bench.turn_record(bench.decide()));
  REQUIRE(folded.started.size() == 1);
  const AttemptRef& attempt = folded.started[0];
  const auto say = [&](std::uint32_t number, const Attempt& said) {
    bench.fold(bench.record(
        RecordKind::result,
        encode(AttemptResult{attempt.incident, attempt.message, number, bench.now, said})));
    return bench.state.incidents.begin()->second.messages.front().status;
  };
  CHECK(say(7, Attempt::retry_later("of another attempt")) == MessageStatus::sending);
  CHECK(say(1, Attempt::accepted("taken")) == MessageStatus::accepted);
  CHECK(say(1, Attempt::retry_later("503")) == MessageStatus::accepted);
  CHECK(say(1, Attempt::rejected("gone")) == MessageStatus::accepted);
}

TEST_CASE("a late word that an earlier attempt arrived counts") {
  Bench bench;
  bench.fold(bench.alert("a"));
  const Folded folded = bench.fold(bench.turn_record(bench.decide()));
  const AttemptRef attempt = folded.started.at(0);
  bench.now.elapsed += 1min;
  const std::vector<IncidentId> due{attempt.incident};
  const auto again =
      decide_turn(bench.state, {bench.state.facts}, bench.configuration, {bench.now, kBoot}, due);
  REQUIRE(again);
  bench.fold(bench.turn_record(*again));
  const MessageState& message = bench.state.incidents.begin()->second.messages.front();
  REQUIRE(message.attempt == 2);
  bench.fold(
      bench.record(RecordKind::result, encode(AttemptResult{attempt.incident, attempt.message, 1,
                                                            bench.now, Attempt::accepted("")})));
  CHECK(message.status == MessageStatus::accepted);
}

TEST_CASE("an incident keeps when its alert was received and a re-send what it says of itself") {
  Bench bench;
  bench.fold(bench.alert("a"));
  const Instant received = bench.now;
  bench.now.elapsed += 3s;
  bench.now.wall += 3s;
  bench.settle();
  CHECK(bench.state.incidents.begin()->second.received == received);
  Alert again;
  again.key = "a";
  again.labels = Fields({{"alertname", "a"}, {"service", "api"}});
  again.ends_at = bench.now.wall + 1h;
  bench.fold(
      bench.record(RecordKind::alerts, encode(AlertsBody{"prometheus", bench.now, {again}})));
  CHECK(bench.state.alerts.begin()->second.alert.ends_at == again.ends_at);
  CHECK(bench.state.alerts.begin()->second.count == 2);
}

TEST_CASE("drills that are over push no incident of production out of memory") {
  Bench bench;
  bench.fold(bench.alert("a"));
  bench.fold(bench.alert("a", AlertStatus::resolved));
  bench.settle(Attempt::rejected("gone"));
  const IncidentId real = bench.state.closed.front().what;
  Direct direct(bench.state);
  for (std::size_t i = 0; i < kMostClosed + 100; ++i) {
    Incident drill;
    drill.id = {"drill-" + std::to_string(i)};
    drill.realm = {"set", 1};
    drill.state = IncidentState::resolved;
    const IncidentId id = drill.id;
    direct.add(std::move(drill));
    direct.closed(id);
  }
  bench.state.records += kResendsUnderWay;
  const auto snapshot = decode_state(encode_state(bench.state));
  REQUIRE(snapshot);
  CHECK(encode_state(*snapshot) == encode_state(bench.state));
  CHECK(snapshot->closed_drills.size() == kMostClosed + 100);
  bench.fold(bench.alert("b"));
  bench.settle();  // a turn, after which room is made
  CHECK(bench.state.incidents.contains(real));
  CHECK_FALSE(bench.state.incidents.contains({"drill-0"}));
  CHECK(bench.state.closed_drills.size() == kMostClosed);
}

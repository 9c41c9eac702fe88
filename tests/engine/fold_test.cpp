#include "router/engine/fold.hpp"

#include "router/engine/expiry.hpp"
#include "router/engine/retry.hpp"
#include "tests/engine/bench.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace tocsin::engine::tests;
using namespace std::chrono_literals;

TEST_CASE("an input waits until a valid turn covers it") {
  Bench bench;
  bench.fold(bench.alert("a"));
  CHECK(bench.state.pending.size() == 1);
  CHECK(bench.state.incidents.empty());
  const Folded folded = bench.fold(bench.turn_record(bench.decide()));
  CHECK(folded.turn);
  CHECK(bench.state.pending.empty());
  CHECK(bench.state.incidents.size() == 1);
  REQUIRE(folded.started.size() == 1);
  CHECK(folded.started[0].channel == "phone");
}

TEST_CASE(
    "a turn that does not follow the last valid one is void and its inputs are decided by the "
    "next") {
  Bench bench;
  bench.fold(bench.alert("a"));
  const Turn decided = bench.decide();
  Turn late = decided;
  late.number = 5;
  CHECK(bench.fold(bench.turn_record(late)).what == Folded::What::void_turn);
  CHECK(bench.state.pending.size() == 1);
  CHECK(bench.fold(bench.turn_record(decided)).turn);
  // An owner that was replaced writes the same number once more.
  CHECK(bench.fold(bench.turn_record(decided)).what == Folded::What::void_turn);
  CHECK(bench.state.incidents.size() == 1);
}

TEST_CASE("a record that arrives twice is folded once") {
  Bench bench;
  const Record alert = bench.alert("a");
  bench.fold(alert);
  CHECK(bench.fold(alert).what == Folded::What::skipped_duplicate);
  CHECK(bench.state.pending.size() == 1);
}

TEST_CASE("a turn that nobody can read is void and not a crash") {
  Bench bench;
  bench.fold(bench.alert("a"));
  CHECK(bench.fold(bench.record(RecordKind::turn, "nonsense")).what == Folded::What::void_turn);
  CHECK(bench.fold(bench.turn_record(bench.decide())).turn);
}

TEST_CASE("an input that nobody can read is set aside and told once and the next is decided") {
  Bench bench;
  bench.fold(bench.record(RecordKind::alerts, "nonsense"));
  bench.fold(bench.record(RecordKind::command, "nonsense"));
  bench.fold(bench.alert("a"));
  bench.fold(bench.turn_record(bench.decide()));
  CHECK(bench.state.set_aside.size() == 2);
  REQUIRE(bench.state.incidents.size() == 2);  // the alert's, and one that tells of both
  for (const auto& [id, incident] : bench.state.incidents) {
    CHECK(incident.policy->name == "p");
    if (incident.integration != "tocsin") continue;
    CHECK(incident.alerts.empty());
    CHECK(incident.decision->severity == Severity::critical);
  }
  CHECK(bench.state.pending.empty());
}

TEST_CASE("a re-send between decision and fold is neither lost nor decided twice") {
  Bench bench;
  bench.fold(bench.alert("a"));
  const Turn turn = bench.decide();
  bench.fold(bench.alert("a"));
  bench.fold(bench.turn_record(turn));
  CHECK(bench.state.pending.size() == 1);
  const Turn second = bench.decide();
  REQUIRE(second.effects.size() == 1);
  CHECK(std::holds_alternative<effect::Ignored>(second.effects.front()));
  bench.fold(bench.turn_record(second));
  CHECK(bench.state.pending.empty());
  CHECK(bench.state.incidents.size() == 1);
  REQUIRE(bench.state.alerts.size() == 1);
  CHECK(bench.state.alerts.begin()->second.count == 2);
}

TEST_CASE("deciding twice from the same state says the same") {
  Bench bench;
  for (int i = 0; i < 50; ++i) bench.fold(bench.alert("a" + std::to_string(i % 20)));
  CHECK(bench.decide() == bench.decide());
}

TEST_CASE("one turn covers a bounded number of alerts and the next goes on") {
  Bench bench;
  for (std::size_t i = 0; i < kMostAlertsPerTurn + 10; ++i)
    bench.fold(bench.alert("a" + std::to_string(i)));
  bench.fold(bench.turn_record(bench.decide()));
  CHECK(bench.state.pending.size() == 10);
  bench.fold(bench.turn_record(bench.decide()));
  CHECK(bench.state.incidents.size() == kMostAlertsPerTurn + 10);
}

TEST_CASE("what is over leaves memory and what is open never does") {
  Bench bench;
  bench.fold(bench.alert("stays"));
  bench.fold(bench.turn_record(bench.decide()));
  for (std::size_t i = 0; i < kMostClosed + 50; ++i) {
    const std::string key = "a" + std::to_string(i);
    bench.fold(bench.alert(key));
    bench.fold(bench.alert(key, AlertStatus::resolved));
    const Folded folded = bench.fold(bench.turn_record(bench.decide()));
    for (const AttemptRef& attempt : folded.started)
      bench.fold(
          bench.record(RecordKind::result,
                       encode(AttemptResult{attempt.incident, attempt.message, attempt.attempt,
                                            bench.now, Attempt::rejected("gone")})));
  }
  CHECK(bench.state.incidents.size() <= kMostClosed + 2);
  CHECK(bench.state.alerts.size() <= kMostClosed + 2);
  CHECK(bench.state.current.contains(alert_key({}, "prometheus", "stays")));
}

TEST_CASE("ids that were seen are kept as ranges in whatever order they come") {
  SeenIds seen;
  for (const std::uint64_t n : {5u, 3u, 4u, 1u, 9u, 2u}) CHECK(seen.insert({1, 0, n}));
  for (const std::uint64_t n : {1u, 2u, 3u, 4u, 5u, 9u}) CHECK_FALSE(seen.insert({1, 0, n}));
  CHECK(seen.insert({2, 0, 3}));
  for (const std::uint64_t n : {6u, 7u, 8u, 10u}) CHECK(seen.insert({1, 0, n}));
}

TEST_CASE("back-off doubles up to a minute with jitter and obeys Retry-After") {
  const MessageId id{"msg_x"};
  Duration full = 1s;
  for (std::uint32_t attempt = 1; attempt <= 20; ++attempt) {
    const Duration wait = retry_wait(id, attempt, std::nullopt);
    CHECK(wait <= full);
    CHECK(wait >= full * 3 / 4);
    CHECK(wait == retry_wait(id, attempt, std::nullopt));
    full = std::min<Duration>(full * 2, 1min);
  }
  CHECK(retry_wait(id, 1, 90s) == 90s);
  CHECK(retry_wait(id, 1, 24h) == kMostRetryAfter);
  CHECK(retry_wait(id, 20, 1s) > 40s);
}

TEST_CASE("whatever makes a message another changes its id") {
  const IncidentId incident{"i"};
  const Contact contact{"ada", "phone", "1"};
  const MessageId id = make_message_id(incident, 0, MessageKind::page, false, 0, 0, contact);
  CHECK(id == make_message_id(incident, 0, MessageKind::page, false, 0, 0, contact));
  CHECK(id != make_message_id({"j"}, 0, MessageKind::page, false, 0, 0, contact));
  CHECK(id != make_message_id(incident, 1, MessageKind::page, false, 0, 0, contact));
  CHECK(id != make_message_id(incident, 0, MessageKind::resolved, false, 0, 0, contact));
  CHECK(id != make_message_id(incident, 0, MessageKind::page, true, 0, 0, contact));
  CHECK(id != make_message_id(incident, 0, MessageKind::page, false, 1, 0, contact));
  CHECK(id != make_message_id(incident, 0, MessageKind::page, false, 0, 1, contact));
  CHECK(id != make_message_id(incident, 0, MessageKind::page, false, 0, 0, {"adap", "hone", "1"}));
}

TEST_CASE("a set that was stopped after its run was carried stays stopped in a truncated journal") {
  engine::Facts facts;
  gameday::Run run;
  run.number = 3;
  run.said.wall = WallTime(std::chrono::hours(1'000));
  run.starts_at = run.said.wall;
  run.length = std::chrono::hours(2);
  const control::GamedayEnded off{
      "drill", {gameday::EndKind::off, "ada", "done", run.said.wall + std::chrono::minutes(5)}, 0};
  REQUIRE(engine::fold_control(facts, off, {run.said.wall, 7, false}));
  REQUIRE(engine::fold_control(facts, control::GamedayOn{"drill", run, std::chrono::hours(3)},
                               {run.said.wall, 8, true}));
  const gameday::Run* const known = facts.find_run("drill", 3);
  REQUIRE(known);
  REQUIRE(known->ending);
  CHECK(known->ending->by == "ada");
  // And the next one is counted on from what whoever turns it on knew.
  gameday::Run next = run;
  next.number = 4;
  next.said.wall += std::chrono::hours(1);
  next.starts_at = next.said.wall;
  engine::Facts empty;
  REQUIRE(engine::fold_control(empty, control::GamedayOn{"drill", next, std::chrono::hours(3)},
                               {next.said.wall, 9, false}));
  CHECK(empty.find_run("drill", 4));
}

TEST_CASE("copies that are over never take the place of production's alerts that are") {
  PartitionState state;
  const Configuration configuration;  // without the set: each copy is over
  const auto add = [&](const std::string& id, bool copy) {
    AlertState alert;
    alert.id = {id};
    alert.integration = "prometheus";
    alert.alert.key = id;
    alert.heard = {WallTime(1000h), 1, 1h};
    alert.alert.ends_at = alert.heard.wall;
    if (copy) {
      alert.realm = {"drill", 1};
      alert.original = {"z"};
    }
    state.alerts.insert_or_assign(alert.id, alert);
  };
  for (const char* id : {"a", "b", "c"}) add(id, true);
  add("z", false);
  const Instant later{WallTime(1100h), 1, 101h};
  const auto over = [&](std::size_t most, Which which) {
    return overdue(state, state.facts, configuration, later, most, which);
  };
  CHECK(over(1, Which::all) == std::vector<AlertId>{{"z"}});
  CHECK(over(9, Which::all) == std::vector<AlertId>{{"z"}, {"a"}, {"b"}, {"c"}});
  CHECK(over(9, Which::originals) == std::vector<AlertId>{{"z"}});  // on an island
  CHECK(over(9, Which::copies) == std::vector<AlertId>{{"a"}, {"b"}, {"c"}});
  CHECK(over(2, Which::copies).size() == 2);
}

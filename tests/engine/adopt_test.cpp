// What a node decided while it was cut off, taken in by the journal's owner.
#include "router/engine/adopt.hpp"

#include "router/engine/state_codec.hpp"
#include "tests/engine/islands.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace tocsin::engine::tests;
using namespace std::chrono_literals;

TEST_CASE("an incident that an island opened and paged goes on and nobody is paged again") {
  Bench main;
  Bench island = island_of(main);
  const Record alert = island.alert("db");
  island.fold(alert);
  island.settle();
  take_in(main, pieces_of(main, island));
  forward(main, alert);
  CHECK(main.state.pending.empty());
  CHECK(only(main).id == only(island).id);
  CHECK(only(main).firing == 1);
  CHECK(pages(only(main)) == 1);
  CHECK(only(main).escalation == only(island).escalation);
  main.fold(main.alert("db", AlertStatus::resolved));
  main.settle();
  CHECK(only(main).state == IncidentState::resolved);
}

TEST_CASE("what an island acknowledged stays acknowledged") {
  Bench main;
  main.fold(main.alert("db"));
  main.settle();
  Bench island = island_of(main);
  const Command command{CommandKind::acknowledge, only(main).id, "ada", "page link"};
  island.fold(island.record(RecordKind::command, encode(command)));
  island.settle();
  REQUIRE(only(island).state == IncidentState::acknowledged);
  SECTION("an incident that nobody has touched since is as the island left it") {
    take_in(main, pieces_of(main, island));
    Incident theirs = only(island);
    theirs.anchor = only(main).anchor;
    CHECK(only(main) == theirs);
  }
  SECTION("an incident that has gone on is acknowledged as well") {
    const auto pieces = pieces_of(main, island);
    main.now.wall += 6min;
    main.now.elapsed += 6min;
    const auto turn = decide_turn(main.state, {main.state.facts}, main.configuration,
                                  {main.now, tests::kBoot}, std::vector{only(main).id});
    REQUIRE(turn);
    main.fold(main.turn_record(*turn));
    REQUIRE(only(main).messages.size() == 2);
    take_in(main, pieces);
    CHECK(only(main).state == IncidentState::acknowledged);
    CHECK(only(main).acknowledged_by == "ada");
  }
}

TEST_CASE("an alert that two nodes were told of while they were cut off is one incident") {
  Bench main;
  Bench a = island_of(main);
  Bench b = island_of(a);
  a.fold(a.alert("db"));
  a.settle();
  b.fold(b.alert("db"));
  b.settle();
  REQUIRE(only(a).id != only(b).id);
  const auto of_a = pieces_of(main, a);
  const auto of_b = pieces_of(main, b);
  take_in(main, of_a);
  take_in(main, of_b);
  CHECK(only(main).id == only(a).id);
  CHECK(only(main).aliases == std::vector{only(b).id});
  CHECK(only(main).firing == 1);
  CHECK(main.state.find_incident(only(b).id) == &main.state.incidents.begin()->second);
  main.fold(main.alert("db", AlertStatus::resolved));
  main.settle();
  CHECK(only(main).state == IncidentState::resolved);
}

TEST_CASE("an acknowledgement on the second of two islands acknowledges what they have become") {
  Bench main;
  Bench a = island_of(main);
  Bench b = island_of(a);
  a.fold(a.alert("db"));
  a.settle();
  b.fold(b.alert("db"));
  b.settle();
  b.fold(b.record(RecordKind::command,
                  encode(Command{CommandKind::acknowledge, only(b).id, "bob", "page link"})));
  b.settle();
  const auto of_b = pieces_of(main, b);
  take_in(main, pieces_of(main, a));
  take_in(main, of_b);
  CHECK(only(main).id == only(a).id);
  CHECK(only(main).state == IncidentState::acknowledged);
  CHECK(only(main).acknowledged_by == "bob");
}

TEST_CASE("pieces that come twice change nothing") {
  Bench main;
  Bench island = island_of(main);
  island.fold(island.alert("db"));
  island.fold(island.alert("api"));
  island.settle();
  island.fold(island.alert("api", AlertStatus::resolved));
  island.settle();
  const auto pieces = pieces_of(main, island);
  take_in(main, pieces);
  const auto before = main.state.incidents;
  const auto alerts = main.state.alerts;
  take_in(main, pieces);
  CHECK(main.state.incidents == before);
  CHECK(main.state.alerts == alerts);
}

TEST_CASE("a resolve that an island heard ends what the journal still has open") {
  Bench main;
  main.fold(main.alert("db"));
  main.settle();
  Bench island = island_of(main);
  island.fold(island.alert("db", AlertStatus::resolved));
  island.settle();
  const auto pieces = pieces_of(main, island);
  main.fold(main.record(RecordKind::command,
                        encode(Command{CommandKind::acknowledge, only(main).id, "ada", "api"})));
  main.settle();  // the journal went on
  take_in(main, pieces);
  CHECK(only(main).firing == 0);
  CHECK(only(main).state == IncidentState::resolved);
}

TEST_CASE("of what an island only heard again it says no more than that") {
  Bench main;
  main.fold(main.alert("db"));
  main.settle();
  Bench island = island_of(main);
  island.now.wall += 1min;
  island.now.elapsed += 1min;
  const Record again = island.alert("db");
  island.fold(again);
  const auto pieces = pieces_of(main, island);
  REQUIRE(pieces.size() == 1);
  CHECK_FALSE(pieces.front().incident);
  CHECK(pieces.front().alerts.empty());
  CHECK(pieces.front().firing.size() == 1);
  forward(main, again);
  CHECK(main.state.pending.empty());
  CHECK(main.state.alerts.begin()->second.count == 2);
  CHECK(main.state.alerts.begin()->second.heard == island.now);
}

TEST_CASE("on an island a hook is not started and the page goes out at once") {
  Bench main;
  Island island;
  rules::Rule rule;
  rule.name = "restart";
  rule.team = "team";
  rule.remedy = Remedy{"restart-api", RemedyMode::automatic, 5min, 3, 1h};
  rule.page = "p";
  main.configuration.rules = rules::RuleSet({rule}, "p", "team");
  main.fold(main.alert("db"));
  const View view{main.state.facts, {}, &island};
  const auto turn = decide_turn(main.state, view, main.configuration, {main.now, tests::kBoot}, {});
  REQUIRE(turn);
  main.fold(main.turn_record(*turn));
  CHECK(pages(only(main)) == 1);
  REQUIRE(only(main).tried.size() == 1);
  CHECK(only(main).tried.front().find("the journal is away") != std::string::npos);
}

TEST_CASE("on an island nobody is told of an incident that another node looks after") {
  Bench main;
  main.fold(main.alert("db"));
  main.settle();
  main.now.wall += 10min;
  main.now.elapsed += 10min;
  Island island{{only(main).id}};
  const View view{main.state.facts, {}, &island};
  CHECK_FALSE(decide_turn(main.state, view, main.configuration, {main.now, tests::kBoot},
                          std::vector{only(main).id}));
  main.fold(main.alert("db", AlertStatus::resolved));
  const auto turn = decide_turn(main.state, view, main.configuration, {main.now, tests::kBoot}, {});
  REQUIRE(turn);
  const Folded folded = main.fold(main.turn_record(*turn));
  CHECK(folded.started.empty());
  CHECK(only(main).state == IncidentState::resolved);
}

TEST_CASE("a piece that waits for its turn is in a snapshot") {
  Bench main;
  Bench island = island_of(main);
  island.fold(island.alert("db"));
  island.settle();
  for (const Carried& piece : pieces_of(main, island)) main.fold(piece_record(main, piece));
  REQUIRE(main.state.pending.size() == 2);
  auto restored = decode_state(encode_state(main.state));
  REQUIRE(restored);
  main.state = std::move(*restored);
  main.settle();
  CHECK(only(main).id == only(island).id);
}

TEST_CASE("a piece that nobody can read is set aside and tells somebody") {
  Bench main;
  Record broken = main.record(RecordKind::carried, "not a piece");
  broken.flags = kFromIsland;
  main.fold(broken);
  main.settle();
  CHECK(main.state.set_aside.size() == 1);
}

TEST_CASE(
    "an alert that the journal heard to end and an island heard to fire later is paged anew") {
  Bench main;
  main.fold(main.alert("db"));
  main.settle();
  Bench island = island_of(main);
  main.fold(main.alert("db", AlertStatus::resolved));  // which the island could not read any more
  main.settle();
  const Record again = island.alert("db");
  island.fold(again);
  const auto pieces = pieces_of(main, island);
  take_in(main, pieces);
  forward(main, again);
  CHECK(main.state.pending.empty());
  CHECK(only(main).state == IncidentState::open);
  CHECK(only(main).firing == 1);
  CHECK(pages(only(main)) == 2);
}

TEST_CASE("an end that an island heard and could not place ends what the journal knows to fire") {
  Bench main;
  Bench island = island_of(main);
  main.fold(main.alert("db"));  // which the island could not read any more
  main.settle();
  const Record end = island.alert("db", AlertStatus::resolved);
  island.fold(end);
  island.settle();
  const auto pieces = pieces_of(main, island);
  take_in(main, pieces);
  forward(main, end);
  CHECK(only(main).state == IncidentState::resolved);
}

TEST_CASE("a firing that follows a piece before its turn is decided after it") {
  Bench main;
  main.fold(main.alert("db"));
  main.settle();
  Bench island = island_of(main);
  island.fold(island.alert("db", AlertStatus::resolved));
  island.settle();
  for (const Carried& piece : pieces_of(main, island)) main.fold(piece_record(main, piece));
  main.fold(main.alert("db"));  // as it was known, until the turn
  main.settle();
  std::size_t firing = 0;
  for (const auto& [id, incident] : main.state.incidents) firing += incident.firing;
  CHECK(firing == 1);
}

TEST_CASE("what an island heard earlier does not overrule what the journal heard since") {
  Bench main;
  main.fold(main.alert("db"));
  main.settle();
  Bench island = island_of(main);
  const auto later = [&] {
    main.now.wall += 1min;
    main.now.elapsed += 1min;
  };
  SECTION("that it is over") {
    island.fold(island.alert("db", AlertStatus::resolved));
    island.settle();
    later();
    main.fold(main.alert("db"));
    take_in(main, pieces_of(main, island));
    CHECK(main.state.incidents.begin()->second.firing == 1);
  }
  SECTION("that it fires") {
    island.fold(island.alert("db"));
    later();
    main.fold(main.alert("db", AlertStatus::resolved));
    main.settle();
    take_in(main, pieces_of(main, island));
    CHECK(only(main).state == IncidentState::resolved);
    CHECK(only(main).firing == 0);
  }
}

TEST_CASE("an incident about what was set aside is not ended by being taken in") {
  Bench main;
  Bench island = island_of(main);
  Record broken = island.record(RecordKind::alerts, "not alerts");
  island.fold(broken);
  island.settle();
  REQUIRE(only(island).state == IncidentState::open);
  take_in(main, pieces_of(main, island));
  CHECK(only(main).state == IncidentState::open);
  CHECK(pages(only(main)) == 1);
}

TEST_CASE("a graver alert that an island heard raises what the journal has and pages for it") {
  Bench main;
  main.fold(main.alert("db"));
  main.settle();
  Bench island = island_of(main);
  auto graver = island.state.incidents.begin()->second;
  graver.decision.edit().severity = Severity::critical;
  REQUIRE(only(main).decision->severity < Severity::critical);
  Carried piece;
  piece.incident = graver;
  piece.before = "of another time";
  main.fold(piece_record(main, piece));
  main.settle();
  CHECK(only(main).decision->severity == Severity::critical);
  CHECK(pages(only(main)) == 2);
}

// What people said to a node that was cut off, of an incident that has gone on meanwhile.
#include "router/engine/acknowledging.hpp"
#include "router/engine/adopt.hpp"
#include "router/engine/pieces.hpp"
#include "tests/engine/bench.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using tocsin::engine::tests::Bench;
using namespace std::chrono_literals;

namespace {

/// Everybody of two must acknowledge.
Bench of_two() {
  Bench main;
  main.configuration.directory.people["bob"] = {"bob", {{"phone", "2", 0s}}};
  Step& step = main.configuration.policies["p"].steps.front();
  step.page.push_back({Target::Kind::person, "bob"});
  step.everyone = true;
  main.fold(main.alert("db"));
  main.settle();
  return main;
}

Bench island_of(const Bench& main) {
  Bench island = main;
  island.sequence += 1'000;
  island.state.on_island = true;
  return island;
}

const Incident& only(const Bench& bench) {
  REQUIRE(bench.state.incidents.size() == 1);
  return bench.state.incidents.begin()->second;
}

void say(Bench& bench, CommandKind kind, const std::string& by, const std::string& to = "") {
  const Command command{kind, only(bench).id, by, "page link", "", {}, to};
  bench.fold(bench.record(RecordKind::command, encode(command)));
  bench.settle();
}

void take_in(Bench& main, const std::vector<Carried>& pieces) {
  for (const Carried& piece : pieces) {
    Record record = main.record(RecordKind::carried, encode(piece));
    record.flags = kFromIsland;
    main.fold(record);
  }
  main.settle();
}

}  // namespace

TEST_CASE("an acknowledgement in part on an island is one in the journal") {
  Bench main = of_two();
  Bench island = island_of(main);
  say(island, CommandKind::acknowledge, "ada");
  SECTION("of an incident that nobody has touched since") {}
  SECTION("of one that has gone on") { say(main, CommandKind::note, "linus"); }
  take_in(main, pieces_of_island(of_two().state, island.state));
  CHECK(only(main).state == IncidentState::open);
  CHECK(waiting_for(only(main)) == std::vector<std::string>{"bob"});
}

TEST_CASE("what one acknowledged here and the other on an island is acknowledged by both") {
  Bench main = of_two();
  const PartitionState start = main.state;
  Bench island = island_of(main);
  say(island, CommandKind::acknowledge, "ada");
  say(main, CommandKind::acknowledge, "bob");
  REQUIRE(only(main).state == IncidentState::open);
  take_in(main, pieces_of_island(start, island.state));
  CHECK(only(main).state == IncidentState::acknowledged);
  CHECK(acknowledgements_of(only(main)).size() == 2);
}

TEST_CASE("whom an incident was assigned to on an island it is assigned to") {
  Bench main = of_two();
  const PartitionState start = main.state;
  Bench island = island_of(main);
  say(island, CommandKind::assign, "ada", "bob");
  say(main, CommandKind::note, "linus");
  take_in(main, pieces_of_island(start, island.state));
  CHECK(only(main).assigned_to == "bob");
  std::size_t assigned = 0;
  for (const MessageState& message : only(main).messages) assigned += message.assigned;
  CHECK(assigned == 1);
}

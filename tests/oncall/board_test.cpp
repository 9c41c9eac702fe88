// A board: many rotas asked at once say what each of them says.
#include "router/oncall/board.hpp"

#include "tests/catch.hpp"
#include "tests/oncall/random_world.hpp"

using namespace tocsin;
using namespace tocsin::oncall;
using namespace tocsin::tests;

TEST_CASE("a board says at every moment what each rota says by itself") {
  const std::vector<Zone> zones{Zone(), zone("Europe/Berlin"), zone("America/New_York"),
                                zone("Australia/Lord_Howe"), zone("Pacific/Apia")};
  const std::vector<WallTime> arounds{at("2026-03-29T01:00:00Z"), at("2026-10-25T01:00:00Z"),
                                      at("2011-12-30T10:00:00Z"), at("2026-07-01T00:00:00Z")};
  std::size_t covers = 0, overrides = 0, nobody = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    INFO("seed " << seed);
    std::mt19937 dice(seed);
    const WallTime around = arounds[dice() % arounds.size()];
    // Rotas of several worlds beside each other; the people are the last one's.
    OneRota world = some_world(dice, around, zones);
    for (int more = 0; more < 8; ++more) {
      const OneRota other = some_world(dice, around, zones);
      const std::string name = "rota " + std::to_string(more);
      world.rotas[name] = other.rotas.at(OneRota::kName);
      if (other.overrides.contains(OneRota::kName))
        world.overrides[name] = other.overrides.at(OneRota::kName);
      world.people = other.people;
    }
    if (dice() % 4 == 0) world.people.people.erase("mary");
    world.rotas["empty"].name = "empty";
    const Roster roster = world.roster();
    const Board board(roster);
    for (WallTime time = around - hours(72); time < around + hours(72);
         time += std::chrono::minutes(11)) {
      At moment(time), other(time);
      const auto all = board.everybody(moment);
      if (all != everybody(roster, other)) FAIL("everybody differs at " << format_rfc3339(time));
      for (const auto& [name, found] : all) {
        if (found != on_call(roster, name, time))
          FAIL(name << " differs at " << format_rfc3339(time));
        covers += found.source.kind == Source::Kind::cover ? 1 : 0;
        overrides += found.source.kind == Source::Kind::override ? 1 : 0;
        nobody += found.person.empty() ? 1 : 0;
      }
    }
  }
  // All that a rota can say was said.
  CHECK((covers > 100 && overrides > 100 && nobody > 100));
}

TEST_CASE("a board of nothing has nobody and the ends of time are no trouble") {
  const Rotas none;
  const Directory people;
  const Overrides overrides;
  At moment(at("2026-01-07T00:00:00Z"));
  CHECK(Board({none, people, overrides}).everybody(moment).empty());
  const OneRota world;
  const Roster roster = world.roster();
  const Board board(roster);
  for (const WallTime time : {WallTime::min(), WallTime{}, WallTime::max()}) {
    At end(time);
    CHECK(board.everybody(end).at(0).second == world.on_call(time));
  }
}

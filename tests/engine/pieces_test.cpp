// What an island tells the journal comes in pieces that a journal takes.
#include "router/engine/pieces.hpp"

#include "tests/engine/bench.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using tocsin::engine::tests::Bench;

namespace {

constexpr int kAlerts = 300;

// One incident of many large alerts, as an island has it.
Bench island_with_many(const Bench& main) {
  Bench island = main;
  island.sequence += 1'000;
  island.state.on_island = true;
  for (int i = 0; i < kAlerts; ++i) {
    island.fold(island.alert(
        "prometheus", "disk-" + std::to_string(i),
        {{"alertname", "disk"}, {"disk", std::to_string(i)}, {"text", std::string(10'000, 'x')}}));
    island.settle();
  }
  return island;
}

std::multiset<std::string> alerts_of(const std::vector<Carried>& pieces) {
  std::multiset<std::string> ids;
  for (const Carried& piece : pieces)
    for (const AlertState& alert : piece.alerts) ids.insert(alert.id.text);
  return ids;
}

std::multiset<std::string> over_of(const std::vector<Carried>& pieces) {
  std::multiset<std::string> keys;
  for (const Carried& piece : pieces)
    for (const LastWord& word : piece.over) keys.insert(word.key);
  return keys;
}

}  // namespace

TEST_CASE("an incident of many alerts comes in pieces of a limited size") {
  Bench main;
  main.configuration.rules = rules::RuleSet({}, "p", "team");
  const Bench island = island_with_many(main);
  std::vector<Carried> pieces = pieces_of_island(main.state, island.state);
  CHECK(pieces.size() >= 6);
  for (const Carried& piece : pieces) {
    CHECK(encode(piece).size() < kMostPieceBytes + 20'000);
    if (piece.incident) CHECK(piece.incident->alerts.size() == 1);
  }
  CHECK(alerts_of(pieces).size() == kAlerts);
  for (const Carried& piece : pieces)
    main.fold([&] {
      Record record = main.record(RecordKind::carried, encode(piece));
      record.flags = kFromIsland;
      return record;
    }());
  main.settle();
  std::size_t firing = 0;
  for (const auto& [id, incident] : main.state.incidents) firing += incident.firing;
  CHECK(firing == kAlerts);
}

TEST_CASE("the halves of a piece say together what it says down to a single alert") {
  Bench main;
  Bench island = island_with_many(main);
  island.fold(island.alert("prometheus", "disk-7", {}, AlertStatus::resolved));
  island.settle();
  std::size_t alone = 0;
  std::vector<Carried> pieces = pieces_of_island(main.state, island.state);
  while (!pieces.empty()) {
    const Carried piece = std::move(pieces.back());
    pieces.pop_back();
    const std::vector<Carried> halves = halves_of(piece);
    if (halves.empty()) {
      CHECK(piece.alerts.size() <= 1);
      CHECK(piece.over.size() + piece.firing.size() <= 1);
      alone += piece.alerts.size();
      continue;
    }
    REQUIRE(halves.size() == 2);
    CHECK(alerts_of(halves) == alerts_of({piece}));
    CHECK(over_of(halves) == over_of({piece}));
    CHECK(halves[0].firing.size() + halves[1].firing.size() == piece.firing.size());
    for (const Carried& half : halves) {
      CHECK(half.incident == piece.incident);
      CHECK(half.before == piece.before);
      CHECK(encode(half).size() < encode(piece).size());
      pieces.push_back(half);
    }
  }
  CHECK(alone == kAlerts);
}

// Several islands tell of one alert, in whatever order: its sender's last word holds, and a page
// that is wanted goes out.
#include <algorithm>

#include "router/engine/due.hpp"
#include "tests/engine/islands.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace tocsin::engine::tests;
using namespace std::chrono_literals;

namespace {

void pass(Bench& bench) {
  bench.now.wall += 1min;
  bench.now.elapsed += 1min;
}

void hear(Bench& bench, AlertStatus status) {
  pass(bench);
  bench.fold(bench.alert("db", status));
  bench.settle();
}

std::size_t firing(const Bench& bench) {
  std::size_t all = 0;
  for (const auto& [id, incident] : bench.state.incidents) all += incident.firing;
  return all;
}

const AlertState& current(const Bench& bench) {
  return bench.state.alerts.at(bench.state.current.at(alert_key({}, "prometheus", "db")));
}

const MessageState& page(const Bench& bench) {
  const auto& messages = only(bench).messages;
  const auto found = std::find_if(messages.begin(), messages.end(), [](const MessageState& m) {
    return m.kind == MessageKind::page;
  });
  REQUIRE(found != messages.end());
  return *found;
}

Record withheld(Bench& bench) {
  const Attempt said{AttemptOutcome::withheld, "the incident is resolved", {}, {}};
  return bench.record(RecordKind::result,
                      encode(AttemptResult{only(bench).id, page(bench).id, 1, bench.now, said}));
}

// Opened and its attempt started; no result of that has come.
void begin(Bench& bench, const Record& alert) {
  bench.fold(alert);
  bench.fold(bench.turn_record(bench.decide()));
  REQUIRE(page(bench).status == MessageStatus::sending);
}

}  // namespace

TEST_CASE("an older alert of a key takes no place of a later one that has ended") {
  Bench main;
  hear(main, AlertStatus::firing);
  const AlertState first = current(main);
  hear(main, AlertStatus::resolved);
  hear(main, AlertStatus::firing);
  Bench island = island_of(main);
  hear(main, AlertStatus::resolved);
  pass(island);
  pass(island);
  island.fold(island.alert("db"));  // only again, as it knows
  const AlertId latest = current(main).id;
  REQUIRE(latest != first.id);
  // An island that has changed the first incident tells of it whole.
  Carried piece;
  piece.incident = island.state.incidents.at(first.incident);
  piece.alerts.push_back(island.state.alerts.at(first.id));
  take_in(main, {piece});
  CHECK(current(main).id == latest);
  take_in(main, pieces_of(main, island));  // its senders' last words
  CHECK(current(main).id == latest);
  CHECK(firing(main) == 1);
}

TEST_CASE("that an alert is over holds against an older word that comes in a later piece") {
  Bench main;
  hear(main, AlertStatus::firing);
  SECTION("the journal knew it to fire") {}
  SECTION("the journal knew that it is over") { hear(main, AlertStatus::resolved); }
  const std::string key = alert_key({}, "prometheus", "db");
  pass(main);
  Carried older;
  older.firing.push_back({key, main.now});
  pass(main);
  Carried later;
  later.over.push_back({key, main.now});
  take_in(main, {later});
  CHECK(firing(main) == 0);
  take_in(main, {older});
  CHECK(firing(main) == 0);
}

TEST_CASE("a page that an island gave up goes on where its incident does") {
  Bench main;
  Bench island = island_of(main);
  const Bench cut = main;
  const Record alert = main.alert("db");
  begin(island, alert);
  pass(island);
  island.fold(island.alert("db", AlertStatus::resolved));
  island.fold(island.turn_record(island.decide()));
  island.fold(withheld(island));
  REQUIRE(page(island).status == MessageStatus::withdrawn);
  begin(main, alert);
  main.now.wall += 2min;
  main.fold(main.alert("db"));
  take_in(main, pieces_of(cut, island));
  REQUIRE(only(main).state == IncidentState::open);
  CHECK(why_not_send(only(main), page(main)) == "");
}

TEST_CASE("what the gate held back is tried again if it is wanted and otherwise given up") {
  Bench main;
  begin(main, main.alert("db"));
  SECTION("it is wanted") {
    main.fold(withheld(main));
    CHECK(page(main).status == MessageStatus::retrying);
    CHECK(why_not_send(only(main), page(main)).empty());
  }
  SECTION("somebody has acknowledged") {
    main.fold(main.record(RecordKind::command,
                          encode(Command{CommandKind::acknowledge, only(main).id, "ada", "api"})));
    main.fold(main.turn_record(main.decide()));
    main.fold(withheld(main));
    CHECK(page(main).status == MessageStatus::withdrawn);
  }
}

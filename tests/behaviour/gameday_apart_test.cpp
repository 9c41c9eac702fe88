// Drills and production beside each other: hooks, silences, real incidents that win, reloads.
#include "tests/behaviour/gameday.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("a hook that does not allow drills is left out of one and the pilot is paged at once") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.fire_tagged("wipeable");
  world.phone("pia").expects("wipeable");
  world.hook("wipe").silent();
}

TEST_CASE("a hook that allows drills runs in one and pages when it does not help") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.fire_tagged("mendable");
  world.hook("restart").next_of(MessageKind::hook, "mendable");
  world.phone("pia").silent();
  world.advance(2min);
  world.phone("pia").expects("mendable");
}

TEST_CASE("the runs of a hook in drills use up no limit of production's") {
  GamedayWorld world;
  world.gameday_on("drill");
  for (const char* host : {"a", "b", "c"}) {
    world.fire_tagged("mendable", {{"host", host}});
    world.advance(2min);
    world.gameday_off("drill");
    world.gameday_on("drill");
  }
  world.hook("restart").forget();
  world.phone("pia").forget();
  world.as_production();
  world.fire("mendable");
  world.hook("restart").next_of(MessageKind::hook, "mendable");
}

TEST_CASE("a hook of a drill that is turned off is not called any more") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.hold_attempts = true;
  world.fire_tagged("mendable");
  world.gameday_off("drill");
  world.hold_attempts = false;
  world.advance(5min);
  world.hook("restart").silent();
  world.phone("pia").silent();
}

TEST_CASE("a silence of production holds no drill and one that names the tag holds nothing real") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.silence({"alertname=\"db-down\""}, 1h);
  world.fire_tagged("db-down");
  world.phone("pia").expects("db-down");
  world.silence({"alertname=\"db-slow\"", "gameday=\"drill\""}, 1h);
  world.fire_tagged("db-slow");
  world.advance(1min);
  world.phone("pia").silent();
  world.as_production();
  world.fire("db-slow", {{"gameday", "drill"}});  // a tag that is not heard
  world.phone("ada").expects("db-slow");
}

TEST_CASE("a real page of the same team pauses the set and whoever it paged is told why") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.fire_tagged("db-slow");
  world.phone("pia").expects("db-slow");
  world.phone("drill-room").forget();
  world.as_production();
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  const auto paused = world.phone("pia").next_of(MessageKind::drill_paused, "db-slow");
  REQUIRE(world.drill().hold);
  CHECK(world.drill().hold->kind == HoldKind::gameday_paused);
  CHECK(world.drill().hold->why.find("GameDay set drill paused: a real incident opened") == 0);
  CHECK(world.drill().hold->why.find("db-down") != std::string::npos);
  world.phone("pia").forget();
  world.advance(30min);
  world.phone("pia").silent();
  SECTION("and it goes on when somebody turns it on again") {
    CHECK(world.gameday_on("drill") == "");
    world.phone("pia").expects("db-slow");
    CHECK(world.drills().front().incident.realm.run == 2);
  }
}

TEST_CASE("a drill pauses for no drill of another set and for nothing that wakes nobody") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.gameday_on("copying");
  world.fire_tagged("db-down");
  world.fire("db-slow", {{"copied", "yes"}});
  world.as_production();
  world.fire("known");  // answered by the manual
  world.as_staging();
  world.advance(1min);
  for (const auto& drill : world.drills())
    CHECK(drill.incident.state == engine::IncidentState::open);
}

TEST_CASE("a pause holds over a crash before its fact was written") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.fire_tagged("db-slow");
  world.phone("pia").expects("db-slow");
  world.phone("drill-room").forget();
  world.as_production();
  world.fire("db-down");
  world.crash();
  world.phone("pia").forget();
  world.advance(10min);
  world.phone("pia").silent();
  CHECK(world.drill().state == engine::IncidentState::resolved);
}

TEST_CASE("a graver real incident of any team pauses a set that says so") {
  GamedayWorld world(
      replaced(kGamedayTeam, "channels: {room: drill-room}, longest: 3h",
               "channels: {room: drill-room}, longest: 3h, stop_if: {severity: critical}"));
  world.gameday_on("drill");
  world.fire_tagged("db-slow");
  world.phone("pia").expects("db-slow");
  world.as_production();
  world.fire("db-down");
  world.phone("pia").next_of(MessageKind::drill_paused, "db-slow");
}

TEST_CASE("a real page to somebody whose drill is on says that it is not the drill") {
  GamedayWorld world(replaced(kGamedayTeam, "{name: escalating, steps: [{page: [{person: ada}]",
                              "{name: escalating, steps: [{page: [{person: ada}, {person: pia}]"));
  world.gameday_on("drill");
  world.fire_tagged("db-slow");
  CHECK(world.phone("pia").expects("db-slow").not_the_drill.empty());
  world.as_production();
  world.fire("db-down");
  bool said = false;
  while (world.phone("pia").waiting() > 0) {
    auto next = connectors::Notification{};
    const MessageKind kind = said ? MessageKind::drill_paused : MessageKind::page;
    next = world.phone("pia").next_of(kind, said ? "db-slow" : "db-down");
    if (!said) CHECK_FALSE(next.not_the_drill.empty());
    said = true;
  }
  CHECK(said);
}

TEST_CASE("a set that is no longer configured is off and its drills close") {
  GamedayWorld world;
  world.gameday_on("copying");
  world.fire("db-down", {{"copied", "yes"}});
  world.phone("pia").expects("db-down");
  std::string without = kGamedayTeam;
  without.erase(without.find("  - {name: copying"));
  world.reload(gameday_files(without));
  CHECK(world.drill().state == engine::IncidentState::resolved);
  world.advance(10min);
  world.phone("pia").silent();
}

TEST_CASE("a set that copies more after a reload drills what fires already") {
  GamedayWorld world;
  world.gameday_on("copying");
  world.fire("db-down");
  world.advance(1min);
  world.phone("pia").silent();
  world.reload(gameday_files(replaced(kGamedayTeam, "['environment=\"staging\"', 'copied=\"yes\"']",
                                      "['environment=\"staging\"']")));
  world.phone("pia").expects("db-down");
}

TEST_CASE("a drill that a person resolved is not begun again by the same alert") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.fire_tagged("db-down");
  world.phone("pia").expects("db-down");
  CHECK(world.resolve_by_hand(world.drills().front(), "pia"));
  world.phone("pia").expects_resolved("db-down");
  world.fire_tagged("db-down");
  world.advance(10min);
  world.phone("pia").silent();
  CHECK(world.drills().size() == 1);
}

TEST_CASE("a copy that is decided anew for other labels finds its incident") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.fire_tagged("db-down");
  world.phone("pia").expects("db-down");
  world.advance(1min);
  world.fire_tagged("db-down", {{"severity", "warning"}});
  world.advance(1min);
  for (const auto& drill : world.drills()) {
    INFO(drill.incident.id.text.str());
    CHECK(drill.incident.firing == drill.incident.alerts.size());
  }
}

TEST_CASE("while the lever is pulled the gate lets nothing of a drill out and all that is real") {
  GamedayWorld world;
  bool pulled = true;
  world.state().set_lever([&pulled] { return pulled; });
  world.gameday_on("copying");
  world.fire("db-down", {{"copied", "yes"}});
  world.advance(5min);
  world.phone("pia").silent();
  CHECK(world.drill().state == engine::IncidentState::open);
  world.as_production();
  world.fire("db-slow");
  world.phone("ada").expects("db-slow");
}

TEST_CASE("a drill waits in lanes of its own so that nothing real stands behind it") {
  GamedayWorld world;
  world.gameday_on("copying");
  world.fire("db-down", {{"copied", "yes"}});
  world.phone("pia").expects("db-down");
  CHECK(world.runner.lanes == std::vector<std::string>{"drill:phone"});
  world.as_production();
  world.fire("db-slow");
  world.phone("ada").expects("db-slow");
  CHECK(std::count(world.runner.lanes.begin(), world.runner.lanes.end(), "phone") > 0);
}

TEST_CASE("what cannot be copied takes no real alert with it") {
  GamedayWorld world;
  world.decide = [](const auto& state, const engine::View& view, const auto& configuration,
                    const auto& moment, auto due, auto over, const auto& caution) {
    if (view.copies) throw std::runtime_error("this alert cannot be copied");
    return engine::decide_turn(state, view, configuration, moment, due, over, caution);
  };
  world.crash();
  world.gameday_on("copying");
  world.fire("db-down", {{"copied", "yes"}});
  world.as_production();
  for (const char* name : {"db-slow", "disk-full"}) {
    world.fire(name);
    world.phone("ada").expects(name);
  }
  world.advance(2h);
  CHECK(world.drills().empty());
  CHECK(world.state().set_aside().empty());
}

TEST_CASE("a stop that is said while a clock is ahead is a stop when the clock is right again") {
  GamedayWorld world;
  world.gameday_on("drill", 1h);
  world.clock.step_wall(24h);
  world.settle();
  CHECK(world.gameday_off("drill") == "");
  world.clock.step_wall(-24h);
  world.fire_tagged("db-down");
  world.advance(10min);
  world.phone("pia").silent();
}

TEST_CASE("a clock that is set back a little ends no drill") {
  GamedayWorld world;
  world.gameday_on("drill", 1h);
  world.fire_tagged("db-down");
  world.phone("pia").expects("db-down");
  world.clock.step_wall(-5s);
  world.advance(1min);
  CHECK(world.drill().state == engine::IncidentState::open);
  world.fire_tagged("db-slow");
  world.phone("pia").expects("db-slow");
}

TEST_CASE("a real incident that is opened again while a set is on pauses it") {
  std::string service = kGamedayService;
  const std::string group = "labels: {environment: production}, group_by: [alertname]";
  service.replace(service.find(group), group.size(), group + ", reopen_within: 10m");
  GamedayWorld world;
  world.reload({{"tocsin.yaml", service}, {"teams/cdp.yaml", kGamedayTeam}});
  world.as_production();
  world.fire("db-down");
  world.resolve("db-down");
  world.as_staging();
  world.advance(1min);
  world.gameday_on("drill");
  world.fire_tagged("db-slow");
  world.phone("pia").expects("db-slow");
  world.as_production();
  world.fire("db-down");
  world.phone("pia").next_of(MessageKind::drill_paused, "db-slow");
}

TEST_CASE("a copy ends when its set does not copy it any more") {
  GamedayWorld world;
  world.gameday_on("copying");
  world.fire("db-down", {{"copied", "yes"}});
  world.phone("pia").expects("db-down");
  world.reload(gameday_files(replaced(kGamedayTeam, "'copied=\"yes\"'", "'copied=\"twice\"'")));
  world.advance(15s);
  CHECK(world.drill().state == engine::IncidentState::resolved);
}

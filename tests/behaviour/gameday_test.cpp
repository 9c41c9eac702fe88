// GameDay sets: what is tagged or copied is drilled while its set is on, reaches the set's people
// alone, and is silent the moment it is off.
#include "tests/behaviour/gameday.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

bool says(const Decision& decision, ReasonKind kind) {
  return std::any_of(decision.reasons.begin(), decision.reasons.end(),
                     [&](const Reason& reason) { return reason.kind == kind; });
}

const engine::AlertState* alert_of(GamedayWorld& world, const std::string& key_part, bool copy) {
  for (const auto& state : world.state().states())
    for (const auto& [id, alert] : state.alerts)
      if (alert.is_copy() == copy && alert.alert.labels.get("alertname") == key_part) return &alert;
  return nullptr;
}

}  // namespace

TEST_CASE("while a set is off what carries its tag is muted and recorded so") {
  GamedayWorld world;
  world.fire_tagged("db-down");
  world.advance(20min);
  world.nobody_in_production_heard();
  world.phone("pia").silent();
  CHECK(world.incidents().empty());
  const engine::AlertState* const alert = alert_of(world, "db-down", false);
  REQUIRE(alert);
  CHECK(alert->decision->outcome == Outcome::muted);
  CHECK(says(*alert->decision, ReasonKind::gameday_alone));
}

TEST_CASE("while a set is on its pilot is paged as production's rules would page and nobody else") {
  GamedayWorld world;
  CHECK(world.gameday_on("drill") == "");
  world.fire_tagged("db-down");
  world.phone("pia").expects("db-down");
  const engine::Incident drill = world.drill();
  CHECK(drill.realm == Realm{"drill", 1});
  CHECK(drill.decision->rule == "ours");
  CHECK(drill.decision->severity == Severity::critical);
  CHECK(drill.decision->impact == "Nobody can log in");
  CHECK(drill.decision->policy == "pilot");
  CHECK(says(drill.decision, ReasonKind::gameday_policy));
  // Nobody has a procedure for it: the drill's room is told in the place of production's.
  world.phone("drill-room").next_of(MessageKind::no_procedure, "db-down");
  world.nobody_in_production_heard();
}

TEST_CASE("a set that is turned on drills what fires already") {
  GamedayWorld world;
  world.fire_tagged("db-down");
  world.fire_tagged("disk-full");
  world.advance(10min);
  world.phone("pia").silent();
  world.gameday_on("drill");
  CHECK(world.phone("pia").waiting() == 2);
  CHECK(world.drills().size() == 2);
  world.nobody_in_production_heard();
}

TEST_CASE("more alerts than one turn copies are all drilled") {
  GamedayWorld world;
  for (int i = 0; i < 1'200; ++i) world.fire_tagged("known", {{"host", "h" + std::to_string(i)}});
  world.gameday_on("drill");
  world.settle();
  std::size_t copies = 0;
  for (const auto& state : world.state().states())
    for (const auto& each : state.alerts) copies += each.second.is_copy();
  CHECK(copies == 1'200);
}

TEST_CASE("turned off a set is silent at once and its incidents close with the reason") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.fire_tagged("db-down");
  world.phone("pia").expects("db-down");
  world.phone("drill-room").forget();
  CHECK(world.gameday_off("drill") == "");
  CHECK(world.drill().state == engine::IncidentState::resolved);
  REQUIRE(world.drill().hold);
  CHECK(world.drill().hold->kind == HoldKind::gameday_over);
  CHECK(world.drill().hold->why == "GameDay set drill was turned off by ada: done");
  world.advance(2h);
  world.phone("pia").silent();
  world.phone("drill-room").silent();
  world.nobody_in_production_heard();
}

TEST_CASE("off while the page is on its way to the provider sends nothing that has not begun") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.hold_attempts = true;
  world.fire_tagged("db-down");
  CHECK(world.runner.waiting() > 0);
  world.gameday_off("drill");
  world.hold_attempts = false;
  world.advance(30min);
  world.phone("pia").silent();
  world.phone("drill-room").silent();
}

TEST_CASE("a copied alert goes its own way untouched and the copy goes the drill's") {
  GamedayWorld world;
  world.gameday_on("copying");
  world.fire("db-down", {{"copied", "yes"}});
  world.phone("pia").expects("db-down");
  world.nobody_in_production_heard();  // staging's own way: suppressed
  const engine::AlertState* const own = alert_of(world, "db-down", false);
  REQUIRE(own);
  CHECK(own->decision->outcome == Outcome::suppress);
  CHECK(own->decision->rule == "not-ours");
  world.fire("db-slow");  // not copied
  world.advance(10min);
  CHECK(world.drills().size() == 1);
}

TEST_CASE("the tag from an integration that may not carry it hides no real alert and says so") {
  GamedayWorld world;
  world.as_production();
  world.fire("db-down", {{"gameday", "drill"}});
  world.phone("ada").expects("db-down");
  CHECK(says(world.incident().incident.decision, ReasonKind::gameday_mistaken));
  world.gameday_on("drill");
  world.fire("db-slow", {{"gameday", "drill"}});
  world.phone("ada").expects("db-slow");
  CHECK(world.drills().empty());
}

TEST_CASE("a tag of no set that is known hides no real alert and says so") {
  GamedayWorld world;
  world.fire("db-down", {{"gameday", "nosuch"}, {"environment", "production"}});
  world.phone("ada").expects("db-down");
  CHECK(says(world.incident().incident.decision, ReasonKind::gameday_mistaken));
}

TEST_CASE(
    "the same alert in production and in a drill are two incidents and one leaves the other") {
  GamedayWorld world;
  world.as_production();
  world.fire("db-down");
  const auto real = world.incident();
  world.clock.advance(1s);
  world.gameday_on("copying");  // a real incident that opens while it is on would pause it
  world.as_staging();
  world.fire("db-down", {{"copied", "yes"}});
  REQUIRE(world.drills().size() == 1);
  const auto drill = world.drills().front();
  CHECK(drill.incident.id != real.incident.id);
  SECTION("an acknowledgement of the drill") {
    CHECK(world.acknowledge(drill, "pia"));
    CHECK(world.state().find(real.incident.id.text)->incident.state == engine::IncidentState::open);
  }
  SECTION("the end of the drill's alert") {
    world.resolve("db-down", {{"copied", "yes"}});
    CHECK(world.drill().state == engine::IncidentState::resolved);
    CHECK(world.state().find(real.incident.id.text)->incident.state == engine::IncidentState::open);
  }
  SECTION("the end of the real one") {
    world.as_production();
    world.resolve("db-down");
    CHECK(world.drill().state == engine::IncidentState::open);
  }
}

TEST_CASE("a drill ends with what it was copied from and its pilot hears that it is over") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.fire_tagged("db-down");
  world.phone("pia").expects("db-down");
  world.advance(3min);
  world.resolve_tagged("db-down");
  world.phone("pia").expects_resolved("db-down");
  CHECK(world.drill().state == engine::IncidentState::resolved);
  CHECK_FALSE(world.drill().hold);
}

TEST_CASE("a drill whose policy is exhausted ends in silence and never in the default policy") {
  GamedayWorld world;
  world.gameday_on("drill", 2h);
  world.fire_tagged("db-down");
  world.phone("pia").expects("db-down");
  world.advance(1h);
  world.phone("pia").silent();
  world.phone("linus").silent();
  CHECK(world.drill().state == engine::IncidentState::open);
}

TEST_CASE("a drill whose pilot cannot be reached ends in silence and never in the default policy") {
  GamedayWorld world;
  world.phone("pia").always(Attempt::rejected("no such number"));
  world.gameday_on("drill", 2h);
  world.fire_tagged("db-down");
  world.advance(1h);
  world.nobody_in_production_heard();
}

TEST_CASE("a set ends by itself and nothing has to fire for that") {
  GamedayWorld world;
  world.gameday_on("drill", 30min);
  world.fire_tagged("db-down");
  world.phone("pia").forget();
  world.phone("drill-room").forget();
  world.advance(31min);
  CHECK(world.drill().state == engine::IncidentState::resolved);
  world.fire_tagged("db-slow");
  world.advance(10min);
  world.phone("pia").silent();
}

TEST_CASE("a set whose end passed while nobody ran pages nobody afterwards") {
  GamedayWorld world;
  world.gameday_on("drill", 30min);
  world.fire_tagged("db-down");
  world.phone("pia").forget();
  world.phone("drill-room").forget();
  world.clock.advance(31min);
  world.crash();
  world.advance(10min);
  world.phone("pia").silent();
  CHECK(world.drill().state == engine::IncidentState::resolved);
}

TEST_CASE("no clock that is stepped makes a drill longer") {
  for (const Duration step : {Duration(-24h), Duration(24h)}) {
    GamedayWorld world;
    world.gameday_on("drill", 30min);
    world.fire_tagged("db-down");
    world.phone("pia").expects("db-down");
    world.phone("drill-room").forget();
    world.advance(10min);
    world.clock.step_wall(step);
    world.advance(21min);
    world.phone("pia").forget();
    world.fire_tagged("db-slow");
    world.advance(10min);
    world.phone("pia").silent();
    world.nobody_in_production_heard();
  }
}

TEST_CASE("a set that is to begin later is off until then") {
  GamedayWorld world;
  world.fire_tagged("db-down");
  CHECK(world.gameday_on("drill", 30min, 20min) == "");
  world.advance(19min);
  world.phone("pia").silent();
  world.advance(2min);
  world.phone("pia").expects("db-down");
  world.advance(30min);
  CHECK(world.drill().state == engine::IncidentState::resolved);
}

TEST_CASE("a set that is on stays so over a crash and one that was turned off stays off") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.crash();
  world.fire_tagged("db-down");
  world.phone("pia").expects("db-down");
  world.phone("drill-room").forget();
  world.gameday_off("drill");
  world.crash();
  world.fire_tagged("db-slow");
  world.advance(10min);
  world.phone("pia").silent();
}

TEST_CASE("a store that is older than the toggle revives no drill and forgets no stop") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.fire_tagged("db-down");
  world.phone("pia").expects("db-down");
  world.phone("drill-room").forget();
  const auto while_on = world.snapshots();
  world.gameday_off("drill");
  world.crash_and_restore(while_on);
  world.fire_tagged("db-slow");
  world.advance(10min);
  world.phone("pia").silent();
  CHECK(world.drill().state == engine::IncidentState::resolved);
}

TEST_CASE("a snapshot remembers which sets are on") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.fire_tagged("db-down");
  world.phone("pia").expects("db-down");
  const auto while_on = world.snapshots();
  world.crash_and_restore(while_on);
  CHECK(world.drill().state == engine::IncidentState::open);
  world.fire_tagged("db-slow");
  world.phone("pia").expects("db-slow");
}

TEST_CASE("a second run of a set is not swallowed by what the first left open") {
  GamedayWorld world;
  world.gameday_on("drill");
  world.fire_tagged("db-down");
  const auto first = world.phone("pia").expects("db-down");
  world.gameday_off("drill");
  world.advance(1min);
  world.gameday_on("drill");
  const auto second = world.phone("pia").expects("db-down");
  CHECK(first.id != second.id);
  CHECK(first.incident != second.incident);
  CHECK(world.drills().front().incident.realm.run == 2);
}

TEST_CASE("turned on again while it is on a set goes on in the same run and takes the new end") {
  GamedayWorld world;
  world.gameday_on("drill", 30min);
  world.fire_tagged("db-down");
  world.phone("pia").expects("db-down");
  world.advance(20min);
  CHECK(world.gameday_on("drill", 30min) == "");
  world.advance(20min);
  CHECK(world.drill().state == engine::IncidentState::open);
  CHECK(world.drills().size() == 1);
  world.advance(11min);
  CHECK(world.drill().state == engine::IncidentState::resolved);
  CHECK(world.gameday_off("drill") == "");  // off already
}

TEST_CASE("however often it is turned on again a set ends after its longest time") {
  GamedayWorld world;
  world.gameday_on("drill", 3h);
  world.fire_tagged("db-down");
  for (int i = 0; i < 6; ++i) {
    world.advance(29min);
    world.gameday_on("drill", 3h);
  }
  world.advance(7min);
  CHECK(world.drill().state == engine::IncidentState::resolved);
}

// Silences, maintenance windows and snoozes: each holds a page for a reason, and when the reason
// ends, what still fires is paged.
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

TEST_CASE("a silenced alert pages nobody and says who silenced it until when") {
  World world;
  world.silence({"alertname=\"db-down\""}, 1h);
  world.fire("db-down");
  world.advance(30min);
  world.phone("ada").silent();
  const auto incident = world.incident().incident;
  REQUIRE(incident.hold);
  CHECK(incident.hold->kind == HoldKind::silence);
  CHECK(incident.hold->why.find("silenced by ada until 2026-11-22T02:52:43") == 0);
  CHECK(incident.decision->outcome == Outcome::page);
}

TEST_CASE("what still fires when its silence ends is paged at once") {
  World world;
  world.silence({"alertname=~\"db-.*\""}, 1h);
  world.fire("db-down");
  world.advance(59min);
  world.phone("ada").silent();
  world.advance(2min);
  world.phone("ada").expects("db-down");
}

TEST_CASE("what ends during its silence was never a page") {
  World world;
  world.silence({"alertname=\"db-down\""}, 1h);
  world.fire("db-down");
  world.advance(5min);
  world.resolve("db-down");
  world.advance(2h);
  world.phone("ada").silent();
  CHECK(world.incident().incident.state == engine::IncidentState::resolved);
}

TEST_CASE("a silence ended by hand makes due what it held") {
  World world;
  const SilenceId id = world.silence({"alertname=\"db-down\""}, 10h);
  world.fire("db-down");
  world.advance(5min);
  world.phone("ada").silent();
  world.end_silence(id);
  world.phone("ada").expects("db-down");
}

TEST_CASE("a silence over an incident that pages already stops it and says so") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.silence({"alertname=\"db-down\""}, 1h);
  world.advance(50min);
  world.phone("ada").silent();
  world.phone("bob").silent();
  const auto& held = world.incident().incident.timeline;
  CHECK(std::any_of(held.begin(), held.end(), [](const auto& entry) {
    return entry.kind == "held" && entry.text.find("somebody was paged before") != entry.text.npos;
  }));
  world.advance(15min);
  world.phone("ada").expects("db-down");  // from the first step, and with another id
}

TEST_CASE("one alert that no silence covers pages for the whole incident") {
  World world;
  world.silence({"alertname=\"db-down\"", "host=\"a\""}, 2h);
  world.fire("db-down", {{"host", "a"}});
  world.advance(1min);
  world.phone("ada").silent();
  world.fire("db-down", {{"host", "b"}});
  CHECK(world.incidents().size() == 1);
  world.phone("ada").expects("db-down");
}

TEST_CASE("a silence that begins later holds what fires by then and not before") {
  World world;
  world.silence({"alertname=\"db-down\""}, 1h, 20min);
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(30min);
  CHECK(world.incident().incident.hold);
}

TEST_CASE("a silence survives a crash and holds what comes after it") {
  World world;
  world.silence({"alertname=\"db-down\""}, 1h);
  world.crash();
  world.fire("db-down");
  world.advance(10min);
  world.phone("ada").silent();
  world.advance(55min);
  world.phone("ada").expects("db-down");
}

TEST_CASE("advice to a room is held by a silence as well") {
  World world(std::string(kPlainSettings) +
              "  - {name: known, matchers: ['alertname=\"known\"'], advise: {manual: "
              "\"https://m.example.com\", tell: [{channel: room}]}}\n");
  world.silence({"alertname=\"known\""}, 1h);
  world.fire("known");
  world.advance(10min);
  world.phone("room").silent();
  world.advance(51min);
  world.phone("room").next_of(MessageKind::advice, "known");
}

TEST_CASE("a maintenance window holds while it lasts and what still fires then is paged") {
  // The world begins on a Sunday at 01:52 in UTC.
  World world(std::string(kPlainSettings) + R"(
windows:
  - {name: backups, matchers: ['alertname="db-slow"'], why: backups load the disks, days: [Sun], hours: "02:00-03:00"}
)");
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.acknowledge(world.incident(), "ada");
  world.advance(10min);
  world.fire("db-slow");
  world.advance(30min);
  world.phone("ada").silent();
  world.advance(28min);
  world.phone("ada").expects("db-slow");
}

TEST_CASE("a window that begins over an open incident holds it and a reload takes it off") {
  const std::string windows = R"(
windows:
  - {name: backups, matchers: ['alertname=~"db-.*"'], why: backups, days: [Sun], hours: "02:00-08:00"}
)";
  World world(kPlainSettings + windows);
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(8min);
  world.phone("ada").expects("db-down");
  world.phone("bob").expects("db-down");
  world.advance(1h);
  CHECK(world.incident().incident.hold->kind == HoldKind::window);
  world.phone("ada").silent();
  world.reload(kPlainSettings);
  world.phone("ada").expects("db-down");
}

TEST_CASE("a snoozed incident is silent for so long and then pages from the first step") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  REQUIRE(world.snooze(world.incident(), "ada", 2h));
  CHECK(world.incident().incident.state == engine::IncidentState::acknowledged);
  world.advance(119min);
  world.phone("ada").silent();
  world.phone("bob").silent();
  world.advance(2min);
  world.phone("ada").expects("db-down");
  CHECK(world.incident().incident.state == engine::IncidentState::open);
}

TEST_CASE("acknowledging a snoozed incident stops it for good") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  REQUIRE(world.snooze(world.incident(), "ada", 1h));
  REQUIRE(world.acknowledge(world.incident(), "bob"));
  world.advance(5h);
  world.phone("ada").silent();
  CHECK(world.incident().incident.acknowledged_by == "bob");
}

TEST_CASE("a snooze goes on over a crash and a resolved incident does not come back from it") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  REQUIRE(world.snooze(world.incident(), "ada", 1h));
  world.advance(10min);
  world.crash();
  world.resolve("db-down");
  world.phone("ada").expects_resolved("db-down");
  world.advance(3h);
  world.phone("ada").silent();
}

TEST_CASE("a note stands in the timeline and changes nothing else") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  REQUIRE(world.note(world.incident(), "bob", "looking at the disks"));
  const auto incident = world.incident().incident;
  CHECK(incident.state == engine::IncidentState::open);
  CHECK(incident.timeline.back().by == "bob");
  CHECK(incident.timeline.back().text == "looking at the disks");
}

namespace {

const std::string kKnown = std::string(kPlainSettings) +
                           "  - {name: known, matchers: ['alertname=\"known\"'], advise: {manual: "
                           "\"https://m.example.com\", tell: [{channel: room}]}}\n";

}  // namespace

TEST_CASE("advice that a silence cut off is given when the silence ends") {
  World world(kKnown);
  world.phone("room").always(Attempt::retry_later("away"));
  world.fire("known");
  world.silence({"alertname=\"known\""}, 1h);
  world.advance(10s);
  world.phone("room").always(std::nullopt);
  for (int minute = 0; minute < 70; ++minute) {
    world.fire("known");
    world.advance(1min);
  }
  world.phone("room").next_of(MessageKind::advice, "known");
  world.phone("room").silent();
}

TEST_CASE("what the sending gate held back for a silence goes out when the silence ends") {
  for (const bool advised : {true, false}) {
    World world(kKnown);
    const std::string name = advised ? "known" : "db-down";
    world.hold_attempts = true;
    world.fire(name);
    const SilenceId id = world.silence({"alertname=\"" + name + "\""}, 1h);
    while (world.runner.run_one()) continue;
    world.settle();
    world.hold_attempts = false;
    CHECK(world.phone("room").waiting() + world.phone("ada").waiting() == 0);
    world.end_silence(id);
    world.advance(3s);
    CHECK(world.phone(advised ? "room" : "ada").waiting() == 1);
  }
}

TEST_CASE("a silence that came and went while a page waited for its lane costs no page") {
  World world;
  world.hold_attempts = true;
  world.fire("db-down");
  world.end_silence(world.silence({"alertname=\"db-down\""}, 1h));
  for (int i = 0; i < 3; ++i) {
    while (world.runner.run_one()) continue;
    world.settle();
  }
  world.hold_attempts = false;
  world.advance(3s);
  CHECK(world.phone("ada").waiting() > 0);
}

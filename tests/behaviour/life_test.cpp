// How alerts live and end: those that nobody ends, those that come again.
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

std::string with(const std::string& integration_keys) {
  std::string yaml = kPlainSettings;
  const std::string plain = "resolve_after: 7d";
  yaml.replace(yaml.find(plain), plain.size(), integration_keys);
  return yaml;
}

}  // namespace

TEST_CASE("an alert that its sender no longer sends is over once the sender was heard again") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(3min);
  world.fire("db-slow");
  world.phone("ada").expects("db-slow");
  for (int minute = 0; minute < 4; ++minute) {
    world.advance(50s);
    world.fire("db-slow");
    CHECK(world.incidents().size() == 2);
  }
  world.phone("ada").forget();
  world.phone("bob").forget();
  // Heard, but before it had time to send db-down again: that proves nothing. After it, it does.
  world.advance(50s);
  world.fire("db-slow");
  world.advance(15s);
  world.phone("ada").expects_resolved("db-down");
  world.advance(10s);
  for (const auto& view : world.incidents())
    CHECK((view.incident.state == engine::IncidentState::resolved) ==
          (view.incident.title.find("db-down") == 0));
}

TEST_CASE(
    "alerts of a sender that fell silent stay open and escalate and are resolved long after") {
  World world(with("resolve_after: 2h"));
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(1h);
  world.phone("linus").expects("db-down");
  CHECK(world.incident().incident.state == engine::IncidentState::open);
  world.phone("ada").forget();
  world.phone("linus").forget();
  world.advance(1h + 3min);
  CHECK(world.incident().incident.state == engine::IncidentState::open);
  world.phone("linus").forget();
  world.advance(2min);
  CHECK(world.incident().incident.state == engine::IncidentState::resolved);
  world.phone("ada").expects_resolved("db-down");
  world.phone("linus").expects_resolved("db-down");
}

TEST_CASE("after an outage an alert is not over before its sender had the time to send it again") {
  World world(with("reopen_within: 5m"));
  world.fire("db-down");
  world.fire("db-slow");
  for (const auto& view : world.incidents()) world.acknowledge(view, "ada");
  world.phone("ada").forget();
  world.clock.advance(30min);
  world.crash();
  // Its groups of rules send one after the other.
  world.fire("db-slow");
  world.advance(50s);
  world.fire("db-down");
  world.advance(30s);
  world.phone("ada").silent();
  for (const auto& view : world.incidents())
    CHECK(view.incident.state == engine::IncidentState::acknowledged);
  for (int minute = 0; minute < 6; ++minute) {
    world.fire("db-slow");
    world.advance(1min);
  }
  world.phone("ada").expects_resolved("db-down");
  world.phone("ada").silent();
}

TEST_CASE("a wall clock that is stepped ends no alert") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.clock.step_wall(24h);
  world.advance(30s);
  CHECK(world.incident().incident.state == engine::IncidentState::open);
}

TEST_CASE(
    "an alert that fires again soon enough goes on in the same incident with new message ids") {
  World world(with("reopen_within: 5m"));
  world.fire("db-down");
  const auto first = world.phone("ada").expects("db-down");
  world.resolve("db-down");
  world.phone("ada").expects_resolved("db-down");
  world.advance(4min + 59s);
  world.fire("db-down");
  const auto second = world.phone("ada").expects("db-down");
  CHECK(second.incident == first.incident);
  CHECK(second.id != first.id);
  CHECK(world.incident().alerts.size() == 1);
  world.resolve("db-down");
  world.phone("ada").expects_resolved("db-down");
}

TEST_CASE("an alert that fires again too late opens a new incident") {
  World world(with("reopen_within: 5m"));
  world.fire("db-down");
  world.resolve("db-down");
  world.advance(5min);
  world.fire("db-down");
  CHECK(world.incidents().size() == 2);
}

TEST_CASE("an acknowledgement survives an alert that comes and goes") {
  World world(with("reopen_within: 5m"));
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.acknowledge(world.incident(), "ada");
  for (int i = 0; i < 10; ++i) {
    world.resolve("db-down");
    world.advance(1min);
    world.fire("db-down");
    world.advance(1min);
  }
  world.phone("ada").expects_resolved("db-down");
  world.phone("ada").silent();
  CHECK(world.incident().incident.state == engine::IncidentState::acknowledged);
}

TEST_CASE("an incident that a person resolved is not opened again by its alert") {
  World world(with("reopen_within: 5m"));
  world.fire("db-down");
  world.resolve_by_hand(world.incident(), "ada");
  world.resolve("db-down");
  world.fire("db-down");
  CHECK(world.incidents().size() == 2);
}

TEST_CASE("a reopened incident that ends again leaves memory like any other and stays till then") {
  World world(with("reopen_within: 5m"));
  world.fire("db-down");
  world.resolve("db-down");
  world.fire("db-down");
  for (std::size_t i = 0; i < engine::kMostClosed + 10; ++i) {
    world.fire("other");
    world.resolve("other");
    world.advance(6min);
    world.fire("db-down");
  }
  bool open = false;
  for (const auto& view : world.owner()
                              .state()
                              .list({{engine::IncidentState::open}, "", {}, {}, {}, {}, 10, ""})
                              .incidents)
    open |= view.incident.title == "db-down";
  CHECK(open);
}

#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

TEST_CASE("an alert that a rule claims pages its policy and nobody else") {
  World world;
  CHECK(world.fire("db-down") == 200);
  const auto page = world.phone("ada").expects("db-down");
  CHECK(page.severity == Severity::critical);
  CHECK(page.impact == "Nobody can log in");
  CHECK(page.why.find("rule ours pages for alertname=~\"db-.*\"") != std::string::npos);
  world.phone("bob").silent();
  world.phone("linus").silent();
}

TEST_CASE("an alert that no rule claims pages the default policy") {
  World world;
  world.fire("something-new");
  CHECK(world.phone("linus").expects("something-new").why.find("no rule matched") !=
        std::string::npos);
  world.phone("ada").silent();
}

TEST_CASE("a page climbs to the next step when nobody answers and starts over for its rounds") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(4min + 59s);
  world.phone("ada").silent();
  world.advance(1s);
  world.phone("ada").expects("db-down");
  world.phone("bob").expects("db-down");
  world.advance(10min);
  world.phone("room").expects("db-down");
  world.phone("ada").silent();
  world.advance(10min);
  world.phone("ada").expects("db-down");
  world.phone("linus").silent();
}

TEST_CASE(
    "an exhausted policy falls through to the default policy which goes on every fifteen minutes") {
  World world;
  world.fire("db-down");
  world.advance(49min + 59s);
  world.phone("linus").silent();
  world.advance(1s);
  world.phone("linus").expects("db-down");
  for (int i = 0; i < 10; ++i) {
    world.advance(14min + 59s);
    world.phone("linus").silent();
    world.advance(1s);
    world.phone("linus").expects("db-down");
  }
}

TEST_CASE("an acknowledgement stops everything that has not started") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.advance(24h);
  for (const char* who : {"ada", "bob", "room", "linus"}) world.phone(who).silent();
  CHECK(world.incident().incident.state == engine::IncidentState::acknowledged);
  CHECK(world.incident().incident.acknowledged_by == "ada");
}

TEST_CASE("an acknowledgement that comes while a page waits for its channel withholds the page") {
  World world;
  world.hold_attempts = true;
  world.fire("db-down");
  REQUIRE(world.runner.waiting() == 1);
  CHECK(world.acknowledge(world.incident(), "bob"));
  world.hold_attempts = false;
  world.settle();
  world.phone("ada").silent();
  CHECK(world.phone("ada").attempts() == 0);
  const engine::MessageState message = world.incident().incident.messages.front();
  CHECK(message.status == engine::MessageStatus::withdrawn);
  CHECK(message.detail == "acknowledged by bob");
}

TEST_CASE("those who were paged hear that it is over and nobody else does") {
  World world;
  world.fire("db-down");
  world.advance(5min);
  world.phone("ada").forget();
  world.phone("bob").forget();
  world.resolve("db-down");
  world.phone("ada").expects_resolved("db-down");
  world.phone("bob").expects_resolved("db-down");
  world.advance(24h);
  for (const char* who : {"ada", "bob", "room", "linus"}) world.phone(who).silent();
  CHECK(world.incident().incident.state == engine::IncidentState::resolved);
}

TEST_CASE("whoever acknowledged hears that it is over as well") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.acknowledge(world.incident(), "ada");
  world.resolve("db-down");
  world.phone("ada").expects_resolved("db-down");
}

TEST_CASE("a suppressed alert wakes nobody and says why") {
  World world;
  CHECK(world.fire("chatter") == 200);
  world.advance(24h);
  CHECK(world.incidents().empty());
  for (const char* who : {"ada", "bob", "room", "linus"}) world.phone(who).silent();
}

TEST_CASE("alerts alike join one incident and it ends with the last of them") {
  World world;
  world.fire("db-down", {{"instance", "1"}});
  world.fire("db-down", {{"instance", "2"}});
  world.phone("ada").expects("db-down");
  world.phone("ada").silent();
  CHECK(world.incident().alerts.size() == 2);
  world.resolve("db-down", {{"instance", "1"}});
  world.phone("ada").silent();
  CHECK(world.incident().incident.state == engine::IncidentState::open);
  world.resolve("db-down", {{"instance", "2"}});
  world.phone("ada").expects_resolved("db-down");
}

TEST_CASE("a re-sent alert is counted and pages nobody again") {
  World world;
  for (int i = 0; i < 4; ++i) {
    world.fire("db-down", {}, {{"summary", "value " + std::to_string(i)}});
    world.advance(1min);
  }
  world.phone("ada").expects("db-down");
  world.phone("ada").silent();
  CHECK(world.incident().alerts.at(0).count == 4);
  CHECK(world.incident().alerts.at(0).alert.annotations.get("summary") == "value 3");
}

TEST_CASE("a resolve for what was never firing is taken and changes nothing") {
  World world;
  CHECK(world.resolve("db-down") == 200);
  CHECK(world.resolve("db-down") == 200);
  CHECK(world.incidents().empty());
  world.phone("ada").silent();
  world.fire("db-down");
  world.phone("ada").expects("db-down");
}

TEST_CASE(
    "an alert that fires again after its incident ended opens a new one with other message ids") {
  World world;
  world.fire("db-down");
  const auto first = world.phone("ada").expects("db-down");
  world.resolve("db-down");
  world.phone("ada").expects_resolved("db-down");
  world.fire("db-down");
  const auto second = world.phone("ada").expects("db-down");
  CHECK(first.id != second.id);
  CHECK(first.incident != second.incident);
  CHECK(world.incidents().size() == 2);
}

TEST_CASE("an incident that a person resolved stays resolved while its alert goes on firing") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  CHECK(world.resolve_by_hand(world.incident(), "bob"));
  world.phone("ada").expects_resolved("db-down");
  world.fire("db-down");
  world.advance(1h);
  world.phone("ada").silent();
}

TEST_CASE("a reload pages nobody again and an open incident keeps the policy with which it began") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  std::string changed = kPlainSettings;
  changed.replace(changed.find("person: bob}], wait: 10m"), 11, "person: linus");
  world.reload(changed);
  world.phone("ada").silent();
  world.advance(5min);
  world.phone("bob").expects("db-down");
  world.phone("linus").silent();
}

TEST_CASE("the timeline tells in words what happened and who did it") {
  World world;
  world.fire("db-down");
  world.acknowledge(world.incident(), "ada");
  std::string all;
  for (const auto& entry : world.incident().incident.timeline) all += entry.text + "\n";
  CHECK(all.find("opened; rule ours matched: alertname=~\"db-.*\"") != std::string::npos);
  CHECK(all.find("step 1 of policy escalating pages ada (phone)") != std::string::npos);
  CHECK(all.find("page to ada (phone): accepted") != std::string::npos);
  CHECK(all.find("acknowledged by ada (test)") != std::string::npos);
}

TEST_CASE("an alert that changes after a person resolved its incident opens another with new ids") {
  World world;
  world.fire("db-down");
  const auto first = world.phone("ada").expects("db-down");
  world.resolve_by_hand(world.incident(), "bob");
  world.phone("ada").expects_resolved("db-down");
  std::string changed = kPlainSettings;
  const std::string group = "group_by: [alertname]";
  changed.replace(changed.find(group), group.size(), group + ", labels: {environment: production}");
  world.reload(changed);
  world.fire("db-down");
  const auto second = world.phone("ada").expects("db-down");
  CHECK(second.incident != first.incident);
  CHECK(second.id != first.id);
  CHECK(world.incidents().size() == 2);
  for (const auto& view : world.incidents())
    CHECK(view.incident.firing == (view.incident.state == engine::IncidentState::open ? 1 : 0));
  world.resolve("db-down");
  world.phone("ada").expects_resolved("db-down");
}

// Escalated and assigned by people.
#include "tests/behaviour/gameday.hpp"
#include "tests/behaviour/on_call.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

OnCall two_steps() {
  OnCall says;
  says.steps = "[{page: [{person: ada}], wait: 5m}, {page: [{person: bob}], wait: 10m}]";
  return says;
}

}  // namespace

TEST_CASE("escalated by hand: the next step begins at once and goes on from there") {
  OnCallWorld world(two_steps());
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  CHECK(world.escalate(world.incident(), "ada").empty());
  CHECK(world.answer.find("step 2 of policy escalating pages bob (phone)") !=
        std::string::npos);
  world.phone("bob").expects("db-down");
  CHECK(world.told("escalated by ada (test)") == 1);
  world.advance(10min - 1s);
  world.silent_but({});
  world.advance(1s);
  world.phone("linus").expects("db-down");
}

TEST_CASE("escalated by hand: past the last step it is the default policy's") {
  OnCallWorld world(two_steps());
  world.fire("db-down");
  CHECK(world.escalate(world.incident(), "ada").empty());
  CHECK(world.escalate(world.incident(), "bob").empty());
  world.phone("linus").expects("db-down");
  CHECK(world.escalate(world.incident(), "linus").empty());
  world.phone("linus").expects("db-down");  // again: its next round
}

TEST_CASE("escalated by hand: what somebody had acknowledged is open again") {
  OnCallWorld world(two_steps());
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.advance(1h);
  CHECK(world.escalate(world.incident(), "ada").empty());
  world.phone("bob").expects("db-down");
  CHECK(world.one().state == engine::IncidentState::open);
  CHECK(world.one().acknowledged_by.empty());
  CHECK(world.told("; ada has it no longer") == 1);
  world.silent_but({});
}

TEST_CASE("escalated by hand: a wait for the first step is over as well") {
  OnCall says = two_steps();
  says.team = "  - {name: later, matchers: ['alertname=\"slow\"'], after: 30m, page: escalating}\n";
  OnCallWorld world(says);
  world.fire("slow");
  world.silent_but({});
  CHECK(world.escalate(world.incident(), "ada").empty());
  world.phone("ada").expects("slow");
  world.silent_but({});
}

TEST_CASE("escalated by hand: what is silenced or over or has no policy is refused and stays") {
  OnCall says = two_steps();
  says.team =
      "  - {name: known, matchers: ['alertname=\"known\"'], advise: {manual: "
      "\"https://m.example.com\", tell: [{channel: room}]}}\n";
  OnCallWorld world(says);
  world.fire("known");
  CHECK(world.escalate(world.incident(), "ada").find("no policy") != std::string::npos);
  world.resolve("known");
  CHECK(world.escalate(world.incident(), "ada").find("resolved already") != std::string::npos);

  OnCallWorld other(two_steps());
  other.fire("db-down");
  other.silence({"alertname=\"db-down\""}, 1h);
  const engine::Incident before = other.one();
  CHECK(other.escalate(other.incident(), "ada").find("silenced by ada") != std::string::npos);
  CHECK(other.one() == before);
}

TEST_CASE("escalated by hand: with nobody to page it is refused and says who is missing") {
  OnCall says;
  says.steps = says.fallback = "[{page: [{rota: office}], wait: 5m}]";
  OnCallWorld world(says);
  world.fire("db-down");
  const std::string refusal = world.escalate(world.incident(), "ada");
  CHECK(refusal.find("nobody is on call in office until") != std::string::npos);
  CHECK(world.state().counts().queued == 1);
}

TEST_CASE("escalated by hand while a hook runs: nobody waits for the hook any longer") {
  OnCall says = two_steps();
  says.team =
      "  - {name: mended, matchers: ['alertname=\"mendable\"'], remediate: {hook: restart, mode: "
      "automatic, wait: 10m}, page: escalating}\nhooks:\n  - {name: restart, type: webhook, url: "
      "\"http://127.0.0.1:9/\", limit: {runs: 3, per: 1h}}\n";
  OnCallWorld world(says);
  world.fire("mendable");
  world.hook("restart").next_of(MessageKind::hook, "mendable");
  world.silent_but({});
  CHECK(world.escalate(world.incident(), "ada").empty());
  const auto page = world.phone("ada").expects("mendable");
  REQUIRE(page.tried.size() == 1);
  CHECK(page.tried[0] == "hook restart runs still, and ada did not wait for it");
  world.advance(5min);
  world.phone("bob").expects("mendable");
}

TEST_CASE("assigned: the person is paged at once and it goes on where it stood if nobody answers") {
  OnCallWorld world(two_steps());
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(4min);
  CHECK(world.assign(world.incident(), "ada", "grace").empty());
  CHECK(world.phone("grace").expects("db-down").why.find("assigned to grace") != std::string::npos);
  CHECK(world.one().assigned_to == "grace");
  CHECK(world.told("assigned to grace by ada (test): pages grace (phone)") == 1);
  world.advance(5min - 1s);
  world.silent_but({});
  world.advance(1s);
  world.phone("bob").expects("db-down");
  world.silent_but({});
}

TEST_CASE("assigned: what was acknowledged is open until somebody acknowledges again") {
  OnCallWorld world(two_steps());
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  CHECK(world.assign(world.incident(), "ada", "grace").empty());
  world.phone("grace").expects("db-down");
  CHECK(world.one().state == engine::IncidentState::open);
  CHECK(world.acknowledge(world.incident(), "grace"));
  world.advance(24h);
  world.silent_but({});
}

TEST_CASE("assigned: whoever is paged already is paged again with another id") {
  OnCallWorld world(two_steps());
  world.fire("db-down");
  const auto first = world.phone("ada").expects("db-down");
  CHECK(world.assign(world.incident(), "bob", "ada").empty());
  CHECK(world.phone("ada").expects("db-down").id != first.id);
}

TEST_CASE("assigned: somebody unknown is refused and changes nothing") {
  OnCallWorld world(two_steps());
  world.fire("db-down");
  const engine::Incident before = world.one();
  CHECK(world.assign(world.incident(), "ada", "mary").find("nobody is called mary") !=
        std::string::npos);
  CHECK(world.one() == before);
}

TEST_CASE("assigned: somebody whose contacts do not work is passed at once to the next step") {
  OnCallWorld world(two_steps());
  world.phone("grace").always(Attempt::rejected("gone"));
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  CHECK(world.assign(world.incident(), "ada", "grace").empty());
  world.phone("bob").expects("db-down");
}

TEST_CASE("assigned: a silence that covers it meanwhile ends with a page and not with a wait") {
  OnCallWorld world(two_steps());
  world.silence({"alertname=\"db-down\""}, 10min);
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "linus"));  // so it can be given to somebody
  CHECK(world.assign(world.incident(), "linus", "grace").empty());
  world.forget_all();
  world.advance(10min + 1s);
  world.phone("ada").expects("db-down");
}

TEST_CASE("assigned: everyone is wanted no longer") {
  OnCall says;
  says.steps = "[{page: [{person: ada}, {person: bob}], wait: 5m, acknowledge: everyone}]";
  OnCallWorld world(says);
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  CHECK(world.assign(world.incident(), "ada", "grace").empty());
  CHECK(world.acknowledge(world.incident(), "grace"));
  CHECK(world.one().state == engine::IncidentState::acknowledged);
}

TEST_CASE("assigned: an incident that the manual answers has the default policy if nobody comes") {
  OnCall says;
  says.team =
      "  - {name: known, matchers: ['alertname=\"known\"'], advise: {manual: "
      "\"https://m.example.com\", tell: [{channel: room}]}}\n";
  OnCallWorld world(says);
  world.fire("known");
  world.phone("room").next_of(MessageKind::advice, "known");
  CHECK(world.assign(world.incident(), "ada", "grace").empty());
  world.phone("grace").expects("known");
  world.advance(5min - 1s);
  world.silent_but({});
  world.advance(1s);
  world.phone("linus").expects("known");
}

TEST_CASE("assigned: what waits for its first step waits for the person first") {
  OnCall says = two_steps();
  says.team = "  - {name: later, matchers: ['alertname=\"slow\"'], after: 2m, page: escalating}\n";
  OnCallWorld world(says);
  world.fire("slow");
  CHECK(world.assign(world.incident(), "bob", "grace").empty());
  world.phone("grace").expects("slow");
  world.advance(5min - 1s);
  world.silent_but({});
  world.advance(1s);
  world.phone("ada").expects("slow");
}

TEST_CASE("by hand: what was said survives a restart in the middle of it") {
  for (const bool from_snapshot : {false, true}) {
    OnCallWorld world(two_steps());
    world.fire("db-down");
    CHECK(world.assign(world.incident(), "ada", "grace").empty());
    world.forget_all();
    const engine::Incident before = world.one();
    from_snapshot ? world.crash_and_restore(world.snapshots()) : world.crash();
    CHECK(world.one().assigned_to == "grace");
    CHECK(world.one().escalation == before.escalation);
    world.advance(5min);
    world.phone("bob").expects("db-down");
    CHECK(world.escalate(world.incident(), "bob").empty());
    world.phone("linus").expects("db-down");
  }
}

TEST_CASE("by hand in a drill: only people whom the set may reach and no default policy") {
  GamedayWorld world;
  CHECK(world.gameday_on("drill").empty());
  world.fire_tagged("db-down");
  world.phone("pia").expects("db-down");
  const engine::IncidentView view = world.drills().at(0);
  CHECK(world.escalate(view, "ada").find("a drill has no default policy") != std::string::npos);
  CHECK(world.assign(view, "ada", "ada").find("may not reach ada") != std::string::npos);
  CHECK(world.assign(view, "ada", "pia").empty());
  world.phone("pia").expects("db-down");
  world.advance(1h);
  world.nobody_in_production_heard();
}

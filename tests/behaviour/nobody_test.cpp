// Nobody on call is never silence: empty rotas, conditions that do not hold, and the queue.
#include "tests/behaviour/on_call.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

/// Nobody of the team is there before Monday 09:00.
OnCall office_only() {
  OnCall says;
  says.steps = "[{page: [{rota: office}], wait: 5m}]";
  return says;
}

/// Nor is anybody of the default policy.
OnCall nobody_at_all() {
  OnCall says = office_only();
  says.fallback = "[{page: [{rota: office}], wait: 5m}]";
  return says;
}

constexpr auto kNobody = "nobody is on call in office until Mon 2026-11-23 09:00 UTC";

}  // namespace

TEST_CASE("a policy whose rota is empty pages the default policy at once and says which rota") {
  OnCallWorld world(office_only());
  world.fire("db-down");
  const auto page = world.phone("linus").expects("db-down");
  CHECK(page.why.find("nobody of policy escalating can be paged: " + std::string(kNobody)) !=
        std::string::npos);
  world.silent_but({});
  CHECK(world.told(std::string(kNobody) + ": step 1 of policy fallback pages linus") == 1);
  CHECK(world.told("it is queued for policy escalating") == 1);
  CHECK(world.one().escalation.queue == Queue::own_policy);
}

TEST_CASE("what could page nobody pages its own policy as soon as somebody of it is on call") {
  OnCallWorld world(office_only());
  world.fire("db-down");
  world.phone("linus").expects("db-down");
  world.advance(15min);
  world.phone("linus").expects("db-down");
  world.advance_to(0, 9h - 1s);
  world.phone("grace").silent();
  world.forget_all();
  world.advance(1min + 1s);
  CHECK(world.phone("grace").expects("db-down").why.find("grace is on call in office") !=
        std::string::npos);
  world.silent_but({});
  CHECK(world.one().escalation.queue == Queue::none);
  world.advance(5min);  // exhausted, and the default policy goes on
  world.phone("linus").expects("db-down");
}

TEST_CASE("what is queued and acknowledged meanwhile pages nobody when somebody is on call") {
  OnCallWorld world(office_only());
  world.fire("db-down");
  world.phone("linus").expects("db-down");
  CHECK(world.acknowledge(world.incident(), "linus"));
  world.advance(48h);
  world.silent_but({});
  CHECK(world.state().counts().queued == 0);
}

TEST_CASE("what is queued and over meanwhile pages nobody when somebody is on call") {
  OnCallWorld world(office_only());
  world.fire("db-down");
  world.phone("linus").expects("db-down");
  world.resolve("db-down");
  world.phone("linus").expects_resolved("db-down");
  world.advance(48h);
  world.silent_but({});
}

TEST_CASE("with nobody in the default policy either it waits for anybody and is told once") {
  OnCallWorld world(nobody_at_all());
  world.fire("db-down");
  world.advance(24h);
  world.silent_but({});
  const engine::Incident incident = world.one();
  CHECK(incident.state == engine::IncidentState::open);
  CHECK(incident.escalation.queue == Queue::anybody);
  CHECK(world.state().counts().queued == 1);
  CHECK(world.told("step 1 of policy fallback reaches nobody; it is queued") == 1);
  CHECK(world.told("can be paged: ") == 1);
  world.advance_to(0, 9h + 1min);
  world.phone("grace").expects("db-down");
  world.silent_but({});
  CHECK(world.state().counts().queued == 0);
}

TEST_CASE("of those for whom it waits the default policy may be the first") {
  OnCall says = nobody_at_all();
  says.fallback = "[{page: [{rota: dawn}], wait: 5m}]";
  says.service =
      "rotas:\n  - {name: dawn, time_zone: UTC, people: [linus], only: {hours: "
      "\"06:00-08:00\"}}\n";
  OnCallWorld world(says);
  world.fire("db-down");
  world.advance_to(-1, 6h - 1s);
  world.silent_but({});
  world.advance(1min + 1s);
  world.phone("linus").expects("db-down");
  CHECK(world.one().escalation.queue == Queue::own_policy);
  world.advance_to(-1, 8h);
  world.forget_all();
  world.advance_to(0, 9h + 1min);
  world.phone("grace").expects("db-down");
  world.silent_but({"linus"});
}

TEST_CASE("with nobody in the default policy its own begins again and not without a pause") {
  for (const bool broken : {false, true}) {
    OnCall says;
    says.steps = "[{page: [{person: bob}], wait: 5m}]";
    says.fallback = "[{page: [{rota: office}], wait: 5m}]";
    OnCallWorld world(says);
    if (broken) world.phone("bob").always(Attempt::rejected("gone"));
    world.fire("db-down");
    if (!broken) {
      world.phone("bob").expects("db-down");
      world.advance(5min);
    }
    CHECK(world.one().escalation.queue == Queue::anybody);
    CHECK(world.told("and policy escalating begins again in 15m") == 1);
    world.advance(14min);
    CHECK(world.one().occurrence == 0);
    world.phone("bob").silent();
    world.phone("bob").always(std::nullopt);
    world.advance(2min);
    world.phone("bob").expects("db-down");
    world.silent_but({});
  }
}

TEST_CASE("a room in the default policy is told and is nobody who could be paged") {
  OnCall says;
  says.steps = "[{page: [{person: ada}], wait: 5m}]";
  says.fallback = "[{page: [{rota: office}, {channel: room}], wait: 5m}]";
  OnCallWorld world(says);
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(5min);  // she sleeps
  world.phone("room").expects("db-down");
  CHECK(world.state().counts().queued == 1);
  world.advance(16min);
  world.phone("ada").expects("db-down");  // and is paged again
  world.advance_to(0, 9h + 1min);
  world.forget_all();
  world.advance(20min);
  CHECK(world.phone("grace").waiting() > 0);
}

TEST_CASE("a default policy that wants rooms alone is content with them") {
  OnCall says = office_only();
  says.fallback = "[{page: [{channel: room}], wait: 5m}]";
  OnCallWorld world(says);
  world.fire("db-down");
  world.phone("room").expects("db-down");
  CHECK(world.one().escalation.queue == Queue::own_policy);
  world.advance(15min);
  world.phone("room").expects("db-down");
}

TEST_CASE("somebody who is put into an empty rota is paged within a minute") {
  OnCall says = nobody_at_all();
  OnCallWorld world(says);
  world.fire("db-down");
  world.advance(1h);
  says.office = "people: [grace], rotation: {every: 1w, start: 2026-11-16}";
  world.reload(says);
  world.advance(1min);
  world.phone("grace").expects("db-down");
}

TEST_CASE("the room of a policy that has nobody hears at once beside the default policy") {
  OnCall says;
  says.steps = "[{page: [{rota: office}], wait: 5m}, {page: [{channel: room}], wait: 5m}]";
  OnCallWorld world(says);
  world.fire("db-down");
  world.phone("linus").expects("db-down");
  world.phone("room").expects("db-down");
  world.advance(14min);
  world.silent_but({});
}

TEST_CASE("with nobody at all the room of the policy hears and it goes on waiting for somebody") {
  OnCall says = nobody_at_all();
  says.steps = "[{page: [{rota: office}], wait: 5m}, {page: [{channel: room}], wait: 5m}]";
  OnCallWorld world(says);
  world.fire("db-down");
  world.phone("room").expects("db-down");
  CHECK(world.one().escalation.queue == Queue::anybody);
  world.advance_to(0, 9h - 1s);
  world.silent_but({});
  world.advance(1min + 1s);
  world.phone("grace").expects("db-down");
  world.silent_but({});
}

TEST_CASE("a policy that wants only a room at this hour is not one that has nobody") {
  OnCall says;
  says.steps =
      "[{page: [{rota: office}], wait: 5m, only: {time_zone: UTC, days: [Mon], hours: "
      "\"09:00-17:00\"}}, {page: [{channel: room}], wait: 5m}]";
  OnCallWorld world(says);
  world.fire("db-down");
  world.phone("room").expects("db-down");
  world.silent_but({});
  CHECK(world.one().escalation.queue == Queue::none);
  world.advance(5min);
  world.phone("linus").expects("db-down");
}

TEST_CASE("a step is taken only for its severities and says why it is passed over") {
  OnCall says;
  says.steps =
      "[{page: [{person: ada}], wait: 5m, only: {severity: [critical]}}, {page: [{person: bob}], "
      "wait: 5m}]";
  OnCallWorld world(says);
  world.fire("disk-full");
  world.phone("bob").expects("disk-full");
  CHECK(world.told("step 1 is passed over: it is only for critical") == 1);
  world.silent_but({});
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.silent_but({});
}

TEST_CASE("a step is taken only within its hours at the moment when it would begin") {
  OnCall says;
  says.steps =
      "[{page: [{person: ada}], wait: 5m}, {page: [{person: bob}], wait: 5m, only: {time_zone: "
      "UTC, hours: \"02:00-03:00\"}}]";
  says.more = ", repeat: 2";
  OnCallWorld world(says);  // 01:52:43
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(5min);  // 01:57:43: bob's step is passed over, and the second round begins
  world.phone("ada").expects("db-down");
  CHECK(world.told("it is outside its hours") == 1);
  world.silent_but({});
  world.advance(5min);  // 02:02:43
  world.phone("bob").expects("db-down");
  world.silent_but({});
}

TEST_CASE("a policy of which no step is to be taken now is the default policy's at once") {
  OnCall says;
  says.steps = "[{page: [{person: ada}], wait: 5m, only: {severity: [critical]}}]";
  OnCallWorld world(says);
  world.fire("disk-full");
  world.phone("linus").expects("disk-full");
  world.silent_but({});
}

TEST_CASE("a policy that is exhausted while nobody of it is there is queued for it as well") {
  OnCall says;
  says.steps = "[{page: [{rota: office}], wait: 10m}]";
  OnCallWorld world(says);
  world.advance_to(0, 16h + 55min);
  world.fire("db-down");
  world.phone("grace").expects("db-down");
  world.advance(10min);
  world.phone("linus").expects("db-down");
  CHECK(world.one().escalation.queue == Queue::own_policy);
  world.advance_to(1, 9h - 1s);
  world.forget_all();
  world.advance(1min + 1s);
  world.phone("grace").expects("db-down");
}

TEST_CASE(
    "a shift that ends in the middle of an escalation sends it to the default policy at once") {
  OnCall says;
  says.steps = "[{page: [{rota: office}], wait: 10m}]";
  says.more = ", repeat: 9";
  OnCallWorld world(says);
  world.advance_to(0, 16h + 55min);
  world.fire("db-down");
  world.phone("grace").expects("db-down");
  world.advance(10min);
  world.phone("linus").expects("db-down");
  CHECK(world.told("nobody is on call in office until Tue 2026-11-24 09:00 UTC") == 1);
  world.silent_but({});
}

TEST_CASE("a policy that ran out although somebody of it is there waits for nobody") {
  OnCallWorld world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(5min);
  world.phone("linus").expects("db-down");
  CHECK(world.one().escalation.queue == Queue::none);
  world.advance(14min);
  world.silent_but({});
}

TEST_CASE(
    "somebody on call whose contacts do not work is passed on at once to the default policy") {
  OnCallWorld world;
  world.phone("ada").always(Attempt::rejected("gone"));
  world.fire("db-down");
  world.phone("linus").expects("db-down");
  world.silent_but({});
}

TEST_CASE("a silence over what is queued is silence until it ends and then it is queued again") {
  OnCallWorld world(nobody_at_all());
  world.fire("db-down");
  const SilenceId id = world.silence({"alertname=\"db-down\""}, 48h);
  CHECK(world.state().counts().queued == 0);
  world.advance_to(0, 9h + 10min);
  world.silent_but({});
  world.end_silence(id);
  world.phone("grace").expects("db-down");
}

TEST_CASE("a silence that ends before anybody is there leaves it queued") {
  OnCallWorld world(nobody_at_all());
  world.fire("db-down");
  world.silence({"alertname=\"db-down\""}, 1h);
  world.advance(2h);
  CHECK(world.state().counts().queued == 1);
  world.advance_to(0, 9h + 1min);
  world.phone("grace").expects("db-down");
}

TEST_CASE("what is queued is still queued after a restart in the middle of it") {
  for (const bool from_snapshot : {false, true})
    for (const bool at_all : {false, true}) {
      INFO("from a snapshot: " << from_snapshot << ", nobody at all: " << at_all);
      OnCallWorld world(at_all ? nobody_at_all() : office_only());
      world.fire("db-down");
      world.advance(1h);
      const engine::Escalation before = world.one().escalation;
      from_snapshot ? world.crash_and_restore(world.snapshots()) : world.crash();
      CHECK(world.one().escalation == before);
      world.advance_to(0, 9h - 1s);
      world.forget_all();
      world.advance(1min + 1s);
      world.phone("grace").expects("db-down");
      world.silent_but({});
    }
}

TEST_CASE("a graver alert joins what is queued and its own policy is asked again") {
  OnCall says;
  says.steps = "[{page: [{person: ada}], wait: 5m, only: {severity: [critical]}}]";
  says.team =
      "  - {name: grave, matchers: ['alertname=\"disk\"', 'grave=\"yes\"'], severity: critical, "
      "page: "
      "escalating}\n  - {name: light, matchers: ['alertname=\"disk\"'], severity: warning, page: "
      "escalating}\n";
  OnCallWorld world(says);
  world.fire("disk", {{"instance", "1"}});
  world.phone("linus").expects("disk");
  world.fire("disk", {{"instance", "2"}, {"grave", "yes"}});
  world.phone("ada").expects("disk");
  world.silent_but({});
}

// Acknowledgements: by each of several, and for a time.
#include "router/engine/acknowledging.hpp"
#include "tests/behaviour/on_call.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

/// ada and grace must both acknowledge; then it is bob's.
OnCall both() {
  OnCall says;
  says.steps =
      "[{page: [{person: ada}, {person: grace}], wait: 5m, acknowledge: everyone}, {page: "
      "[{person: "
      "bob}], wait: 5m}]";
  says.more = ", repeat: 1";
  return says;
}

OnCall for_half_an_hour() {
  OnCall says;
  says.steps = "[{page: [{person: ada}], wait: 5m}, {page: [{person: bob}], wait: 5m}]";
  says.more = ", acknowledgement_timeout: 30m";
  return says;
}

}  // namespace

TEST_CASE("everyone: it is acknowledged when each whom the step paged has acknowledged") {
  OnCallWorld world(both());
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.phone("grace").expects("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  CHECK(world.answer.find("it goes on until grace has acknowledged") != std::string::npos);
  CHECK(world.one().state == engine::IncidentState::open);
  CHECK(engine::waiting_for(world.one()) == std::vector<std::string>{"grace"});
  CHECK(world.acknowledge(world.incident(), "grace"));
  CHECK(world.answer.empty());
  CHECK(world.one().state == engine::IncidentState::acknowledged);
  CHECK(engine::acknowledgements_of(world.one()).size() == 2);
  world.advance(24h);
  world.silent_but({});
}

TEST_CASE("everyone: who has acknowledged gets no more pages of it and the escalation goes on") {
  OnCallWorld world(both());
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.forget_all();
  world.advance(5min);
  world.phone("bob").expects("db-down");
  world.advance(5min);  // the second round
  world.phone("grace").expects("db-down");
  world.silent_but({});
}

TEST_CASE("everyone: a page that has not arrived is not tried again for who has acknowledged") {
  OnCallWorld world(both());
  for (const char* who : {"ada", "grace"}) world.phone(who).always(Attempt::retry_later("503"));
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  const std::size_t before = world.phone("ada").attempts();
  world.advance(4min);
  CHECK(world.phone("ada").attempts() == before);
  CHECK(world.phone("grace").attempts() > before);
}

TEST_CASE("everyone: a page on its way is withheld from who has acknowledged") {
  OnCallWorld world(both());
  world.hold_attempts = true;
  world.fire("db-down");
  REQUIRE(world.runner.waiting() == 2);
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.hold_attempts = false;
  world.settle();
  world.phone("ada").silent();
  world.phone("grace").expects("db-down");
}

TEST_CASE("everyone: somebody whom the step did not page does not stop it") {
  OnCallWorld world(both());
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "linus"));
  CHECK(world.answer.find("did not page linus; it goes on until ada and grace have acknowledged") !=
        std::string::npos);
  CHECK(world.one().state == engine::IncidentState::open);
  CHECK(world.told("acknowledged by linus (test), whom the step did not page") == 1);
  CHECK(world.acknowledge(world.incident(), "ada"));
  CHECK(world.acknowledge(world.incident(), "grace"));
  CHECK(world.one().state == engine::IncidentState::acknowledged);
}

TEST_CASE("everyone: the same word twice is one word") {
  OnCallWorld world(both());
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  CHECK(world.acknowledge(world.incident(), "ada"));
  CHECK(world.one().state == engine::IncidentState::open);
  CHECK(world.told("acknowledged by ada") == 1);
}

TEST_CASE("everyone: a later step without it is acknowledged by whoever comes first") {
  OnCallWorld world(both());
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.advance(5min);
  CHECK(world.acknowledge(world.incident(), "bob"));
  CHECK(world.one().state == engine::IncidentState::acknowledged);
}

TEST_CASE("everyone: the step is over at once when who is still wanted cannot be reached") {
  OnCallWorld world(both());
  world.phone("grace").always(Attempt::rejected("gone"));
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(1min);
  world.silent_but({});
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.phone("bob").expects("db-down");
  world.silent_but({});
}

TEST_CASE("everyone: the words of some survive a restart and end with the alert") {
  for (const bool from_snapshot : {false, true}) {
    OnCallWorld world(both());
    world.fire("db-down");
    CHECK(world.acknowledge(world.incident(), "ada"));
    world.forget_all();
    from_snapshot ? world.crash_and_restore(world.snapshots()) : world.crash();
    CHECK(engine::waiting_for(world.one()) == std::vector<std::string>{"grace"});
    world.advance(10min);
    world.phone("ada").silent();
    world.forget_all();
    world.resolve("db-down");
    world.phone("ada").expects_resolved("db-down");
    world.phone("grace").expects_resolved("db-down");
    CHECK(engine::waiting_for(world.one()).empty());
  }
}

TEST_CASE("everyone: with a rota in it each who is on call when the round begins is wanted") {
  OnCall says;
  says.steps = "[{page: [{rota: primary}, {person: grace}], wait: 10m, acknowledge: everyone}]";
  says.more = ", repeat: 3";
  OnCallWorld world(says);
  world.advance_to(0, 9h + 55min);
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "grace"));
  CHECK(engine::waiting_for(world.one()) == std::vector<std::string>{"ada"});
  world.forget_all();
  world.advance(10min);
  world.phone("bob").expects("db-down");
  world.silent_but({});
  CHECK(engine::waiting_for(world.one()) == std::vector<std::string>{"bob"});
  CHECK(world.acknowledge(world.incident(), "bob"));
  CHECK(world.one().state == engine::IncidentState::acknowledged);
}

TEST_CASE("timeout: what is acknowledged and not over by then is open again with other ids") {
  OnCallWorld world(for_half_an_hour());
  world.fire("db-down");
  const auto first = world.phone("ada").expects("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  CHECK(world.answer.find("acknowledged until 2026-11-22T02:22:43.000Z") != std::string::npos);
  CHECK(engine::acknowledged_until(world.one()) == world.clock.now().wall + 30min);
  world.advance(30min - 1s);
  world.silent_but({});
  world.advance(1s);
  CHECK(world.phone("ada").expects("db-down").id != first.id);
  CHECK(world.one().state == engine::IncidentState::open);
  CHECK(world.told("acknowledged by ada for 30m, and not over: step 1") == 1);
  world.advance(5min);
  world.phone("bob").expects("db-down");
}

TEST_CASE("timeout: acknowledging again begins the time anew and so does somebody else") {
  OnCallWorld world(for_half_an_hour());
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.forget_all();
  world.advance(29min);
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.advance(29min);
  CHECK(world.acknowledge(world.incident(), "bob"));
  CHECK(world.one().acknowledged_by == "bob");
  world.advance(30min - 1s);
  world.silent_but({});
  world.advance(1s);
  world.phone("ada").expects("db-down");
}

TEST_CASE("timeout: a note begins no time anew") {
  OnCallWorld world(for_half_an_hour());
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.forget_all();
  world.advance(29min);
  CHECK(world.note(world.incident(), "ada", "still at it"));
  world.advance(1min);
  world.phone("ada").expects("db-down");
}

TEST_CASE("timeout: a snooze takes its place and an acknowledgement the place of a snooze") {
  OnCallWorld world(for_half_an_hour());
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  CHECK(world.snooze(world.incident(), "ada", 2h));
  world.forget_all();
  world.advance(2h - 1s);
  world.silent_but({});
  world.advance(1s);
  world.phone("ada").expects("db-down");
  CHECK(world.snooze(world.incident(), "ada", 2h));
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.advance(30min);
  world.phone("ada").expects("db-down");
}

TEST_CASE("timeout: it goes on through a restart and through an alert that comes and goes") {
  for (const bool from_snapshot : {false, true}) {
    OnCallWorld world(for_half_an_hour());
    world.fire("db-down");
    CHECK(world.acknowledge(world.incident(), "ada"));
    world.advance(10min);
    from_snapshot ? world.crash_and_restore(world.snapshots()) : world.crash();
    world.resolve("db-down");
    world.advance(1min);
    world.fire("db-down");  // within reopen_within
    CHECK(world.one().state == engine::IncidentState::acknowledged);
    world.forget_all();
    world.advance(19min - 1s);
    world.silent_but({});
    world.advance(1s);
    world.phone("ada").expects("db-down");
  }
}

TEST_CASE("timeout: an alert that comes back after it wakes somebody") {
  OnCallWorld world(for_half_an_hour());
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.advance(29min);
  world.resolve("db-down");
  world.forget_all();
  world.advance(4min);
  world.fire("db-down");
  world.phone("ada").expects("db-down");
}

TEST_CASE("timeout: what is over by then stays over") {
  OnCallWorld world(for_half_an_hour());
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.resolve("db-down");
  world.forget_all();
  world.advance(24h);
  world.silent_but({});
}

TEST_CASE("timeout: a silence that begins meanwhile is looked at before anybody is paged") {
  OnCallWorld world(for_half_an_hour());
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.silence({"alertname=\"db-down\""}, 2h);
  world.forget_all();
  world.advance(2h - 1s);
  world.silent_but({});
  world.advance(1s);
  world.phone("ada").expects("db-down");
}

TEST_CASE("timeout: with everyone it holds from the last word on and then all are wanted again") {
  OnCall says = both();
  says.more = ", acknowledgement_timeout: 30m";
  OnCallWorld world(says);
  world.fire("db-down");
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.advance(4min);
  CHECK(world.acknowledge(world.incident(), "grace"));
  world.forget_all();
  world.advance(30min);
  world.phone("ada").expects("db-down");
  world.phone("grace").expects("db-down");
  CHECK(engine::waiting_for(world.one()).size() == 2);
}

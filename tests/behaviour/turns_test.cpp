// Round robin: one target of a step an incident, in turn.
#include "tests/behaviour/on_call.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

OnCall in_turn() {
  OnCall says;
  says.steps =
      "[{page: [{person: ada}, {person: bob}, {person: grace}], wait: 5m, round_robin: true}]";
  says.more = ", repeat: 1";
  return says;
}

}  // namespace

TEST_CASE("round robin: each incident pages one of them, the next one the next") {
  OnCallWorld world(in_turn());
  for (const char* who : {"ada", "bob", "grace", "ada"}) {
    world.fire(std::string("db-") + std::to_string(world.incidents().size()));
    world.phone(who).expects("db-");
    world.silent_but({});
  }
}

TEST_CASE("round robin: in its next round an incident pages its next, whatever others took") {
  OnCallWorld world(in_turn());
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.fire("db-slow");
  world.phone("bob").expects("db-slow");
  world.advance(5min);
  world.phone("bob").expects("db-down");
  world.phone("grace").expects("db-slow");
  world.silent_but({});
  world.fire("db-full");
  world.phone("grace").expects("db-full");
}

TEST_CASE("round robin: one that reaches nobody is passed over") {
  OnCall says;
  says.steps =
      "[{page: [{person: ada}, {rota: office}, {person: bob}], wait: 5m, round_robin: true}]";
  OnCallWorld world(says);
  world.fire("db-1");
  world.phone("ada").expects("db-1");
  world.fire("db-2");
  world.phone("bob").expects("db-2");
  world.fire("db-3");
  world.phone("ada").expects("db-3");
  world.silent_but({});
}

TEST_CASE("round robin: an incident that begins anew keeps its target") {
  OnCallWorld world(in_turn());
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  const SilenceId id = world.silence({"alertname=\"db-down\""}, 1h);
  world.end_silence(id);
  world.phone("ada").expects("db-down");
  world.silent_but({});
}

TEST_CASE("round robin: whose turn it is survives a restart") {
  for (const bool from_snapshot : {false, true}) {
    OnCallWorld world(in_turn());
    world.fire("db-1");
    world.phone("ada").expects("db-1");
    from_snapshot ? world.crash_and_restore(world.snapshots()) : world.crash();
    world.fire("db-2");
    world.phone("bob").expects("db-2");
    world.advance(5min);
    world.phone("bob").expects("db-1");
    world.phone("grace").expects("db-2");
    world.silent_but({});
  }
}

TEST_CASE("round robin: a reload that takes somebody out goes on with who is left") {
  OnCall says = in_turn();
  OnCallWorld world(says);
  world.fire("db-1");
  world.fire("db-2");
  world.forget_all();
  says.steps = "[{page: [{person: ada}, {person: bob}], wait: 5m, round_robin: true}]";
  world.reload(says);
  world.fire("db-3");
  world.phone("ada").expects("db-3");
  world.silent_but({});
}

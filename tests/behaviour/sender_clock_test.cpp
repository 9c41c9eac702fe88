// A sender whose alerts have no status but their ends, by a clock that ours is ahead of.
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

TEST_CASE("a clock ahead of its sender's ends nothing that still fires and pages what is new") {
  for (const Duration ahead : {Duration(10min), Duration(24h)}) {
    INFO("by " << ahead.count() / 1'000'000 << " s");
    World world;
    const auto word = [&](const std::string& name, Duration end) {
      CHECK(world.post(prometheus_body({}, name, {}, world.clock.now().wall + end)) == 200);
      world.settle();
    };
    word("db-down", 4min);
    world.phone("ada").expects("db-down");
    world.advance(1min);
    world.clock.step_wall(ahead);
    word("db-down", 4min - ahead);
    word("db-slow", 4min - ahead);
    world.phone("ada").expects("db-slow");
    world.phone("ada").silent();
    // Nor does it end between two words.
    for (int minute = 2; minute < 5; ++minute) {
      world.advance(1min);
      word("db-down", 4min - ahead);
      word("db-slow", 4min - ahead);
    }
    world.phone("ada").silent();
    world.advance(30s);
    word("db-down", -ahead);
    world.phone("ada").expects_resolved("db-down");
  }
}

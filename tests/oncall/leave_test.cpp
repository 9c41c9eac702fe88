// Leave: a shift passes to the next of the layer who is not away.
#include "tests/catch.hpp"
#include "tests/oncall/rotas.hpp"

using namespace tocsin;
using namespace tocsin::oncall;
using namespace tocsin::tests;
using Kind = Source::Kind;

TEST_CASE("whoever is away passes the shift on to the next of the layer") {
  OneRota world;  // ada, grace, linus; ada from the 5th of January at 10:00
  world.away("ada", "2026-01-07T00:00:00Z", "2026-01-09T00:00:00Z", "holiday");
  CHECK(told(world.shifts("2026-01-05T10:00:00Z", "2026-01-26T10:00:00Z")) ==
        "2026-01-05T10:00 ada, 2026-01-07T00:00 grace, 2026-01-09T00:00 ada, "
        "2026-01-12T10:00 grace, 2026-01-19T10:00 linus");
  CHECK(world.on_call(at("2026-01-08T00:00:00Z")) ==
        OnCall{"grace", {Kind::cover, 0, "ada", "holiday"}});
}

TEST_CASE("who covers is asked moment for moment and comes round to the first") {
  OneRota world;
  world.away("linus", "2026-01-19T00:00:00Z", "2026-01-26T00:00:00Z");
  world.away("ada", "2026-01-21T00:00:00Z", "2026-01-22T00:00:00Z");
  CHECK(told(world.shifts("2026-01-19T10:00:00Z", "2026-01-26T10:00:00Z")) ==
        "2026-01-19T10:00 ada, 2026-01-21T00:00 grace, 2026-01-22T00:00 ada, "
        "2026-01-26T00:00 linus");
}

TEST_CASE("leave moves nobody else's shift") {
  OneRota world, without;
  world.away("ada", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z");
  for (const char* time : {"2026-01-13T00:00:00Z", "2026-01-20T00:00:00Z", "2026-02-03T00:00:00Z",
                           "2026-03-03T00:00:00Z", "2026-03-10T00:00:00Z"})
    CHECK(world.who(time) == without.who(time));
  CHECK(world.who("2026-01-27T00:00:00Z") == "grace");  // ada's
}

TEST_CASE("whoever stands in a layer twice passes to the next other one after that place") {
  OneRota world("UTC", {"ada", "grace", "ada", "ada", "linus"});
  world.away("ada", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z");
  CHECK(told(world.shifts("2026-01-05T10:00:00Z", "2026-02-09T10:00:00Z")) ==
        "2026-01-05T10:00 grace, 2026-01-12T10:00 grace, 2026-01-19T10:00 linus, "
        "2026-02-02T10:00 linus");  // for ada twice, then linus' own
  CHECK(world.who("2026-01-27T00:00:00Z") == "linus");
}

TEST_CASE("with all of a layer away what is beneath counts and then nobody") {
  OneRota world("UTC", {"ada", "grace"});
  world.rota().layers.push_back(world.layer({"mary", "alan"}, "2026-01-05T10:00"));
  for (const char* name : {"mary", "alan"})
    world.away(name, "2026-01-06T00:00:00Z", "2026-01-08T00:00:00Z");
  for (const char* name : {"ada", "grace"})
    world.away(name, "2026-01-07T00:00:00Z", "2026-01-09T00:00:00Z");
  CHECK(told(world.shifts("2026-01-05T10:00:00Z", "2026-01-10T00:00:00Z")) ==
        "2026-01-05T10:00 mary, 2026-01-06T00:00 ada, 2026-01-07T00:00 nobody, "
        "2026-01-08T00:00 mary");
}

TEST_CASE("somebody who does not exist covers nobody") {
  OneRota world;
  world.people.people.erase("grace");
  world.away("ada", "2026-01-07T00:00:00Z", "2026-01-09T00:00:00Z");
  CHECK(world.who("2026-01-08T00:00:00Z") == "linus");
}

TEST_CASE("an override holds for somebody on leave too") {
  OneRota world;
  world.away("mary", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
  world.override_by("mary", "2026-01-06T00:00:00Z", "2026-01-08T00:00:00Z");
  CHECK(world.who("2026-01-07T00:00:00Z") == "mary");
}

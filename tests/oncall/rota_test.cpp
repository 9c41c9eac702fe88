// Who is on call: rotations, layers, hours, overrides.
#include "router/oncall/rota.hpp"

#include "tests/catch.hpp"
#include "tests/oncall/rotas.hpp"

using namespace tocsin;
using namespace tocsin::oncall;
using namespace tocsin::tests;
using Each = ShiftLength::Unit;
using Kind = Source::Kind;

namespace {

Schedule daily(int from_hour, int until_hour, const std::string& time_zone = "UTC") {
  Schedule schedule;
  schedule.zone = zone(time_zone);
  schedule.from_minute = from_hour * 60;
  schedule.until_minute = until_hour * 60;
  return schedule;
}

Schedule office(const std::string& time_zone = "UTC") {
  Schedule schedule = daily(9, 17, time_zone);
  schedule.days = Weekdays();
  for (int day = 0; day < 5; ++day) schedule.days.add(static_cast<Weekday>(day));
  return schedule;
}

}  // namespace

TEST_CASE("people follow each other week by week and then from the first again") {
  const OneRota world;
  CHECK(world.who("2026-01-05T09:59:59.999999Z") == "");
  CHECK(world.who("2026-01-05T10:00:00Z") == "ada");
  CHECK(world.who("2026-01-12T09:59:59.999999Z") == "ada");
  CHECK(world.who("2026-01-12T10:00:00Z") == "grace");
  CHECK(world.who("2026-01-19T10:00:00Z") == "linus");
  CHECK(world.who("2026-01-26T10:00:00Z") == "ada");
  CHECK(world.who("2036-01-15T12:00:00Z") == "grace");  // 523 weeks later
}

TEST_CASE("a shift is so many hours or days or weeks") {
  const std::vector<std::string> two{"ada", "grace"};
  const OneRota hours("UTC", two, "2026-01-05T10:00", {{36, Each::hour}});
  CHECK(told(hours.shifts("2026-01-05T10:00:00Z", "2026-01-08T12:00:00Z")) ==
        "2026-01-05T10:00 ada, 2026-01-06T22:00 grace, 2026-01-08T10:00 ada");
  const OneRota days("UTC", two, "2026-01-05T10:00", {{3, Each::day}});
  CHECK(told(days.shifts("2026-01-05T10:00:00Z", "2026-01-12T12:00:00Z")) ==
        "2026-01-05T10:00 ada, 2026-01-08T10:00 grace, 2026-01-11T10:00 ada");
  const OneRota weeks("UTC", two, "2026-01-05T10:00", {{2, Each::week}});
  CHECK(told(weeks.shifts("2026-01-05T10:00:00Z", "2026-02-03T00:00:00Z")) ==
        "2026-01-05T10:00 ada, 2026-01-19T10:00 grace, 2026-02-02T10:00 ada");
}

TEST_CASE("shifts of different lengths follow each other and people turn with each of them") {
  // From Monday five days, from Saturday two: with three people everybody has both in turn.
  const OneRota world("UTC", {"ada", "grace", "linus"}, "2026-01-05T08:00",
                      {{5, Each::day}, {2, Each::day}});
  CHECK(told(world.shifts("2026-01-05T08:00:00Z", "2026-01-26T08:00:00Z")) ==
        "2026-01-05T08:00 ada, 2026-01-10T08:00 grace, 2026-01-12T08:00 linus, "
        "2026-01-17T08:00 ada, 2026-01-19T08:00 grace, 2026-01-24T08:00 linus");
}

TEST_CASE("months count from the day of the start and a shorter one hands over on its last day") {
  const OneRota world("UTC", {"ada", "grace"}, "2026-10-31T09:00", {{1, Each::month}});
  CHECK(told(world.shifts("2026-10-31T09:00:00Z", "2027-04-01T00:00:00Z")) ==
        "2026-10-31T09:00 ada, 2026-11-30T09:00 grace, 2026-12-31T09:00 ada, "
        "2027-01-31T09:00 grace, 2027-02-28T09:00 ada, 2027-03-31T09:00 grace");
  const OneRota quarters("UTC", {"ada", "grace"}, "2023-11-30T09:00", {{3, Each::month}});
  CHECK(told(quarters.shifts("2023-11-30T09:00:00Z", "2024-06-01T00:00:00Z")) ==
        "2023-11-30T09:00 ada, 2024-02-29T09:00 grace, 2024-05-30T09:00 ada");
  const OneRota uneven("UTC", {"ada", "grace", "linus"}, "2026-01-15T00:00",
                       {{1, Each::month}, {2, Each::month}});
  CHECK(told(uneven.shifts("2026-01-15T00:00:00Z", "2026-08-01T00:00:00Z")) ==
        "2026-01-15T00:00 ada, 2026-02-15T00:00 grace, 2026-04-15T00:00 linus, "
        "2026-05-15T00:00 ada, 2026-07-15T00:00 grace");
}

TEST_CASE("a hand-over is at its time of day on the clock of the rota") {
  // Ireland's clocks go forward on the 29th of March.
  const OneRota world("Europe/Dublin", {"ada", "grace"}, "2026-03-23T10:00");
  CHECK(told(world.shifts("2026-03-20T00:00:00Z", "2026-04-07T00:00:00Z")) ==
        "2026-03-20T00:00 nobody, 2026-03-23T10:00 ada, 2026-03-30T09:00 grace, "
        "2026-04-06T09:00 ada");
}

TEST_CASE("a later layer counts where it has somebody and what is beneath where it has not") {
  OneRota world;
  Layer nights = world.layer({"alan", "mary"}, "2026-01-05T00:00", {{1, Each::day}});
  nights.only = {daily(22, 6)};
  world.rota().layers.push_back(nights);
  CHECK(world.on_call(at("2026-01-05T21:59:59Z")) == OnCall{"ada", {Kind::layer, 0, {}, {}}});
  CHECK(world.on_call(at("2026-01-05T22:00:00Z")) == OnCall{"alan", {Kind::layer, 1, {}, {}}});
  CHECK(told(world.shifts("2026-01-06T12:00:00Z", "2026-01-07T12:00:00Z")) ==
        "2026-01-06T12:00 ada, 2026-01-06T22:00 mary, 2026-01-07T00:00 alan, "
        "2026-01-07T06:00 ada");
}

TEST_CASE("a layer has somebody within any of its hours and nobody outside") {
  OneRota world;
  world.first().only = {office(), daily(20, 22)};
  CHECK(told(world.shifts("2026-01-09T00:00:00Z", "2026-01-12T12:00:00Z")) ==
        "2026-01-09T00:00 nobody, 2026-01-09T09:00 ada, 2026-01-09T17:00 nobody, "
        "2026-01-09T20:00 ada, 2026-01-09T22:00 nobody, 2026-01-10T20:00 ada, "
        "2026-01-10T22:00 nobody, 2026-01-11T20:00 ada, 2026-01-11T22:00 nobody, "
        "2026-01-12T09:00 ada, 2026-01-12T10:00 grace");
}

TEST_CASE("a rota follows the sun in layers of two zones") {
  OneRota world("Europe/Dublin", {"ada"}, "2026-01-01T00:00", {{1, Each::day}});
  world.first().only = {daily(8, 20, "Europe/Dublin")};
  Layer west = world.layer({"mary", "alan"}, "2026-01-01T12:00", {{1, Each::day}});
  west.time_zone = zone("America/Los_Angeles");
  west.only = {daily(12, 0, "America/Los_Angeles")};
  world.rota().layers.push_back(west);
  // Three weeks in March the two are an hour closer: from noon at the coast ada is off at once, and
  // from midnight there is nobody for an hour less.
  CHECK(told(world.shifts("2026-03-02T12:00:00Z", "2026-03-03T12:00:00Z")) ==
        "2026-03-02T12:00 ada, 2026-03-02T20:00 mary, 2026-03-03T08:00 ada");
  CHECK(told(world.shifts("2026-03-16T12:00:00Z", "2026-03-17T12:00:00Z")) ==
        "2026-03-16T12:00 ada, 2026-03-16T19:00 mary, 2026-03-17T07:00 nobody, "
        "2026-03-17T08:00 ada");
}

TEST_CASE("an override counts instead of every layer and the last of several") {
  OneRota world;
  world.override_by("mary", "2026-01-06T00:00:00Z", "2026-01-08T00:00:00Z", "swapped");
  world.override_by("alan", "2026-01-07T00:00:00Z", "2026-01-09T00:00:00Z");
  CHECK(told(world.shifts("2026-01-05T10:00:00Z", "2026-01-10T00:00:00Z")) ==
        "2026-01-05T10:00 ada, 2026-01-06T00:00 mary, 2026-01-07T00:00 alan, "
        "2026-01-09T00:00 ada");
  CHECK(world.on_call(at("2026-01-06T12:00:00Z")) ==
        OnCall{"mary", {Kind::override, 0, {}, "swapped"}});

  // One that is made by API comes later than all that are configured.
  world.person("linus");
  world.overrides[OneRota::kName] = {
      {"linus", at("2026-01-06T12:00:00Z"), at("2026-01-07T12:00:00Z"), "", "1", "ops"}};
  world.overrides["other"] = {
      {"grace", at("2026-01-06T12:00:00Z"), at("2026-01-07T12:00:00Z"), "", "2", "ops"}};
  CHECK(told(world.shifts("2026-01-06T00:00:00Z", "2026-01-08T00:00:00Z")) ==
        "2026-01-06T00:00 mary, 2026-01-06T12:00 linus, 2026-01-07T12:00 alan");
}

TEST_CASE("an override fills a time at which a rota has nobody") {
  OneRota world;
  world.override_by("mary", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
  CHECK(told(world.shifts("2025-12-31T00:00:00Z", "2026-01-05T11:00:00Z")) ==
        "2025-12-31T00:00 nobody, 2026-01-01T00:00 mary, 2026-01-02T00:00 nobody, "
        "2026-01-05T10:00 ada");
}

TEST_CASE("somebody who does not exist is nobody and what is beneath counts") {
  OneRota world;
  Layer gone = world.layer({"alan"}, "2026-01-05T00:00");
  world.rota().layers.push_back(gone);
  world.override_by("mary", "2026-01-06T00:00:00Z", "2026-01-08T00:00:00Z");
  world.override_by("zoe", "2026-01-06T00:00:00Z", "2026-01-08T00:00:00Z");
  CHECK(world.who("2026-01-07T00:00:00Z") == "zoe");
  world.people.people.erase("zoe");
  CHECK(world.who("2026-01-07T00:00:00Z") == "mary");
  world.people.people.erase("mary");
  CHECK(world.who("2026-01-07T00:00:00Z") == "alan");
  world.people.people.erase("alan");
  CHECK(world.who("2026-01-07T00:00:00Z") == "ada");
  world.people.people.erase("ada");
  CHECK(world.who("2026-01-07T00:00:00Z") == "");
}

TEST_CASE("a rota that does not exist has nobody") {
  const OneRota world;
  const Roster roster = world.roster();
  CHECK(on_call(roster, "secondary", at("2026-01-07T00:00:00Z")) == OnCall{});
  const Shift nobody{at("2026-01-07T00:00:00Z"), at("2026-01-08T00:00:00Z"), {}};
  CHECK(shifts(roster, "secondary", nobody.from, nobody.until) == std::vector{nobody});
  CHECK(shifts(roster, "secondary", nobody.until, nobody.from).empty());
  CHECK(shift_at(roster, "secondary", nobody.from, std::chrono::hours(1)).on_call == OnCall{});
}

TEST_CASE("everybody is whom each rota says by itself") {
  OneRota world;
  for (const char* name : {"a", "b", "p", "z"}) {
    Rota rota = world.rota();
    rota.name = name;
    world.rotas.emplace(name, rota);
  }
  world.person("mary");
  for (const char* name : {"0", "b", "c", "z"})
    world.overrides[name] = {
        {"mary", at("2026-01-06T00:00:00Z"), at("2026-01-08T00:00:00Z"), "", "1", "ops"}};
  const Roster roster = world.roster();
  At moment(at("2026-01-07T00:00:00Z"));
  std::string all;
  for (const auto& [name, answer] : everybody(roster, moment)) {
    CHECK(answer == on_call(roster, name, moment.time()));
    all += std::string(name) + "=" + answer.person + " ";
  }
  CHECK(all == "a=ada b=mary p=ada primary=ada z=mary ");
}

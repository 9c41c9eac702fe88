// Shifts: exact at every change, bounded for any input, and the same as asking moment for moment.
#include <random>

#include "tests/catch.hpp"
#include "tests/oncall/random_world.hpp"

using namespace tocsin;
using namespace tocsin::oncall;
using namespace tocsin::tests;
using Each = ShiftLength::Unit;
using std::chrono::hours;

namespace {

/// No hole, no overlap, no two neighbours that say the same.
void require_whole(const std::vector<Shift>& all, WallTime from) {
  REQUIRE_FALSE(all.empty());
  REQUIRE(all.front().from == from);
  for (std::size_t i = 0; i < all.size(); ++i) {
    REQUIRE(all[i].from < all[i].until);
    if (i > 0) REQUIRE((all[i].from == all[i - 1].until && all[i].on_call != all[i - 1].on_call));
  }
}

}  // namespace

TEST_CASE("shifts say at every moment what on call says") {
  const std::vector<Zone> zones{Zone(), zone("Europe/Berlin"), zone("America/New_York"),
                                zone("Australia/Lord_Howe"), zone("Pacific/Apia")};
  const std::vector<WallTime> arounds{at("2026-03-29T01:00:00Z"), at("2026-10-25T01:00:00Z"),
                                      at("2011-12-30T10:00:00Z"), at("2026-07-01T00:00:00Z"),
                                      at("2026-04-04T15:00:00Z")};
  for (unsigned seed = 0; seed < 400; ++seed) {
    INFO("seed " << seed);
    std::mt19937 dice(seed);
    const WallTime around = arounds[dice() % arounds.size()];
    const OneRota world = some_world(dice, around, zones);
    const WallTime from = around - hours(72), until = around + hours(72);
    const auto all = shifts(world.roster(), OneRota::kName, from, until);
    require_whole(all, from);
    REQUIRE(all.back().until == until);
    for (const Shift& shift : all)
      for (const WallTime time : {shift.from, shift.until - Duration(1)})
        if (world.on_call(time) != shift.on_call) FAIL(format_rfc3339(time));
    std::size_t current = 0;
    for (WallTime time = from; time < until; time += std::chrono::minutes(7)) {
      while (all[current].until <= time) ++current;
      if (world.on_call(time) != all[current].on_call) FAIL(format_rfc3339(time));
    }
    // And the one that holds a moment is the same, found from that moment.
    for (int i = 0; i < 5; ++i) {
      const WallTime time = some_time(dice, around - hours(30), hours(60));
      const Shift found = shift_at(world.roster(), OneRota::kName, time, hours(36));
      const auto same = std::find_if(all.begin(), all.end(),
                                     [&](const Shift& shift) { return time < shift.until; });
      REQUIRE(found == Shift{std::max(same->from, time - hours(36)),
                             std::min(same->until, time + hours(36)), same->on_call});
    }
  }
}

TEST_CASE("a fast answer about hours is the slow one") {
  std::vector<Zone> zones;
  for (const char* name : {"UTC", "Europe/Dublin", "America/St_Johns", "Africa/Casablanca",
                           "Pacific/Apia", "America/Juneau", "Asia/Kathmandu", "Antarctica/Troll"})
    zones.push_back(zone(name));
  std::mt19937 dice(1);
  std::size_t covered = 0;
  const auto ask = [&](WallTime time) {
    At moment(time);
    const WallTime around =
        std::clamp(time, WallTime::min() + hours(2), WallTime::max() - hours(2));
    for (const Zone& here : zones)
      for (int i = 0; i < 3; ++i) {
        Schedule schedule = some_hours(dice, here);
        if (dice() % 8 == 0) schedule.from = some_time(dice, around - hours(2), hours(4));
        if (dice() % 8 == 0) schedule.until = some_time(dice, around - hours(2), hours(4));
        if (dice() % 16 == 0) {
          schedule.from_minute = 0;
          schedule.until_minute = kMinutesOfDay;
        }
        const bool slow = schedule.covers(time);
        covered += slow ? 1 : 0;
        if (moment.covers(schedule) != slow)
          FAIL(here.name() << " at " << format_rfc3339(time) << ", minutes " << schedule.from_minute
                           << " to " << schedule.until_minute);
      }
  };
  for (const auto& [from, until] : {std::pair("1790-01-01T00:00:00Z", "2210-01-01T00:00:00Z"),
                                    std::pair("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
                                    std::pair("2026-10-18T00:00:00Z", "2026-11-08T00:00:00Z"),
                                    std::pair("2011-12-20T00:00:00Z", "2012-01-10T00:00:00Z"),
                                    std::pair("1867-10-01T00:00:00Z", "1867-11-01T00:00:00Z")})
    for (int i = 0; i < 2000; ++i) ask(some_time(dice, at(from), at(until) - at(from)));
  // At whole minutes, where hours begin and end.
  for (int i = 0; i < 1440; ++i) ask(at("2026-07-06T00:00:00Z") + std::chrono::minutes(i));
  for (const WallTime end : {WallTime::min(), WallTime::max()}) ask(end);
  CHECK(covered > 1000);
}

TEST_CASE("the ends of time and absurd dates are answered and end") {
  OneRota world("Europe/Dublin", {"ada", "grace"}, "0001-01-01T00:00");
  Schedule night;
  night.zone = zone("America/New_York");
  night.from_minute = 22 * 60;
  night.until_minute = 4 * 60;
  Layer nights = world.layer({"linus", "mary"}, "9999-12-31T23:59", {{1, Each::hour}});
  nights.only = {night};
  world.rota().layers.push_back(nights);
  const Roster roster = world.roster();
  const std::vector<WallTime> times{
      WallTime::min(), WallTime::min() + hours(24), at("0001-01-01T00:00:00Z"),
      WallTime{},      at("9999-12-31T23:59:59Z"),  WallTime::max() - hours(24),
      WallTime::max()};
  for (const WallTime time : times) {
    static_cast<void>(world.on_call(time));
    const Shift shift = shift_at(roster, OneRota::kName, time);
    CHECK((shift.from <= time && time <= shift.until));
    static_cast<void>(shift_at(roster, OneRota::kName, time, Duration::max()));
    for (const WallTime until : times) {
      const auto all = shifts(roster, OneRota::kName, time, until);
      if (time >= until)
        CHECK(all.empty());
      else
        require_whole(all, time);
      CHECK(all.size() <= kMostShifts);
    }
  }
  CHECK(world.who("9999-12-31T12:00:00Z") == "ada");  // 521,722 weeks after the start
}

TEST_CASE("a rota of absurd lengths has somebody all the same") {
  constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
  for (const Each unit : {Each::hour, Each::day, Each::week, Each::month}) {
    OneRota world("UTC", {"ada", "grace"}, "2026-01-05T10:00", {{kMost, unit}});
    CHECK(world.who("2026-01-06T00:00:00Z") == "ada");
    CHECK(shifts(world.roster(), OneRota::kName, at("2026-01-06T00:00:00Z"), WallTime::max())
              .size() <= kMostShifts);
    world.first().rotation.every = {{0, unit}, {0, unit}};  // refused by the configuration
    CHECK_FALSE(world.who("2026-01-06T00:00:00Z").empty());
  }
  OneRota world;
  world.first().rotation.every.clear();
  CHECK(world.who("2026-01-13T00:00:00Z") == "grace");
  world.first().rotation.every = {{1, Each::month}, {1, Each::day}};
  CHECK(world.who("2026-02-05T00:00:00Z") == "grace");
  world.first().people.clear();
  CHECK(world.who("2026-02-05T00:00:00Z").empty());
  world.rota().layers.clear();
  CHECK(world.who("2026-02-05T00:00:00Z").empty());
}

TEST_CASE("a list of shifts ends early rather than being too long") {
  const OneRota hourly("UTC", {"ada", "grace"}, "2026-01-05T10:00", {{1, Each::hour}});
  const auto all = hourly.shifts("2026-01-05T10:00:00Z", "2036-01-05T10:00:00Z");
  CHECK(all.size() == kMostShifts);
  CHECK(all.back().until == at("2026-01-05T10:00:00Z") + hours(kMostShifts));
  // Nor is it looked for who is nobody for ever: both are away, hour for hour.
  OneRota away = hourly;
  away.away("ada", "2026-01-01T00:00:00Z", "9999-01-01T00:00:00Z");
  away.away("grace", "2026-01-01T00:00:00Z", "9999-01-01T00:00:00Z");
  const auto none = away.shifts("2026-01-05T10:00:00Z", "9000-01-05T10:00:00Z");
  REQUIRE(none.size() == 1);
  CHECK(none.back().until == at("2026-01-05T10:00:00Z") + hours(kMostLooks));
}

TEST_CASE("somebody alone has one shift without end") {
  const OneRota alone("UTC", {"ada", "ada"}, "2026-01-05T10:00", {{1, Each::hour}});
  CHECK(told(alone.shifts("2025-01-01T00:00:00Z", "9999-01-01T00:00:00Z")) ==
        "2025-01-01T00:00 nobody, 2026-01-05T10:00 ada");
}

TEST_CASE("a shift is told in the clock of its rota and with its reason") {
  OneRota world("Europe/Dublin");
  const Rota& rota = world.rota();
  const WallTime monday = at("2026-11-30T10:00:00Z"), summer = at("2026-07-06T09:00:30Z");
  const auto told_as = [&](const OnCall& on_call, WallTime until) {
    return sentence(rota, {at("2026-01-01T00:00:00Z"), until, on_call});
  };
  CHECK(told_as({"ada", {Source::Kind::layer, 0, {}, {}}}, monday) ==
        "ada, on call in primary until Mon 2026-11-30 10:00 GMT");
  CHECK(told_as({}, summer) == "nobody is on call in primary until Mon 2026-07-06 10:00:30 IST");
  CHECK(told_as({"mary", {Source::Kind::override, 0, {}, "swapped"}}, monday) ==
        "mary, on call in primary until Mon 2026-11-30 10:00 GMT (override: swapped)");
  CHECK(told_as({"grace", {Source::Kind::cover, 0, "ada", "holiday"}}, monday) ==
        "grace, on call in primary until Mon 2026-11-30 10:00 GMT (for ada, who is away: holiday)");
  CHECK(told_as({"ada", {Source::Kind::layer, 0, {}, {}}}, WallTime::max()) ==
        "ada, on call in primary");
  world.rota().layers.push_back(rota.layers[0]);
  CHECK(told_as({"ada", {Source::Kind::layer, 1, {}, {}}}, monday) ==
        "ada, on call in primary until Mon 2026-11-30 10:00 GMT (layer 2)");
  CHECK(told_as({"grace", {Source::Kind::cover, 1, "ada", ""}}, monday) ==
        "grace, on call in primary until Mon 2026-11-30 10:00 GMT (layer 2, for ada, who is away)");
}

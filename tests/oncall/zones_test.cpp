// Every time zone, every change of clocks from 2020 to 2040, each kind of rotation: minute by
// minute. What is expected is counted by hand here, minutes and dates one after the other, while
// the room computes it.
//
//   TOCSIN_ZONES=all    every zone with all its names; otherwise of zones whose clocks do the same
//                       from 2020 to 2040 one is looked at
#include <cstdlib>
#include <set>

#include "tests/catch.hpp"
#include "tests/oncall/rotas.hpp"
#include "tests/oncall/zones.hpp"

using namespace tocsin;
using namespace tocsin::oncall;
using namespace tocsin::tests;
using Each = ShiftLength::Unit;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const std::vector<std::string> kPeople{"ada", "grace", "linus", "mary", "alan"};
/// Expected begins to count so long before a change, which is longer than any repeat of an hour;
/// and so much around it is compared.
constexpr hours kBefore{30}, kAround{3};

bool all_zones() {
  const char* wanted = std::getenv("TOCSIN_ZONES");
  return wanted && std::string(wanted) == "all";
}

struct Kind {
  std::string name;
  std::vector<ShiftLength> every;
  bool has_hours = false;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all{
      {"hour", {{1, Each::hour}}},   {"7 hours", {{7, Each::hour}}},
      {"day", {{1, Each::day}}},     {"3 days", {{3, Each::day}}},
      {"week", {{1, Each::week}}},   {"5 days and 2", {{5, Each::day}, {2, Each::day}}},
      {"month", {{1, Each::month}}}, {"day in hours", {{1, Each::day}}, true},
  };
  return all;
}

CivilTime next_month(const CivilTime& start, int months) {
  CivilTime first = start;
  first.day = 1;
  for (int month = 0; month < months; ++month) first = first.plus_days(32), first.day = 1;
  CivilTime last = first.plus_days(31);
  last.day = 1;
  last = last.plus_days(-1);  // of the month
  first.day = std::min(start.day, last.day);
  return first;
}

/// The hand-overs one after the other, until well past a time.
std::vector<CivilTime> hand_overs(const Kind& kind, const CivilTime& start, const CivilTime& past) {
  std::vector<CivilTime> all{start};
  for (std::size_t i = 0; all.back() < past; ++i) {
    const ShiftLength& length = kind.every[i % kind.every.size()];
    CivilTime next = all.back();
    const int count = static_cast<int>(length.count);
    if (length.unit == Each::month)
      next = next_month(start, static_cast<int>(i + 1) * count);
    else if (length.unit == Each::hour)
      next = next.plus_days((next.hour + count) / 24), next.hour = (next.hour + count) % 24;
    else
      next = next.plus_days(length.unit == Each::week ? 7 * count : count);
    all.push_back(next);
  }
  return all;
}

/// From quarter past the hour of the change, for an hour less five minutes.
Schedule hours_around(const Zone& zone, const CivilTime& time) {
  Schedule schedule;
  schedule.zone = zone;
  schedule.from_minute = (time.hour * 60 + 15) % kMinutesOfDay;
  schedule.until_minute = (time.hour * 60 + 70) % kMinutesOfDay;
  return schedule;
}

struct World {
  Rotas rotas;
  Directory people;
  Overrides overrides;
  std::vector<std::vector<CivilTime>> hand_overs;  // of each kind

  Roster roster() const { return {rotas, people, overrides}; }
};

/// Rotas that hand over in the middle of the hour that a change skips or repeats, or half an hour
/// after a change of something else.
World world_around(const Zone& zone, WallTime change) {
  const CivilTime before = zone.civil(change - Duration(1)), after = zone.civil(change);
  const std::int64_t shown = before.seconds() + 1, then = after.seconds();
  const CivilTime middle =
      CivilTime::from_seconds(shown == then ? shown + 30 * 60 : (shown + then) / 2);
  World world;
  for (const std::string& name : kPeople) world.people.people[name].name = name;
  for (const Kind& kind : kinds()) {
    Rota rota;
    rota.name = kind.name;
    rota.time_zone = zone;
    Layer layer;
    layer.people = kPeople;
    const bool monthly = kind.every[0].unit == Each::month;
    // So long before that one of its hand-overs is in the middle.
    const CivilTime start = monthly                  ? next_month(middle.plus_days(-40), 0)
                            : kind.name == "3 days"  ? middle.plus_days(-9)
                            : kind.name == "7 hours" ? middle.plus_days(-7)
                                                     : middle.plus_days(-21);
    layer.rotation = {kind.every, start};
    if (kind.has_hours) layer.only = {hours_around(zone, before)};
    rota.layers = {layer};
    world.hand_overs.push_back(hand_overs(kind, start, middle.plus_days(3)));
    world.rotas[kind.name] = rota;
  }
  return world;
}

void compare_minutes(const World& world, const Zone& zone, WallTime change) {
  CivilTime reached = zone.civil(change - kBefore);
  std::vector<std::size_t> begun(kinds().size(), 0);  // hand-overs that were
  for (WallTime time = change - kBefore; time < change + kAround; time += minutes(1)) {
    reached = std::max(reached, zone.civil(time));
    if (time < change - kAround) continue;
    At moment(time);
    for (std::size_t i = 0; i < kinds().size(); ++i) {
      const auto& overs = world.hand_overs[i];
      while (begun[i] < overs.size() && overs[begun[i]] <= reached) ++begun[i];
      const Rota& rota = world.rotas.at(kinds()[i].name);
      const bool gap = kinds()[i].has_hours && !rota.layers[0].only[0].covers(time);
      const std::string expected =
          gap || begun[i] == 0 ? "" : kPeople[(begun[i] - 1) % kPeople.size()];
      const OnCall found = on_call(world.roster(), kinds()[i].name, moment);
      if (found.person != expected)
        FAIL(zone.name() << ", every " << kinds()[i].name << ", at " << format_rfc3339(time)
                         << " it is " << found.person << " and not " << expected);
    }
  }
}

void compare_shifts(const World& world, const Zone& zone, WallTime change) {
  const WallTime from = change - hours(24 * 9), until = change + hours(24 * 9);
  for (std::size_t number = 0; number < kinds().size(); ++number) {
    const Kind& kind = kinds()[number];
    INFO(zone.name() << ", every " << kind.name << ", around " << format_rfc3339(change));
    const std::vector<Shift> all = shifts(world.roster(), kind.name, from, until);
    if (all.empty() || all.front().from != from || all.back().until != until)
      FAIL("the first or the last is missing");
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Shift& shift = all[i];
      if (shift.from >= shift.until) FAIL("ends before it begins");
      if (i > 0 && (shift.from != all[i - 1].until || shift.on_call == all[i - 1].on_call))
        FAIL("a hole, an overlap or a hand-over to the same at " << format_rfc3339(shift.from));
      for (const WallTime time :
           {shift.from, shift.from + (shift.until - shift.from) / 2, shift.until - Duration(1)})
        if (on_call(world.roster(), kind.name, time) != shift.on_call)
          FAIL("shifts and on_call differ at " << format_rfc3339(time));
      const bool days = kind.every[0].unit == Each::day || kind.every[0].unit == Each::week;
      if (!days || kind.has_hours || i == 0 || i + 1 == all.size()) continue;
      // Each end is at the time of day of the hand-over, or where clocks skip it.
      const CivilTime& start = world.hand_overs[number][0];
      bool skipped = false;
      for (const WallTime end : {shift.from, shift.until}) {
        CivilTime time = zone.civil(end);
        if (time.hour == start.hour && time.minute == start.minute && time.second == start.second)
          continue;
        skipped = true;
        if (zone.next_transition(end - Duration(1)) != end)
          FAIL("a hand-over at another time of day, " << format_rfc3339(end));
      }
      if (skipped) continue;
      const std::int64_t dates =
          (zone.civil(shift.until).seconds() - zone.civil(shift.from).seconds()) / (24 * 60 * 60);
      const bool fits = std::any_of(kind.every.begin(), kind.every.end(), [&](ShiftLength length) {
        return dates == length.count * (length.unit == Each::week ? 7 : 1);
      });
      if (!fits) FAIL("a shift of " << dates << " days from " << format_rfc3339(shift.from));
    }
  }
}

}  // namespace

TEST_CASE("at every minute around every change of clocks it is one person or the declared gap") {
  const WallTime from = at("2020-01-01T00:00:00Z"), until = at("2040-01-01T00:00:00Z");
  std::set<std::string> seen;
  std::size_t changes = 0;
  for (const Zone& zone : zones_of_the_machine(all_zones())) {
    std::vector<WallTime> all = transitions(zone, from, until);
    if (all.empty()) all.push_back(at("2026-07-01T12:00:00Z"));
    std::string same;
    for (const WallTime change : all)
      same += format_rfc3339(change) + std::to_string(zone.civil(change).seconds() -
                                                      change.time_since_epoch() / hours(1) * 3600);
    if (!all_zones() && !seen.insert(same).second) continue;
    for (const WallTime change : all) {
      const World world = world_around(zone, change);
      compare_minutes(world, zone, change);
      compare_shifts(world, zone, change);
      ++changes;
    }
  }
  CHECK(changes > 1000);
}

TEST_CASE("what clocks have reached never goes back and a time of day is once") {
  for (const Zone& zone : zones_of_the_machine(all_zones())) {
    for (const WallTime change :
         transitions(zone, at("1850-01-01T00:00:00Z"), at("2060-01-01T00:00:00Z"))) {
      INFO(zone.name() << " at " << format_rfc3339(change));
      std::vector<WallTime> times;
      for (const auto by : {-1500, -61, -30, -1, 0, 1, 15, 30, 59, 60, 61, 90, 120, 1439, 1500})
        for (const Duration off : {Duration(-1), Duration(0), Duration(1'000'000)})
          times.push_back(change + minutes(by) + off);
      CivilTime before = zone.reached(times.front() - Duration(1));
      for (const WallTime time : times) {
        const CivilTime reached = zone.reached(time);
        if (reached < before) FAIL("goes back at " << format_rfc3339(time));
        if (reached < zone.civil(time)) FAIL("less than is shown at " << format_rfc3339(time));
        before = reached;
        // The first moment of what is shown is the first at which it is reached.
        const WallTime first = zone.moments(zone.civil(time)).first;
        if (zone.reached(first) < zone.civil(time) ||
            zone.reached(first - Duration(1)) >= zone.civil(time))
          FAIL("not reached at its first moment " << format_rfc3339(first));
      }
    }
  }
}

TEST_CASE("a change of clocks is between two that follow each other") {
  const Zone dublin = zone("Europe/Dublin");
  CHECK(transitions(dublin, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")) ==
        std::vector{at("2026-03-29T01:00:00Z"), at("2026-10-25T01:00:00Z")});
  CHECK(dublin.next_transition(at("2026-03-29T01:00:00Z")) == at("2026-10-25T01:00:00Z"));
  CHECK(dublin.next_transition(at("2026-03-29T01:00:00Z") - Duration(1)) ==
        at("2026-03-29T01:00:00Z"));
  CHECK_FALSE(Zone().next_transition(at("2026-01-01T00:00:00Z")));
  CHECK_FALSE(zone("Asia/Kolkata").next_transition(at("2026-01-01T00:00:00Z")));
  CHECK(dublin.abbreviation(at("2026-01-01T00:00:00Z")) == "GMT");
  CHECK(dublin.abbreviation(at("2026-07-01T00:00:00Z")) == "IST");
}

// When a schedule holds, and what happens to it when clocks change.
#include "router/core/schedule.hpp"

#include "tests/catch.hpp"

using namespace tocsin;

namespace {

using std::chrono::hours;
using std::chrono::minutes;

WallTime at(std::string_view text) { return parse_rfc3339(text).value(); }

Weekdays days(std::initializer_list<Weekday> list) {
  Weekdays all;
  for (const Weekday day : list) all.add(day);
  return all;
}

/// Minutes of the day in Berlin, an hour ahead of UTC in winter and two in summer.
Schedule berlin(int from, int until, Weekdays on = Weekdays::all()) {
  Schedule schedule;
  schedule.zone = Zone::load("Europe/Berlin").value();
  schedule.days = on;
  schedule.from_minute = from;
  schedule.until_minute = until;
  return schedule;
}

constexpr int hour(int full, int minute = 0) { return full * 60 + minute; }

}  // namespace

TEST_CASE("a schedule covers its hours on its days in its zone") {
  const Schedule office = berlin(hour(9), hour(17), days({Weekday::monday, Weekday::tuesday}));
  CHECK_FALSE(office.covers(at("2026-11-23T07:59:59Z")));  // a Monday
  CHECK(office.covers(at("2026-11-23T08:00:00Z")));
  CHECK(office.covers(at("2026-11-23T15:59:59Z")));
  CHECK_FALSE(office.covers(at("2026-11-23T16:00:00Z")));
  CHECK_FALSE(office.covers(at("2026-11-25T10:00:00Z")));
  CHECK(office.ends_at(at("2026-11-23T08:00:00Z")) == at("2026-11-23T16:00:00Z"));
  CHECK_FALSE(office.ends_at(at("2026-11-23T16:00:00Z")));
  CHECK(office.next_start(at("2026-11-23T07:00:00Z")) == at("2026-11-23T08:00:00Z"));
  // While it covers, the one after.
  CHECK(office.next_start(at("2026-11-23T08:00:00Z")) == at("2026-11-24T08:00:00Z"));
  CHECK(office.next_start(at("2026-11-24T16:00:00Z")) == at("2026-11-30T08:00:00Z"));
}

TEST_CASE("hours that pass midnight belong to the day on which they begin") {
  const Schedule night = berlin(hour(22), hour(4), days({Weekday::saturday}));
  CHECK(night.covers(at("2026-11-21T21:00:00Z")));  // a Saturday, 22:00
  CHECK(night.covers(at("2026-11-22T02:59:59Z")));
  CHECK_FALSE(night.covers(at("2026-11-22T03:00:00Z")));
  CHECK_FALSE(night.covers(at("2026-11-21T01:00:00Z")));
  CHECK_FALSE(night.covers(at("2026-11-22T21:00:00Z")));
  CHECK(night.ends_at(at("2026-11-21T23:30:00Z")) == at("2026-11-22T03:00:00Z"));
  CHECK(night.next_start(at("2026-11-22T03:00:00Z")) == at("2026-11-28T21:00:00Z"));
}

TEST_CASE("days that follow each other are one window") {
  const Schedule weekend = berlin(0, kMinutesOfDay, days({Weekday::saturday, Weekday::sunday}));
  CHECK(weekend.ends_at(at("2026-11-21T12:00:00Z")) == at("2026-11-22T23:00:00Z"));
  CHECK(weekend.next_start(at("2026-11-21T12:00:00Z")) == at("2026-11-27T23:00:00Z"));
}

TEST_CASE("bounds cut a schedule and alone are a window that holds once") {
  Schedule once;
  once.from = at("2026-12-24T09:00:00Z");
  once.until = at("2026-12-27T09:00:00Z");
  CHECK(once.is_unbroken());
  CHECK_FALSE(once.covers(*once.from - Duration(1)));
  CHECK((once.covers(*once.from) && once.covers(*once.until - Duration(1))));
  CHECK_FALSE(once.covers(*once.until));
  CHECK(once.ends_at(at("2026-12-25T00:00:00Z")) == once.until);
  CHECK(once.next_start(at("2026-01-01T00:00:00Z")) == once.from);
  CHECK_FALSE(once.next_start(*once.from));
  CHECK_FALSE(once.next_start(*once.until));

  Schedule nights = berlin(hour(22), hour(4));
  nights.from = at("2026-12-01T23:00:00Z");   // midnight in Berlin, in the middle of a night
  nights.until = at("2026-12-03T22:00:00Z");  // 23:00 in Berlin
  CHECK_FALSE(nights.covers(at("2026-12-01T22:00:00Z")));
  CHECK(nights.next_start(at("2026-11-01T00:00:00Z")) == at("2026-12-01T23:00:00Z"));
  CHECK(nights.ends_at(at("2026-12-01T23:00:00Z")) == at("2026-12-02T03:00:00Z"));
  CHECK(nights.ends_at(at("2026-12-03T21:30:00Z")) == nights.until);
  CHECK_FALSE(nights.next_start(at("2026-12-03T21:30:00Z")));
}

TEST_CASE("what has neither days nor hours nor bounds covers every moment and never ends") {
  const Schedule always;
  CHECK(always.covers(at("2026-01-01T00:00:00Z")));
  CHECK_FALSE(always.ends_at(at("2026-01-01T00:00:00Z")));
  CHECK_FALSE(always.next_start(at("2026-01-01T00:00:00Z")));
  Schedule never = always;
  never.days = Weekdays();
  CHECK_FALSE(never.covers(at("2026-01-01T00:00:00Z")));
  CHECK_FALSE(never.next_start(at("2026-01-01T00:00:00Z")));
}

// In Berlin clocks went from 02:00 to 03:00 at 2026-03-29T01:00Z, and from 03:00 to 02:00 at
// 2026-10-25T01:00Z.
TEST_CASE("a time that spring skips is the first moment after it") {
  const WallTime gap = at("2026-03-29T01:00:00Z");
  const Schedule until_gap = berlin(hour(1), hour(2, 30));
  CHECK(until_gap.ends_at(at("2026-03-29T00:30:00Z")) == gap);
  const Schedule from_gap = berlin(hour(2, 30), hour(5));
  CHECK(from_gap.next_start(at("2026-03-29T00:30:00Z")) == gap);
  CHECK_FALSE(from_gap.covers(gap - Duration(1)));
  CHECK(from_gap.ends_at(gap) == at("2026-03-29T03:00:00Z"));
  // All of it skipped: there is none that day, and that is no error.
  const Schedule swallowed = berlin(hour(2), hour(2, 45));
  CHECK_FALSE(swallowed.covers(gap));
  CHECK(swallowed.next_start(at("2026-03-28T12:00:00Z")) == at("2026-03-30T00:00:00Z"));
  // The gap between an end and a start is skipped: two are one.
  const Schedule joined = berlin(hour(3), hour(2));
  CHECK(joined.ends_at(at("2026-03-28T12:00:00Z")) == at("2026-03-30T00:00:00Z"));
}

TEST_CASE("a time that autumn repeats starts at its first and ends at its last") {
  const Schedule until_repeat = berlin(hour(1), hour(2, 30));
  CHECK(until_repeat.ends_at(at("2026-10-25T00:15:00Z")) == at("2026-10-25T01:30:00Z"));
  const Schedule from_repeat = berlin(hour(2, 30), hour(4));
  CHECK(from_repeat.next_start(at("2026-10-24T12:00:00Z")) == at("2026-10-25T00:30:00Z"));
  CHECK(from_repeat.covers(at("2026-10-25T01:15:00Z")));
  CHECK(from_repeat.ends_at(at("2026-10-25T00:30:00Z")) == at("2026-10-25T03:00:00Z"));
  // Within the hour that comes twice.
  const Schedule within = berlin(hour(2, 15), hour(2, 45));
  CHECK(within.ends_at(at("2026-10-25T00:15:00Z")) == at("2026-10-25T01:45:00Z"));
}

TEST_CASE("the end and the next start agree with what is covered minute by minute") {
  std::vector<Schedule> all{berlin(hour(22), hour(4), days({Weekday::saturday, Weekday::sunday})),
                            berlin(hour(2, 30), hour(2, 10)), berlin(hour(1), hour(2, 30)),
                            berlin(hour(2, 15), hour(2, 45)),
                            berlin(0, kMinutesOfDay, days({Weekday::sunday, Weekday::monday}))};
  all.push_back(all[0]);
  all.back().from = at("2026-03-27T12:00:00Z");
  all.back().until = at("2026-10-25T00:45:00Z");
  for (std::size_t number = 0; number < all.size(); ++number)
    for (const char* around : {"2026-03-26T00:00:00Z", "2026-10-22T00:00:00Z"}) {
      const Schedule& schedule = all[number];
      bool covered = schedule.covers(at(around));
      auto end = schedule.ends_at(at(around)), start = schedule.next_start(at(around));
      for (WallTime now = at(around); now < at(around) + hours(24 * 6); now += minutes(5)) {
        INFO(number << " at " << format_rfc3339(now));
        const bool covers = schedule.covers(now);
        if (covers && !covered) REQUIRE(start == now);
        if (!covers && covered) REQUIRE(end == now);
        if (covers != covered || start == now) {
          end = schedule.ends_at(now);
          start = schedule.next_start(now);
        }
        covered = covers;
        REQUIRE(end.has_value() == covers);
        if (start) REQUIRE(*start > now);
      }
    }
}

TEST_CASE("moments at the ends of time are no trouble") {
  const Schedule night = berlin(hour(22), hour(4));
  for (const WallTime time : {WallTime::min(), WallTime::max(), WallTime{}}) {
    static_cast<void>(night.covers(time));
    static_cast<void>(night.ends_at(time));
    static_cast<void>(night.next_start(time));
  }
  CHECK(true);
}

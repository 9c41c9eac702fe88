#include <algorithm>

#include "router/oncall/rota.hpp"

namespace tocsin::oncall {
namespace {

constexpr std::int64_t kMinute = 60'000'000;  // microseconds, as all here
constexpr std::int64_t kDay = kMinutesOfDay * kMinute;

/// An occurrence that covers a moment begins on its date or the one before, and ends on its date or
/// the one after; with clocks that do not change for well over that, it is arithmetic.
constexpr std::chrono::hours kSteadyFor{24 * 4};

/// Here the database lists every change, and sums do not overflow; elsewhere schedules are asked
/// the slow way.
constexpr std::chrono::sys_days kListedFrom = std::chrono::year(1800) / 1 / 1;
constexpr std::chrono::sys_days kListedUntil = std::chrono::year(2200) / 1 / 1;

std::int64_t floor_day(std::int64_t time) { return (time >= 0 ? time : time - (kDay - 1)) / kDay; }

/// Day 0, the 1st of January 1970, was a Thursday.
Weekday weekday_of(std::int64_t day) {
  const std::int64_t number = (day + static_cast<int>(Weekday::thursday)) % kWeekdays;
  return static_cast<Weekday>(number >= 0 ? number : number + kWeekdays);
}

At::Clocks look(const Zone& zone, WallTime time) {
  const CivilTime reached = zone.reached(time);
  At::Clocks clocks{reached, reached.seconds(), std::nullopt};
  if (time < kListedFrom || time >= kListedUntil) return clocks;
  const auto change = zone.next_transition(time - kSteadyFor);
  if (change && *change <= time + kSteadyFor) return clocks;
  const WallTime whole = std::chrono::floor<std::chrono::seconds>(time);
  clocks.steady = clocks.reached_seconds * 1'000'000 + (time - whole).count();
  return clocks;
}

}  // namespace

const At::Clocks& At::clocks(const Zone& zone) {
  const std::string& name = zone.name();
  if (last_ && *last_name_ == name) return *last_;
  auto found = clocks_.find(name);
  if (found == clocks_.end()) found = clocks_.emplace(name, look(zone, time_)).first;
  last_name_ = &found->first;
  last_ = &found->second;
  return *last_;
}

bool At::covers(const Schedule& schedule) {
  if ((schedule.from && time_ < *schedule.from) || (schedule.until && time_ >= *schedule.until))
    return false;
  if (schedule.is_unbroken()) return true;
  const Clocks& now = clocks(schedule.zone);
  if (!now.steady) return schedule.covers(time_);
  const std::int64_t length = (schedule.until_minute > schedule.from_minute ? 0 : kDay) +
                              (schedule.until_minute - schedule.from_minute) * kMinute;
  const std::int64_t today = floor_day(*now.steady);
  for (std::int64_t day = today - 1; day <= today; ++day) {
    const std::int64_t begin = day * kDay + schedule.from_minute * kMinute;
    if (begin <= *now.steady && *now.steady < begin + length && schedule.days.has(weekday_of(day)))
      return true;
  }
  return false;
}

}  // namespace tocsin::oncall

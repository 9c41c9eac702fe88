#include "router/core/schedule.hpp"

#include <algorithm>

namespace tocsin {
namespace {

/// An occurrence that covers a moment began at most this many dates before it: one for midnight,
/// one for zones that once left out a whole day.
constexpr int kDaysBack = 2;
/// Some day of the next two weeks has an occurrence, even if the clocks swallow that of the first.
constexpr int kDaysAhead = 15;
/// Occurrences that follow each other without a gap: a week of whole days at the most, and a few
/// more that a change of clocks joins.
constexpr int kMostJoined = 32;

struct Span {
  WallTime begin, end;

  bool has(WallTime time) const { return begin <= time && time < end; }
};

/// What begins on the date of `day`, within the bounds; nothing if that is no time at all.
std::optional<Span> occurrence(const Schedule& schedule, const CivilTime& day) {
  if (!schedule.days.has(day.weekday())) return std::nullopt;
  const bool next_day = schedule.until_minute <= schedule.from_minute;
  const CivilTime end = (next_day ? day.plus_days(1) : day).at_minute(schedule.until_minute);
  Span span{schedule.zone.moments(day.at_minute(schedule.from_minute)).first,
            schedule.zone.moments(end).last};
  if (schedule.from) span.begin = std::max(span.begin, *schedule.from);
  if (schedule.until) span.end = std::min(span.end, *schedule.until);
  return span.begin < span.end ? std::optional(span) : std::nullopt;
}

bool within_bounds(const Schedule& schedule, WallTime now) {
  return (!schedule.from || *schedule.from <= now) && (!schedule.until || now < *schedule.until);
}

/// The end of the occurrences that hold `now`, the latest where they overlap.
std::optional<WallTime> end_of_those_at(const Schedule& schedule, WallTime now) {
  std::optional<WallTime> end;
  const CivilTime today = schedule.zone.civil(now);
  for (int days = -kDaysBack; days <= kDaysBack; ++days) {
    const auto span = occurrence(schedule, today.plus_days(days));
    if (span && span->has(now) && (!end || *end < span->end)) end = span->end;
  }
  return end;
}

}  // namespace

bool Schedule::is_unbroken() const {
  return days == Weekdays::all() && from_minute == 0 && until_minute == kMinutesOfDay;
}

bool Schedule::covers(WallTime now) const {
  if (!within_bounds(*this, now)) return false;
  return is_unbroken() || end_of_those_at(*this, now).has_value();
}

std::optional<WallTime> Schedule::ends_at(WallTime now) const {
  if (!covers(now)) return std::nullopt;
  if (is_unbroken()) return until;
  std::optional<WallTime> end = end_of_those_at(*this, now);
  for (int joined = 0; joined < kMostJoined; ++joined) {
    const auto next = end_of_those_at(*this, *end);
    if (!next) return end;
    end = next;
  }
  return end;
}

std::optional<WallTime> Schedule::next_start(WallTime now) const {
  if (is_unbroken()) {
    const bool to_come = from && now < *from && (!until || *from < *until);
    return to_come ? from : std::nullopt;
  }
  const WallTime after = covers(now) ? ends_at(now).value_or(now) : now;
  const CivilTime first = zone.civil(from ? std::max(after, *from) : after);
  // A later date begins no earlier, so the first is the next.
  for (int ahead = -kDaysBack; ahead <= kDaysAhead; ++ahead) {
    const auto span = occurrence(*this, first.plus_days(ahead));
    if (span && span->begin > now && span->begin >= after) return span->begin;
  }
  return std::nullopt;
}

}  // namespace tocsin

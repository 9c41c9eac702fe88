#include "router/core/zone.hpp"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <algorithm>
#include <charconv>

namespace tocsin {
namespace {

constexpr std::array<std::string_view, kWeekdays> kWeekdayNames{
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
constexpr std::size_t kShortNameBytes = 3;

constexpr std::int64_t kYearsOfCycle = 400;
constexpr std::int64_t kDaysOfCycle = 146'097;
constexpr std::int64_t kDaysBefore1970 = 719'468;  // since the 1st of March of the year 0

// "2026-12-24T10:00" and "2026-12-24T10:00:30"; a digit of a number is a 0 here.
constexpr std::string_view kMinutesShape = "0000-00-00T00:00";
constexpr std::string_view kSecondsShape = "0000-00-00T00:00:00";

/// The name becomes part of a path below the database, so it may not lead out of it. "localtime"
/// differs between machines, and "right/…" counts leap seconds, which nobody's clock does.
bool is_zone_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '+' || c == '-' || c == '/';
  };
  return !name.empty() && name.size() <= kMostZoneNameBytes && name.front() != '/' &&
         std::all_of(name.begin(), name.end(), fits) && name != "localtime" &&
         !name.starts_with("right/");
}

absl::CivilSecond to_absl(const CivilTime& civil) {
  return absl::CivilSecond(civil.year, civil.month, civil.day, civil.hour, civil.minute,
                           civil.second);
}

CivilTime from_absl(const absl::CivilSecond& civil) {
  return {civil.year(), civil.month(), civil.day(), civil.hour(), civil.minute(), civil.second()};
}

WallTime wall(absl::Time time) { return WallTime(Duration(absl::ToUnixMicros(time))); }

int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int number = 0;
  std::from_chars(text.data() + at, text.data() + at + digits, number);
  return number;
}

bool has_shape(std::string_view text, std::string_view shape) {
  const auto fits = [](char c, char wanted) {
    return wanted == '0' ? c >= '0' && c <= '9' : c == wanted;
  };
  return std::equal(text.begin(), text.end(), shape.begin(), shape.end(), fits);
}

}  // namespace

std::string_view to_string(Weekday day) {
  return kWeekdayNames[static_cast<std::size_t>(day)].substr(0, kShortNameBytes);
}

std::optional<Weekday> weekday_named(std::string_view word) {
  for (std::size_t day = 0; day < kWeekdayNames.size(); ++day)
    if (word == kWeekdayNames[day] || word == kWeekdayNames[day].substr(0, kShortNameBytes))
      return static_cast<Weekday>(day);
  return std::nullopt;
}

Weekday CivilTime::weekday() const {
  return static_cast<Weekday>(absl::GetWeekday(absl::CivilDay(year, month, day)));
}

CivilTime CivilTime::plus_days(std::int64_t days) const {
  const absl::CivilDay date = absl::CivilDay(year, month, day) + days;
  return {date.year(), date.month(), date.day(), hour, minute, second};
}

CivilTime CivilTime::at_minute(int minutes) const {
  return from_absl(absl::CivilSecond(year, month, day, 0, minutes, 0));
}

// Both by the calendar's cycle of 400 years, with the year beginning in March (Howard Hinnant,
// "chrono-compatible low-level date algorithms"); no loop, and cheap enough to ask for every layer
// of ten thousand rotas.
std::int64_t CivilTime::seconds() const {
  const std::int64_t y = year - (month <= 2 ? 1 : 0);
  const std::int64_t era = (y >= 0 ? y : y - (kYearsOfCycle - 1)) / kYearsOfCycle;
  const std::int64_t year_of_era = y - era * kYearsOfCycle;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  const std::int64_t days = era * kDaysOfCycle + day_of_era - kDaysBefore1970;
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

CivilTime CivilTime::from_seconds(std::int64_t seconds) {
  constexpr std::int64_t kDay = 24 * 60 * 60;
  const std::int64_t date = (seconds >= 0 ? seconds : seconds - (kDay - 1)) / kDay;
  const int time_of_day = static_cast<int>(seconds - date * kDay);
  const std::int64_t z = date + kDaysBefore1970;
  const std::int64_t era = (z >= 0 ? z : z - (kDaysOfCycle - 1)) / kDaysOfCycle;
  const std::int64_t day_of_era = z - era * kDaysOfCycle;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const int month = static_cast<int>(month_from_march + (month_from_march < 10 ? 3 : -9));
  return {year_of_era + era * kYearsOfCycle + (month <= 2 ? 1 : 0),
          month,
          static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1),
          time_of_day / 3600,
          time_of_day / 60 % 60,
          time_of_day % 60};
}

int days_of_month(std::int64_t year, int month) {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

Result<CivilTime> parse_civil(std::string_view text) {
  const bool seconds = has_shape(text, kSecondsShape);
  if (!seconds && !has_shape(text, kMinutesShape))
    return invalid("not a time such as 2026-12-24T10:00");
  const CivilTime civil{number_at(text, 0, 4),  number_at(text, 5, 2),
                        number_at(text, 8, 2),  number_at(text, 11, 2),
                        number_at(text, 14, 2), seconds ? number_at(text, 17, 2) : 0};
  // Abseil makes the 2nd of March of the 30th of February; whoever wrote that meant something else.
  if (from_absl(to_absl(civil)) != civil || civil.year == 0)
    return invalid("no calendar and no clock has this time; write one such as 2026-12-24T10:00");
  return civil;
}

struct Zone::Table {
  std::string name;
  absl::TimeZone zone;
};

Zone::Zone() {
  static const auto utc =
      std::make_shared<const Table>(Table{std::string("UTC"), absl::UTCTimeZone()});
  table_ = utc;
}

Result<Zone> Zone::load(const std::string& name) {
  auto table = std::make_shared<Table>();
  table->name = name;
  // Debian's Abseil is built with a string_view of its own.
  if (!is_zone_name(name) ||
      !absl::LoadTimeZone(absl::string_view(name.data(), name.size()), &table->zone))
    return invalid(
        "no such time zone on this machine; write an IANA name such as Europe/Dublin, or UTC (the "
        "names come with the package tzdata)");
  return Zone(std::move(table));
}

const std::string& Zone::name() const { return table_->name; }

CivilTime Zone::civil(WallTime time) const {
  return from_absl(table_->zone.At(absl::FromUnixMicros(time.time_since_epoch().count())).cs);
}

Moments Zone::moments(const CivilTime& civil) const {
  const absl::TimeZone::TimeInfo at = table_->zone.At(to_absl(civil));
  switch (at.kind) {
    case absl::TimeZone::TimeInfo::UNIQUE:
      break;
    case absl::TimeZone::TimeInfo::SKIPPED:
      return {Moments::Kind::skipped, wall(at.trans), wall(at.trans)};
    case absl::TimeZone::TimeInfo::REPEATED:
      return {Moments::Kind::repeated, wall(at.pre), wall(at.post)};
  }
  return {Moments::Kind::once, wall(at.pre), wall(at.pre)};
}

CivilTime Zone::reached(WallTime time) const {
  const absl::Time moment = absl::FromUnixMicros(time.time_since_epoch().count());
  const absl::CivilSecond shown = table_->zone.At(moment).cs;
  const absl::TimeZone::TimeInfo at = table_->zone.At(shown);
  const bool again = at.kind == absl::TimeZone::TimeInfo::REPEATED && moment >= at.post;
  return from_absl(again ? table_->zone.At(at.trans - absl::Seconds(1)).cs : shown);
}

std::optional<WallTime> Zone::next_transition(WallTime time) const {
  absl::TimeZone::CivilTransition change;
  if (!table_->zone.NextTransition(absl::FromUnixMicros(time.time_since_epoch().count()), &change))
    return std::nullopt;
  return wall(table_->zone.At(change.to).trans);
}

std::string Zone::abbreviation(WallTime time) const {
  return table_->zone.At(absl::FromUnixMicros(time.time_since_epoch().count())).zone_abbr;
}

}  // namespace tocsin

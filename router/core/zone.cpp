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

}  // namespace tocsin

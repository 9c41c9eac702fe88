// Times as the configuration has them: zones, moments, times of day, and the days and hours on
// which something holds.
#include <algorithm>

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

constexpr std::string_view kHoursShape = "HH:MM-HH:MM";

/// "22:00-04:00" as minutes of the day; nothing if it is written in another way.
std::optional<std::pair<int, int>> parse_hours(std::string_view text) {
  if (text.size() != kHoursShape.size() || text[5] != '-') return std::nullopt;
  const auto from = minute_of_day(text.substr(0, 5)), until = minute_of_day(text.substr(6));
  if (!from || !until || *from == kMinutesOfDay) return std::nullopt;
  return std::pair(*from, *until == 0 ? kMinutesOfDay : *until);
}

/// Days and hours, of which at least one is written; nothing if one is wrong, which is told.
std::optional<Schedule> read_one(const Value& value, const Keys& keys, const Zone& zone) {
  const auto section = Section::open(value, keys);
  if (!section) return std::nullopt;
  Schedule schedule;
  schedule.zone = zone;
  const bool whole = read_days_and_hours(*section, schedule);
  if (!section->find("days") && !section->find("hours")) {
    value.fault(
        "says neither days nor hours; write e.g. {days: [Mon, Tue], hours: \"09:00-17:00\"}");
    return std::nullopt;
  }
  return whole ? std::optional(schedule) : std::nullopt;
}

}  // namespace

std::optional<int> minute_of_day(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || !digit(0) || !digit(1) || text[2] != ':' || !digit(3) || !digit(4))
    return std::nullopt;
  const int hour = (text[0] - '0') * 10 + text[1] - '0';
  const int minute = (text[3] - '0') * 10 + text[4] - '0';
  const int all = hour * 60 + minute;
  return minute < 60 && all <= kMinutesOfDay ? std::optional(all) : std::nullopt;
}

std::optional<Zone> read_zone(const Value& value) {
  const auto name = value.word();
  if (!name) return std::nullopt;
  auto zone = Zone::load(*name);
  if (zone) return std::move(*zone);
  value.fault(shown(*name) + ": " + zone.error().message);
  return std::nullopt;
}

bool read_hours(const Value& value, Schedule& schedule) {
  const auto text = value.some_text();
  if (!text || text->placeholder) return false;
  const auto hours = parse_hours(text->value);
  if (!hours) {
    value.fault(shown(*text) + " is no pair of times; write e.g. \"22:00-04:00\"");
    return false;
  }
  if (hours->first == hours->second) {
    value.fault("begins and ends at the same time; leave hours out for the whole day, or mend one");
    return false;
  }
  schedule.from_minute = hours->first;
  schedule.until_minute = hours->second;
  return true;
}

bool read_days(const Value& value, Schedule& schedule) {
  const auto entries = value.list();
  if (entries.empty() && value.node().kind == Node::Kind::sequence)
    value.fault("empty; leave it out for every day");
  Weekdays days;
  std::size_t read = 0;
  for (const Value& entry : entries) {
    const auto word = entry.word();
    if (!word) continue;
    if (const auto day = weekday_named(*word)) {
      days.add(*day);
      ++read;
    } else {
      entry.fault(shown(*word) + " is no day; write Mon, Tue, Wed, Thu, Fri, Sat or Sun");
    }
  }
  schedule.days = days;
  return read > 0 && read == entries.size();
}

bool read_days_and_hours(const Section& section, Schedule& schedule) {
  const auto days = section.find("days"), hours = section.find("hours");
  const bool whole = !days || read_days(*days, schedule);
  return (!hours || read_hours(*hours, schedule)) && whole;
}

std::vector<Schedule> read_schedules(const Value& value, const Keys& keys, const Zone& zone) {
  std::vector<Schedule> all;
  const bool many = value.node().kind == Node::Kind::sequence;
  const std::vector<Value> entries = many ? value.list() : std::vector<Value>{value};
  if (entries.empty()) value.fault("empty; leave it out, or write e.g. {hours: \"09:00-17:00\"}");
  if (entries.size() > kMostSchedules) {
    value.fault("more than " + std::to_string(kMostSchedules) + " entries; use fewer");
    return all;
  }
  for (const Value& entry : entries)
    if (auto schedule = read_one(entry, keys, zone)) all.push_back(std::move(*schedule));
  return all;
}

std::optional<WallTime> read_moment(const Value& value, const Zone* zone, Edge edge) {
  const auto text = value.some_text();
  if (!text || text->placeholder) return std::nullopt;
  if (const auto civil = parse_civil(text->value)) {
    if (!zone) {
      value.fault(shown(*text) +
                  " is in whose time? write time_zone: beside the person's name, or an offset: "
                  "2026-12-24T10:00:00Z");
      return std::nullopt;
    }
    const Moments moments = zone->moments(*civil);
    return edge == Edge::begin ? moments.first : moments.last;
  }
  if (const auto time = parse_rfc3339(text->value)) return *time;
  value.fault(shown(*text) +
              " is no time; write e.g. 2026-12-24T10:00, or with an offset 2026-12-24T10:00:00Z");
  return std::nullopt;
}

std::optional<Period> read_period(const Section& section, const Zone* zone,
                                  std::string_view why_from, std::string_view why_until) {
  const auto from = section.require("from", why_from), until = section.require("until", why_until);
  const auto begin = from ? read_moment(*from, zone, Edge::begin) : std::nullopt;
  const auto end = until ? read_moment(*until, zone, Edge::end) : std::nullopt;
  if (!begin || !end) return std::nullopt;
  if (*end > *begin) return Period{*begin, *end};
  until->fault("not after from; mend one of the two");
  return std::nullopt;
}

std::string read_why(const Value& value) {
  auto text = value.some_text();
  if (text && text->value.size() > kMostWhyBytes)
    value.fault("longer than " + std::to_string(kMostWhyBytes) + " bytes; write less");
  return text ? std::move(text->value) : std::string();
}

}  // namespace tocsin::settings

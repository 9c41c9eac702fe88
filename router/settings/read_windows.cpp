// windows: maintenance that is planned, as silences with a schedule.
#include "rules/silence.hpp"

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

constexpr std::string_view kHoursShape = "HH:MM-HH:MM";

/// "22:00-04:00" as minutes of the day; nothing if it is written in another way.
std::optional<std::pair<int, int>> read_hours(std::string_view text) {
  if (text.size() != kHoursShape.size() || text[5] != '-') return std::nullopt;
  const auto minutes = [](std::string_view time) -> std::optional<int> {
    const auto digit = [&](std::size_t at) { return time[at] >= '0' && time[at] <= '9'; };
    if (!digit(0) || !digit(1) || time[2] != ':' || !digit(3) || !digit(4)) return std::nullopt;
    const int hour = (time[0] - '0') * 10 + time[1] - '0';
    const int minute = (time[3] - '0') * 10 + time[4] - '0';
    const int all = hour * 60 + minute;
    return minute < 60 && all <= kMinutesOfDay ? std::optional(all) : std::nullopt;
  };
  const auto from = minutes(text.substr(0, 5)), until = minutes(text.substr(6));
  if (!from || !until || *from == kMinutesOfDay) return std::nullopt;
  return std::pair(*from, *until == 0 ? kMinutesOfDay : *until);
}

/// As read_days(), false if it is wrong, which is told.
bool read_hours(const Value& value, Schedule& schedule) {
  const auto text = value.some_text();
  if (!text || text->placeholder) return false;
  const auto hours = read_hours(text->value);
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

/// "2026-12-24T10:00" in the window's zone, or with an offset. Where clocks show it twice, a
/// beginning is the first and an end the last.
std::optional<WallTime> read_time(const Value& value, const Zone& zone, bool begins) {
  const auto text = value.some_text();
  if (!text || text->placeholder) return std::nullopt;
  if (const auto civil = parse_civil(text->value)) {
    const Moments moments = zone.moments(*civil);
    return begins ? moments.first : moments.last;
  }
  if (const auto time = parse_rfc3339(text->value)) return *time;
  value.fault(shown(*text) +
              " is no time; write e.g. 2026-12-24T10:00, or with an offset 2026-12-24T10:00:00Z");
  return std::nullopt;
}

void read_schedule(const Section& section, Schedule& schedule) {
  if (const auto value = section.find("time_zone")) {
    if (const auto name = value->word()) {
      auto zone = Zone::load(*name);
      if (zone)
        schedule.zone = std::move(*zone);
      else
        value->fault(shown(*name) + ": " + zone.error().message);
    }
  }
  const auto from = section.find("from"), until = section.find("until"),
             days = section.find("days"), hours = section.find("hours");
  if (from) schedule.from = read_time(*from, schedule.zone, true);
  if (until) schedule.until = read_time(*until, schedule.zone, false);
  bool whole = !days || read_days(*days, schedule);
  whole = (!hours || read_hours(*hours, schedule)) && whole;
  if (schedule.from && schedule.until && *schedule.until <= *schedule.from)
    until->fault("not after from; mend one of the two");
  if (whole && schedule.is_unbroken() && !until)
    section.value().fault(
        "it would never end; give it until, hours or fewer days (what nobody ever needs to know is "
        "a rule with suppress)");
}

/// False if there are none, or one is wrong, which is told.
bool read_which(const Section& section, rules::Window& window) {
  const auto value =
      section.require("matchers", "say which alerts, e.g. matchers: ['service=\"api\"']");
  if (!value) return false;
  Matchers matchers = read_matchers(*value);
  window.matchers = std::move(matchers.all);
  if (!matchers.whole) return false;
  if (window.matchers.empty())
    value->fault(
        "empty; say which alerts, e.g. 'service=\"api\"', or 'alertname=~\".+\"' for "
        "every one");
  else if (window.matchers.size() > rules::kMostSilenceMatchers)
    value->fault("more than " + std::to_string(rules::kMostSilenceMatchers) +
                 " matchers; use fewer");
  else if (rules::matches_without_labels(window.matchers))
    value->fault(
        "match an alert without any label, and so perhaps every alert; add e.g. "
        "'service=\"api\"', or 'alertname=~\".+\"' if every alert is meant");
  return true;
}

void read_window(const Value& value, const Team& team, Draft& draft) {
  const auto section = Section::open(value, kWindow);
  if (!section) return;
  rules::Window window;
  window.team = team.name;
  if (const auto name =
          section->require("name", "whoever finds an alert held by it wants to know")) {
    if (const auto word = name->name()) {
      window.name = *word;
      draft.names.define(Noun::window, *word, name->place(), draft.report);
    }
  }
  const bool whole = read_which(*section, window);
  if (const auto why = section->require("why", "say what is done meanwhile")) {
    if (auto text = why->some_text()) {
      if (text->value.size() > rules::kMostSilenceWhyBytes)
        why->fault("longer than " + std::to_string(rules::kMostSilenceWhyBytes) +
                   " bytes; write less");
      window.why = std::move(text->value);
    }
  }
  read_schedule(*section, window.schedule);
  // A matcher that is only unknown, for want of a variable, would leave a wider window behind.
  if (whole) draft.settings.windows.push_back(std::move(window));
  if (draft.settings.windows.size() == kMostWindows + 1)
    value.fault("more than " + std::to_string(kMostWindows) +
                " windows in all files, and every alert is held against each; remove some");
}

}  // namespace

void read_windows(const Value& value, const Team& team, Draft& draft) {
  for (const Value& window : value.list()) read_window(window, team, draft);
}

}  // namespace tocsin::settings

// windows: maintenance that is planned, as silences with a schedule.
#include "rules/silence.hpp"

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

void read_schedule(const Section& section, Schedule& schedule) {
  if (const auto value = section.find("time_zone"))
    if (auto zone = read_zone(*value)) schedule.zone = std::move(*zone);
  const auto from = section.find("from"), until = section.find("until");
  if (from) schedule.from = read_moment(*from, &schedule.zone, Edge::begin);
  if (until) schedule.until = read_moment(*until, &schedule.zone, Edge::end);
  const bool whole = read_days_and_hours(section, schedule);
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
  if (const auto why = section->require("why", "say what is done meanwhile"))
    window.why = read_why(*why);
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

// Policies of which every step has `only`: at some time, or for some severity, all of them may be
// passed over. Behind any other policy then stands the default policy, and behind that nobody.
#include <algorithm>
#include <bitset>
#include <map>

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

using MinutesOfWeek = std::bitset<kWeekdays * kMinutesOfDay>;

void add(const Schedule& schedule, MinutesOfWeek& minutes) {
  const int length = schedule.until_minute > schedule.from_minute
                         ? schedule.until_minute - schedule.from_minute
                         : schedule.until_minute + kMinutesOfDay - schedule.from_minute;
  for (int day = 0; day < kWeekdays; ++day) {
    if (!schedule.days.has(static_cast<Weekday>(day))) continue;
    const int first = day * kMinutesOfDay + schedule.from_minute;
    for (int minute = first; minute < first + length; ++minute)
      minutes.set(static_cast<std::size_t>(minute) % minutes.size());
  }
}

/// Only steps of one zone are put together: those of two drift apart when clocks change.
bool some_step_at_any_time(const Policy& policy, Severity severity) {
  std::map<std::string, MinutesOfWeek> by_zone;
  for (const Step& step : policy.steps) {
    const auto& severities = step.only.severities;
    if (!severities.empty() &&
        std::find(severities.begin(), severities.end(), severity) == severities.end())
      continue;
    if (step.only.hours.empty()) return true;
    for (const Schedule& schedule : step.only.hours) add(schedule, by_zone[schedule.zone.name()]);
  }
  return std::any_of(by_zone.begin(), by_zone.end(),
                     [](const auto& zone) { return zone.second.all(); });
}

bool some_step_always(const Policy& policy) {
  if (std::any_of(policy.steps.begin(), policy.steps.end(),
                  [](const Step& step) { return step.only.always(); }))
    return true;
  const auto all = {Severity::critical, Severity::error, Severity::warning, Severity::info};
  return std::all_of(all.begin(), all.end(),
                     [&](Severity severity) { return some_step_at_any_time(policy, severity); });
}

}  // namespace

void check_policies(Draft& draft) {
  for (const auto& [name, policy] : draft.settings.policies) {
    if (policy.steps.empty() || some_step_always(policy)) continue;
    if (name == draft.settings.default_policy)
      draft.report.fault(draft.default_page,
                         "every step of " + shown(name) +
                             " has only:, and when none of them is taken nobody is left to page; "
                             "give it a step without");
    else if (const auto place = draft.policy_places.find(name); place != draft.policy_places.end())
      draft.report.note(place->second,
                        "every step has only:, and when none of them is taken the default policy "
                        "is paged (in a drill, nobody); add a step without if that is not meant");
  }
}

}  // namespace tocsin::settings

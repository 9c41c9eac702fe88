#include "router/engine/holding.hpp"

namespace tocsin::engine {
namespace {

std::string words(std::string_view who, std::optional<WallTime> until, const std::string& why) {
  std::string text(who);
  if (until) text += " until " + format_rfc3339(*until);
  return why.empty() ? text : text + ": " + why;
}

// Without an end it is looked at again soon, so it counts as the first to end.
WallTime end_of(const Hold& hold) { return hold.until.value_or(WallTime{}); }

// Of all that cover it, what lasts longest; of equals the first by kind and name.
std::optional<Hold> longest_over(const Fields& labels, const Facts& facts,
                                 const Configuration& configuration, WallTime now) {
  std::optional<Hold> longest;
  const auto consider = [&](Hold hold) {
    if (!longest || end_of(hold) > end_of(*longest)) longest = std::move(hold);
  };
  for (const auto& [id, kept] : facts.silences)
    if (rules::covers(kept.silence, labels, now))
      consider({HoldKind::silence, id,
                words("silenced by " + kept.said.by, kept.said.ends_at, kept.said.why),
                kept.said.ends_at});
  for (const rules::Window& window : configuration.windows)
    if (rules::covers(window, labels, now)) {
      const auto until = window.schedule.ends_at(now);
      consider({HoldKind::window, window.name,
                words("maintenance window " + window.name, until, window.why), until});
    }
  return longest;
}

}  // namespace

std::optional<Hold> hold_of(const Incident& incident, const Workspace& state, const Facts& facts,
                            const Configuration& configuration, WallTime now) {
  if (facts.silences.empty() && configuration.windows.empty()) return std::nullopt;
  std::optional<Hold> soonest;  // to end: then it must be looked at again
  for (const AlertId& id : incident.alerts) {
    const AlertState* const alert = state.find_alert(id);
    if (!alert || alert->alert.status != AlertStatus::firing || alert->incident != incident.id)
      continue;
    auto hold = longest_over(alert->alert.labels, facts, configuration, now);
    if (!hold) return std::nullopt;
    if (!soonest || end_of(*hold) < end_of(*soonest)) soonest = std::move(hold);
  }
  return soonest;
}

std::optional<WallTime> next_beginning(const Facts& facts, const Configuration& configuration,
                                       WallTime now) {
  std::optional<WallTime> next;
  const auto consider = [&](std::optional<WallTime> at) {
    if (at && *at > now && (!next || *at < *next)) next = at;
  };
  for (const auto& [id, kept] : facts.silences)
    if (kept.said.starts_at < kept.said.ends_at) consider(kept.said.starts_at);
  for (const rules::Window& window : configuration.windows)
    consider(window.schedule.next_start(now));
  return next;
}

}  // namespace tocsin::engine

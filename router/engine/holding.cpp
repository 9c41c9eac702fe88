#include "router/engine/holding.hpp"

namespace tocsin::engine {
namespace {

std::string words(std::string_view who, std::optional<WallTime> until, const std::string& why) {
  std::string text(who);
  if (until) text += " until " + format_rfc3339(*until);
  return why.empty() ? text : text + ": " + why;
}

// What covers an alert: a silence or a window, and until when. Without an end it is looked at again
// soon, so it counts as the first to end.
struct Cover {
  const KeptSilence* silence = nullptr;
  const rules::Window* window = nullptr;
  std::optional<WallTime> until;

  WallTime end() const { return until.value_or(WallTime{}); }
  Hold hold() const {
    if (silence)
      return {HoldKind::silence, silence->said.id.text,
              words("silenced by " + silence->said.by, until, silence->said.why), until};
    return {HoldKind::window, window->name,
            words("maintenance window " + window->name, until, window->why), until};
  }
};

// Of all that cover it, what lasts longest; of equals the first by kind and name.
std::optional<Cover> longest_over(const Fields& labels, const Facts& facts,
                                  const Configuration& configuration, WallTime now) {
  std::optional<Cover> longest;
  const auto consider = [&](Cover cover) {
    if (!longest || cover.end() > longest->end()) longest = cover;
  };
  for (const auto& [id, kept] : facts.silences)
    if (rules::covers(kept.silence, labels, now)) consider({&kept, nullptr, kept.said.ends_at});
  for (const rules::Window& window : configuration.windows)
    if (rules::covers(window, labels, now))
      consider({nullptr, &window, window.schedule.ends_at(now)});
  return longest;
}

}  // namespace

std::optional<Hold> hold_of(const Incident& incident, const Workspace& state, const Facts& facts,
                            const Configuration& configuration, WallTime now) {
  if (facts.silences.empty() && configuration.windows.empty()) return std::nullopt;
  std::optional<Cover> soonest;  // to end: then it must be looked at again
  for (const AlertId& id : incident.alerts) {
    const AlertState* const alert = state.find_alert(id);
    if (!alert || alert->alert.status != AlertStatus::firing || alert->incident != incident.id)
      continue;
    const auto cover = longest_over(alert->alert.labels, facts, configuration, now);
    if (!cover) return std::nullopt;
    if (!soonest || cover->end() < soonest->end()) soonest = cover;
  }
  return soonest ? std::optional(soonest->hold()) : std::nullopt;
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

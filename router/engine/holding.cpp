#include "router/engine/holding.hpp"

#include <algorithm>

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

// A drill and production do not silence each other: a silence or window is for drills only if it
// names the tag, and then for no real alert, whatever tag that one carries by mistake.
bool names_tag(const std::vector<rules::Matcher>& matchers) {
  return std::any_of(matchers.begin(), matchers.end(),
                     [](const rules::Matcher& matcher) { return matcher.name() == gameday::kTag; });
}

Fields labels_in(const Realm& realm, const Fields& labels) {
  std::vector<Fields::Pair> pairs;
  for (const auto& [name, value] : labels)
    if (name != gameday::kTag) pairs.emplace_back(name, value);
  if (!realm.is_production()) pairs.emplace_back(gameday::kTag, realm.gameday);
  return Fields(std::move(pairs));
}

// Of all that cover it, what lasts longest; of equals the first by kind and name.
std::optional<Cover> longest_over(const Realm& realm, const Fields& all, const Facts& facts,
                                  const Configuration& configuration, WallTime now) {
  std::optional<Cover> longest;
  const bool drill = !realm.is_production();
  const bool tagged = drill || all.find(gameday::kTag).has_value();
  const Fields labels = tagged ? labels_in(realm, all) : all;
  const auto consider = [&](Cover cover) {
    if (!longest || cover.end() > longest->end()) longest = cover;
  };
  for (const auto& [id, kept] : facts.silences)
    if ((!drill || names_tag(kept.silence.matchers)) && rules::covers(kept.silence, labels, now))
      consider({&kept, nullptr, kept.said.ends_at});
  for (const rules::Window& window : configuration.windows)
    if ((!drill || names_tag(window.matchers)) && rules::covers(window, labels, now))
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
    const auto cover = longest_over(incident.realm, alert->alert.labels, facts, configuration, now);
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

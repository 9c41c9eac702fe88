#include "router/engine/late.hpp"

#include "router/engine/apply.hpp"

namespace tocsin::engine {
namespace {

/// An end that is further ahead of the moment it was heard than any clock is wrong was not told: it
/// is until when a word holds that nothing followed.
constexpr Duration kMostClockError = std::chrono::hours(1);

}  // namespace

bool is_late(const AlertState& known, const Alert& word) {
  const bool firing = known.alert.status == AlertStatus::firing;
  if (word.status == AlertStatus::resolved)
    return firing && word.ends_at && *word.ends_at < known.alert.starts_at;
  const auto& end = known.alert.ends_at;
  return !firing && end && word.starts_at <= *end && *end <= known.heard.wall + kMostClockError;
}

void hear_later_end(AlertState& known, const Alert& word) {
  if (word.ends_at && (!known.alert.ends_at || *known.alert.ends_at < *word.ends_at))
    known.alert.ends_at = word.ends_at;
}

bool hear_late(AlertState* known, const LateWord& word, WallTime now, Workspace& state) {
  const bool fires = word.alert.status == AlertStatus::firing;
  if (!known) {
    if (fires) return false;
    AlertState ended;
    ended.id = word.id;
    ended.anchor = word.position;
    ended.alert = word.alert;
    ended.integration = word.body.integration;
    ended.heard = word.body.received;
    state.set_current(alert_key(ended), word.id);
    state.add(std::move(ended));
    state.ended(word.id);
    return true;
  }
  if (!is_late(*known, word.alert)) {
    if (!fires && known->alert.status == AlertStatus::resolved) hear_later_end(*known, word.alert);
    return false;
  }
  ++known->count;
  Incident* const incident = known->incident.empty() ? nullptr : state.incident(known->incident);
  if (!incident) return true;
  const std::string what =
      fires
          ? "began at " + format_rfc3339(word.alert.starts_at) + ", before its last end"
          : "ended at " + format_rfc3339(*word.alert.ends_at) + ", before it began as it fires now";
  note(*incident, {now, "told_late", "",
                   std::string(known->alert.labels.get("alertname")) +
                       ": it was told late that it " + what + "; nothing changes"});
  return true;
}

}  // namespace tocsin::engine

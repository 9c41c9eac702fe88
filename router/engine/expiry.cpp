#include "router/engine/expiry.hpp"

#include <algorithm>

#include "router/engine/drill.hpp"
#include "router/engine/judgement.hpp"

namespace tocsin::engine {
namespace {

// How long the sender's word holds, from when it was heard: its clock and ours are never compared
// later on.
Duration holds(const AlertState& alert) {
  return std::max(*alert.alert.ends_at - alert.heard.wall, Duration::zero());
}

// A drill's copy is over with its run, and with what it was copied from.
std::optional<std::string> why_copy_over(const AlertState& copy, const PartitionState& state,
                                         const Facts& facts, const Configuration& configuration,
                                         const Instant& now) {
  if (std::string over = why_run_over(copy.realm, facts, configuration, now); !over.empty())
    return over;
  const auto original = state.alerts.find(copy.original);
  if (original == state.alerts.end() || original->second.alert.status != AlertStatus::firing)
    return "its original ended";
  if (feeds(configuration.gamedays.at(copy.realm.gameday), original->second, configuration))
    return std::nullopt;
  return "GameDay set " + copy.realm.gameday + " does not copy it any more";
}

}  // namespace

// A sender sends its alerts one group after the other: after a silence it needs some time to come
// to this one.
bool sender_went_on(const AlertState& alert, const PartitionState& state) {
  const auto heard = state.heard.find(alert.integration);
  return alert.alert.ends_at && heard != state.heard.end() &&
         Wait{alert.heard, holds(alert)}.over(heard->second.last) &&
         Wait{heard->second.since, holds(alert)}.over(heard->second.last);
}

std::optional<std::string> why_over(const AlertState& alert, const PartitionState& state,
                                    const Facts& facts, const Configuration& configuration,
                                    const Instant& now) {
  if (alert.alert.status != AlertStatus::firing) return std::nullopt;
  if (alert.is_copy()) return why_copy_over(alert, state, facts, configuration, now);
  if (!alert.alert.ends_at) return std::nullopt;
  if (!Wait{alert.heard, holds(alert)}.over(now)) return std::nullopt;
  if (sender_went_on(alert, state)) return "its sender was heard again and no longer sends it";
  const Duration stale = rules_of(alert.integration, configuration).resolve_after;
  if (!Wait{alert.heard, holds(alert) + stale}.over(now)) return std::nullopt;
  return "nothing was heard of its sender for " + format_duration(stale) + " after its end";
}

std::vector<AlertId> overdue(const PartitionState& state, const Facts& facts,
                             const Configuration& configuration, const Instant& now,
                             std::size_t most, Which which) {
  // Production's first: no number of drills may keep them from ending. Each in an order that does
  // not depend on the hash table: the same state gives the same turn.
  std::vector<AlertId> over;
  for (const bool copies : {false, true}) {
    if (copies ? which == Which::originals : which == Which::copies) continue;
    const std::size_t from = over.size();
    for (const auto& [id, alert] : state.alerts) {
      if (over.size() == most) break;
      if (alert.is_copy() == copies && why_over(alert, state, facts, configuration, now))
        over.push_back(id);
    }
    std::sort(over.begin() + static_cast<std::ptrdiff_t>(from), over.end());
  }
  return over;
}

}  // namespace tocsin::engine

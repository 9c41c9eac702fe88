// Alerts that nobody ends: their sender said until when they hold, and has not sent them again.
// Pure.
//
// While the sender is heard, silence about one alert means that it is over (once the sender has
// been heard for as long as its word holds: after an outage its alerts come one after the other).
// While nothing is heard of the sender, its alerts are stale: still open, still escalating, since a
// monitoring system that died is no reason to believe that all is well; in the end they are
// resolved, long after.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "router/engine/configuration.hpp"
#include "router/engine/state.hpp"

namespace tocsin::engine {

/// Why this firing alert is over at this moment, for people; nothing while it holds or is stale.
std::optional<std::string> why_over(const AlertState& alert, const PartitionState& state,
                                    const Facts& facts, const Configuration& configuration,
                                    const Instant& now);

/// The sender was heard after this alert's word was over, for as long as it needs to come to it.
bool sender_went_on(const AlertState& alert, const PartitionState& state);

/// All alerts of a partition that are over, or the copies of drills alone; `most` at the most.
/// Looks at every alert: asked for every few seconds, not for every record.
enum class Which { all, originals, copies };
std::vector<AlertId> overdue(const PartitionState& state, const Facts& facts,
                             const Configuration& configuration, const Instant& now,
                             std::size_t most, Which which = Which::all);

}  // namespace tocsin::engine

// What each effect of a turn does to the state. Needs neither rules nor a clock: everything is in
// the turn.
#pragma once

#include "router/engine/workspace.hpp"

namespace tocsin::engine {

/// The moment and the author of a turn, as its effects need them.
struct TurnContext {
  Instant at;
  std::uint64_t boot = 0;                                 // of the process that wrote it
  std::shared_ptr<const std::string> configuration = {};  // its hash
};

/// Effects of a valid turn are applied in their order. One that names something unknown does
/// nothing: it was decided from a state that had it, so this can only be damage, which the journal
/// reports where it is found.
void apply(const Effect& effect, const TurnContext& turn, Workspace& state);

/// Adds to an incident's timeline, under its cap.
void note(Incident& incident, TimelineEntry entry);

/// The result of an attempt, which is a fact and needs no turn.
void apply_result(const AttemptResult& result, WallTime recorded_at, Incident& incident);

}  // namespace tocsin::engine

// Reports that come late or twice, of senders whose times tell the order (AlertsBody::exact_times):
// they change nothing of what is known already. Pure.
#pragma once

#include "router/core/bodies.hpp"
#include "router/engine/workspace.hpp"

namespace tocsin::engine {

/// A firing report that began no later than the last end that was told, or an end from before the
/// alert began to fire as it does now.
bool is_late(const AlertState& known, const Alert& word);

/// Of two ends the later one is the last.
void hear_later_end(AlertState& known, const Alert& word);

/// What such a sender said, and was not acted upon.
struct LateWord {
  const AlertsBody& body;
  const Alert& alert;  // of the body
  AlertId id;          // that it would have
  Position position = 0;
};

/// What is late is counted, and stands in the timeline of its incident, if there is one. The end of
/// what nobody knows is kept as an alert that ended (kMostEnded), for its beginning may come yet.
/// False: it is neither. `known`: the alert of its key, if there is one.
bool hear_late(AlertState* known, const LateWord& word, WallTime now, Workspace& state);

}  // namespace tocsin::engine

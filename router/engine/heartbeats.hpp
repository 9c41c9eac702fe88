// Heartbeats: signs of life that a sender gives again and again, whose silence is an alert. Pure.
//
//   beat … beat … beat ………… `within` passes …………▶ alert fires ………… beat ▶ alert is resolved
//
// Whoever decides a partition looks at its heartbeats and says what is missing as a sender would:
// in a record of alerts. So nothing else knows of heartbeats, and an alert that two nodes told is
// one that was sent again.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "router/core/bodies.hpp"
#include "router/core/heartbeat.hpp"
#include "router/engine/configuration.hpp"
#include "router/engine/state.hpp"

namespace tocsin::engine {

/// By the fold: signs of life are known as soon as they are stored.
void hear_beats(PartitionState& state, const AlertsBody& body);

struct HeartbeatNews {
  std::vector<AlertsBody> bodies;  // to be stored as they are
  Duration next;                   // until there may be more
};

/// Looked at so often at the least.
inline constexpr Duration kLookAtHeartbeats = std::chrono::seconds(30);

/// What is missing, back to be waited for, or configured no longer, of the integrations that are
/// `here`. `since`: this node decides here since then; before that it could not hear, so silence
/// counts from then at the earliest.
HeartbeatNews heartbeat_news(const PartitionState& state, const Configuration& configuration,
                             const std::function<bool(const std::string&)>& here,
                             const Instant& now, const Instant& since);

}  // namespace tocsin::engine

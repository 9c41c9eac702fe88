// What a sender is told of an alert that it asks for.
#pragma once

#include <string>

#include "connectors/source.hpp"
#include "router/engine/owner/node_state.hpp"

namespace tocsin {

/// As far as this node has folded the journal; nothing: memory does not have it, or no longer.
std::optional<connectors::KnownAlert> known_alert(const engine::NodeState& state,
                                                  Partition partition,
                                                  const std::string& integration,
                                                  const std::string& key);

}  // namespace tocsin

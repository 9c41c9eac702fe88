// What a sender is told of an alert that it asks for.
#pragma once

#include <string>

#include "connectors/source.hpp"
#include "router/engine/owner/node_state.hpp"
#include "router/ingest/sender_clock.hpp"

namespace tocsin {

/// As far as this node has folded the journal; nothing: memory does not have it, or no longer.
std::optional<connectors::KnownAlert> known_alert(const engine::NodeState& state,
                                                  Partition partition,
                                                  const std::string& integration,
                                                  const std::string& key);

/// What an alert that fires said of its end; nothing: it is not known, or does not fire.
std::optional<ingest::FiringWord> firing_word(const engine::NodeState& state, Partition partition,
                                              const std::string& integration,
                                              const std::string& key);

}  // namespace tocsin

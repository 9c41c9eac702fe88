// The state from which an island goes on, made of the one that its node had folded. Pure.
#pragma once

#include <set>
#include <span>
#include <vector>

#include "router/engine/decide.hpp"
#include "router/engine/state.hpp"

namespace tocsin::island {

/// What an island does not decide goes; `held`, by partition: what this node decided before.
/// Returns whom others look after.
engine::Island prepare(std::vector<engine::PartitionState>& states, const std::vector<bool>& held);

/// The incidents that are not resolved.
std::set<IncidentId> open_in(std::span<const engine::PartitionState> states);

}  // namespace tocsin::island

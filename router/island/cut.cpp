#include "router/island/cut.hpp"

#include "router/engine/carried.hpp"

namespace tocsin::island {

using engine::PartitionState;

// What the journal has and nobody has decided is its partition's owner's, and so is what was open.
// What an earlier island told, and nobody has taken in yet, is not to be paged once more.
engine::Island prepare(std::vector<PartitionState>& states, const std::vector<bool>& held) {
  engine::Island island;
  for (PartitionState& state : states) {
    state.on_island = true;
    for (const auto& [id, incident] : state.incidents)  // drills are silent
      if (!incident.realm.is_production()) island.elsewhere.insert(id);
    if (held[state.partition]) continue;
    state.pending.keep_pieces();
    state.pending_keys.clear();
    for (const engine::Pending* const piece : state.pending.in_order())
      for (const std::string& key : engine::keys_of(*piece)) ++state.pending_keys[key];
    for (const auto& [id, incident] : state.incidents)
      if (incident.state != engine::IncidentState::resolved) island.elsewhere.insert(id);
  }
  return island;
}

std::set<IncidentId> open_in(std::span<const PartitionState> states) {
  std::set<IncidentId> open;
  for (const PartitionState& state : states)
    for (const auto& [id, incident] : state.incidents)
      if (incident.state != engine::IncidentState::resolved) open.insert(id);
  return open;
}

}  // namespace tocsin::island

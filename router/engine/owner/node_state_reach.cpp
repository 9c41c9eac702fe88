// What a node knows of how people are reached, and what fires.
#include <iterator>
#include <map>
#include <mutex>

#include "router/engine/bundle.hpp"
#include "router/engine/owner/node_state.hpp"

namespace tocsin::engine {

std::vector<NodeState::Firing> NodeState::firing(Partition partition,
                                                 const std::string& integration,
                                                 std::size_t most) const {
  const std::shared_lock lock(mutex_);
  const PartitionState& state = states_[partition];
  std::map<std::string_view, const AlertState*> found;
  for (const auto& each : state.alerts) {
    const AlertState& alert = each.second;
    if (alert.integration != integration || !alert.realm.is_production() ||
        alert.alert.status != AlertStatus::firing)
      continue;
    found.emplace(alert.alert.key, &alert);
    if (found.size() > most) found.erase(std::prev(found.end()));
  }
  std::vector<Firing> all;
  for (const auto& each : found) {
    Firing firing{*each.second, std::nullopt, false};
    const auto incident = state.incidents.find(firing.alert.incident);
    if (incident != state.incidents.end()) {
      firing.incident = incident->second.state;
      firing.held = incident->second.hold.has_value();
    }
    all.push_back(std::move(firing));
  }
  return all;
}

std::optional<NodeState::Known> NodeState::known(Partition partition,
                                                 const std::string& integration,
                                                 const std::string& key) const {
  const std::shared_lock lock(mutex_);
  const PartitionState& state = states_[partition];
  const auto current = state.current.find(alert_key({}, integration, key));
  if (current == state.current.end()) return std::nullopt;
  const auto found = state.alerts.find(current->second);
  if (found == state.alerts.end()) return std::nullopt;
  Known known{found->second, std::nullopt};
  const auto incident = state.incidents.find(known.alert.incident);
  if (incident == state.incidents.end()) return known;
  Incident copy;
  copy.id = incident->second.id;
  copy.decision = incident->second.decision;
  copy.state = incident->second.state;
  copy.acknowledged_at = incident->second.acknowledged_at;
  copy.acknowledged_by = incident->second.acknowledged_by;
  copy.resolved_at = incident->second.resolved_at;
  copy.resolved_by = incident->second.resolved_by;
  copy.assigned_to = incident->second.assigned_to;
  copy.snoozed = incident->second.snoozed;
  known.incident = std::move(copy);
  return known;
}

ContactsHealth NodeState::contact_health() const {
  const std::shared_lock lock(mutex_);
  ContactsHealth all;
  for (const PartitionState& state : states_) merge(all, state.contacts);
  return all;
}

std::vector<Incident> NodeState::bundles(const Realm& realm) const {
  const std::shared_lock lock(mutex_);
  std::vector<Incident> hosts;
  for (const PartitionState& state : states_)
    for (const auto& each : state.bundles)
      if (each.second.host.realm == realm) hosts.push_back(each.second.host);
  return hosts;
}

// What somebody has stopped since the attempt began is not in it.
Result<BundleWords> NodeState::words_of_bundle(const PartitionState& state,
                                               const IncidentId& bundle) const {
  const auto found = state.bundles.find(bundle);
  if (found == state.bundles.end()) return not_found("the bundle is gone");
  const std::vector<IncidentId>& hushed = hushed_[state.partition];
  BundleWords words = words_of(state, found->second, hushed);
  if (words.count > 0) return words;
  return hushed.empty() ? refused("nothing of it is left to tell")
                        : unavailable("a turn that stops it is on its way");
}

}  // namespace tocsin::engine

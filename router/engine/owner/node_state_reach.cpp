// What a node knows of how people are reached, and what it counts.
#include <mutex>

#include "router/engine/bundle.hpp"
#include "router/engine/due.hpp"
#include "router/engine/owner/node_state.hpp"
#include "router/engine/steps.hpp"

namespace tocsin::engine {

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

NodeState::Counts NodeState::counts() const {
  const std::shared_lock lock(mutex_);
  Counts counts;
  for (const Severity s : {Severity::info, Severity::warning, Severity::error, Severity::critical})
    counts.open.emplace_back(s, 0);
  for (const PartitionState& state : states_) {
    counts.pending_inputs += state.pending.size();
    counts.alerts += state.alerts.size();
    for (const auto& [id, incident] : state.incidents) {
      if (incident.state != IncidentState::resolved && !incident.realm.is_production())
        ++counts.drills[{incident.realm.gameday, incident.decision.severity}];
      else if (incident.state != IncidentState::resolved)
        ++counts.open[static_cast<std::size_t>(incident.decision.severity)].second;
      counts.queued += incident.realm.is_production() && is_queued(incident);
      for (const MessageState& message : incident.messages)
        counts.waiting_messages += why_not_send(incident, message).empty();
    }
  }
  return counts;
}

}  // namespace tocsin::engine

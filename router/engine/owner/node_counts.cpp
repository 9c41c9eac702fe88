// What is measured of the state when somebody asks.
#include <mutex>

#include "router/engine/due.hpp"
#include "router/engine/owner/node_state.hpp"
#include "router/engine/steps.hpp"

namespace tocsin::engine {

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
        ++counts.drills[{incident.realm.gameday, incident.decision->severity}];
      else if (incident.state != IncidentState::resolved)
        ++counts.open[static_cast<std::size_t>(incident.decision->severity)].second;
      counts.queued += incident.realm.is_production() && is_queued(incident);
      for (const MessageState& message : incident.messages)
        counts.waiting_messages += why_not_send(incident, message).empty();
    }
  }
  return counts;
}

NodeState::Undecided NodeState::undecided_alerts(Partition partition,
                                                 const std::string& integration) const {
  const std::shared_lock lock(mutex_);
  const PendingInputs& pending = states_[partition].pending;
  return {pending.alerts(), pending.alerts_of(integration)};
}

}  // namespace tocsin::engine

#include "router/known_alert.hpp"

namespace tocsin {

std::optional<connectors::KnownAlert> known_alert(const engine::NodeState& state,
                                                  Partition partition,
                                                  const std::string& integration,
                                                  const std::string& key) {
  const auto found = state.known(partition, integration, key);
  if (!found) return std::nullopt;
  connectors::KnownAlert known;
  known.alert = found->alert.alert;
  known.count = found->alert.count;
  known.heard = found->alert.heard.wall;
  if (!found->incident) return known;
  const engine::Incident& incident = *found->incident;
  known.severity = incident.decision->severity;
  known.open = incident.state != engine::IncidentState::resolved;
  known.acknowledged_at = incident.acknowledged_at;
  known.acknowledged_by = incident.acknowledged_by;
  known.resolved_at = incident.resolved_at;
  known.resolved_by = incident.resolved_by;
  known.assigned_to = incident.assigned_to;
  if (incident.snoozed && incident.state == engine::IncidentState::acknowledged)
    known.snoozed_until = incident.snoozed->since.wall + incident.snoozed->length;
  return known;
}

std::optional<ingest::FiringWord> firing_word(const engine::NodeState& state, Partition partition,
                                              const std::string& integration,
                                              const std::string& key) {
  const auto found = state.known(partition, integration, key);
  if (!found || found->alert.alert.status != AlertStatus::firing || !found->alert.alert.ends_at)
    return std::nullopt;
  return ingest::FiringWord{*found->alert.alert.ends_at, found->alert.heard};
}

}  // namespace tocsin

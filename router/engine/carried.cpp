#include "router/engine/carried.hpp"

#include <algorithm>

#include "router/engine/state_codec.hpp"

namespace tocsin::engine {
namespace {

// Still of use: it is open, or fires, or somebody waits for a word about it.
bool is_alive(const Incident& incident) {
  return incident.state != IncidentState::resolved || incident.firing > 0 ||
         std::any_of(incident.messages.begin(), incident.messages.end(),
                     [&](const MessageState& message) { return is_owed(incident, message); });
}

bool reaches_back(const PartitionState& state, const Incident& incident, Position through) {
  return incident.anchor <= through ||
         std::any_of(incident.alerts.begin(), incident.alerts.end(), [&](const AlertId& id) {
           const auto alert = state.alerts.find(id);
           return alert != state.alerts.end() && alert->second.anchor <= through;
         });
}

bool is_alone(const AlertState& alert) {
  return alert.incident.empty() && alert.alert.status == AlertStatus::firing;
}

// One that fires is the latest of its key.
void make_current(PartitionState& state, const AlertState& alert) {
  const std::string key = alert_key({}, alert.integration, alert.alert.key);
  if (alert.alert.status != AlertStatus::firing) {
    state.current.emplace(key, alert.id);
    return;
  }
  AlertId& current = state.current[key];
  if (state.truncated && !current.empty() && current != alert.id) state.alerts.erase(current);
  current = alert.id;
}

void install_alert(PartitionState& state, AlertState alert) {
  const Position anchor = state.position;
  const auto known = state.alerts.find(alert.id);
  if (known != state.alerts.end() && !state.truncated) {
    known->second.anchor = anchor;
    return;
  }
  alert.anchor = anchor;
  make_current(state, alert);
  state.alerts.insert_or_assign(alert.id, std::move(alert));
}

}  // namespace

void install(PartitionState& state, Carried carried) {
  for (AlertState& alert : carried.alerts) install_alert(state, std::move(alert));
  if (!carried.incident) return;
  Incident& incident = *carried.incident;
  const auto known = state.incidents.find(incident.id);
  const bool is_known = known != state.incidents.end();
  if (is_known && !state.truncated) {
    known->second.anchor = state.position;
    return;
  }
  incident.anchor = state.position;
  if (incident.state != IncidentState::resolved)
    state.groups.insert_or_assign(incident.group, incident.id);
  else if (!is_known)
    state.closed.push_back({incident.id, state.records});
  state.incidents.insert_or_assign(incident.id, std::move(incident));
}

std::vector<Carried> to_carry(const PartitionState& state, Position through, std::size_t most) {
  std::vector<const Incident*> incidents;
  for (const auto& [id, incident] : state.incidents)
    if (is_alive(incident) && reaches_back(state, incident, through))
      incidents.push_back(&incident);
  std::vector<const AlertState*> alone;
  for (const auto& [id, alert] : state.alerts)
    if (alert.anchor <= through && is_alone(alert)) alone.push_back(&alert);
  const auto by_id = [](const auto* a, const auto* b) { return a->id < b->id; };
  std::sort(incidents.begin(), incidents.end(), by_id);
  std::sort(alone.begin(), alone.end(), by_id);

  std::vector<Carried> pieces;
  for (const Incident* incident : incidents) {
    if (pieces.size() == most) return pieces;
    Carried piece{state.turn, state.position, *incident, {}};
    for (const AlertId& id : incident->alerts)
      if (const auto alert = state.alerts.find(id); alert != state.alerts.end())
        piece.alerts.push_back(alert->second);
    pieces.push_back(std::move(piece));
  }
  for (std::size_t i = 0; i < alone.size() && pieces.size() < most;) {
    Carried piece{state.turn, state.position, {}, {}};
    while (i < alone.size() && piece.alerts.size() < kMostAlertsPerRecord)
      piece.alerts.push_back(*alone[i++]);
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

std::set<std::string> configurations_in_use(std::span<const PartitionState> states) {
  std::set<std::string> hashes;
  for (const PartitionState& state : states) {
    if (state.configuration) hashes.insert(*state.configuration);
    for (const auto& [id, alert] : state.alerts)
      if (alert.configuration) hashes.insert(*alert.configuration);
  }
  return hashes;
}

}  // namespace tocsin::engine

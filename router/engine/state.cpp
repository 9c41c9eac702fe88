#include "router/engine/state.hpp"

#include <algorithm>
#include <utility>

#include "router/engine/carried.hpp"

namespace tocsin::engine {

void AlertState::hear_again(const Alert& word, const Instant& received) {
  alert.annotations = word.annotations;
  alert.generator_url = word.generator_url;
  alert.ends_at = word.ends_at;
  heard = received;
  ++count;
}

bool AlertState::operator==(const AlertState& other) const {
  const bool alike =
      decision == other.decision || (decision && other.decision && *decision == *other.decision);
  const bool same_configuration =
      configuration == other.configuration ||
      (configuration && other.configuration && *configuration == *other.configuration);
  return alike && same_configuration && id == other.id && alert == other.alert &&
         integration == other.integration && decided_at == other.decided_at &&
         incident == other.incident && count == other.count && heard == other.heard &&
         anchor == other.anchor && realm == other.realm && original == other.original;
}

std::string_view to_string(MessageStatus status) {
  switch (status) {
    case MessageStatus::waiting:
      return "waiting";
    case MessageStatus::sending:
      return "sending";
    case MessageStatus::retrying:
      return "retrying";
    case MessageStatus::accepted:
      return "accepted";
    case MessageStatus::rejected:
      return "rejected";
    case MessageStatus::withdrawn:
      return "withdrawn";
    case MessageStatus::bundled:
      return "bundled";
  }
  return "unknown";
}

std::string_view to_string(Receipt receipt) {
  switch (receipt) {
    case Receipt::none:
      return "none";
    case Receipt::awaited:
      return "awaited";
    case Receipt::delivered:
      return "delivered";
    case Receipt::denied:
      return "denied";
    case Receipt::missing:
      return "missing";
  }
  return "none";
}

std::string_view to_string(IncidentState state) {
  switch (state) {
    case IncidentState::open:
      return "open";
    case IncidentState::acknowledged:
      return "acknowledged";
    case IncidentState::resolved:
      return "resolved";
  }
  return "unknown";
}

bool is_owed(const Incident& incident, const MessageState& message) {
  if (message.kind == MessageKind::drill_paused) return !message.is_final();
  if (drill_is_over(incident)) return false;
  if (message.kind == MessageKind::digest) return !message.is_final();
  if (message.kind != MessageKind::page && message.kind != MessageKind::resolved) return false;
  const bool told =
      message.kind == MessageKind::page &&
      std::find(incident.told.begin(), incident.told.end(), message.contact) != incident.told.end();
  return !message.is_final() && !told;
}

bool owes_digest(const Incident& incident) { return incident.digest && !incident.digest->told; }

std::string hook_channel(std::string_view hook) { return "hook:" + std::string(hook); }

std::string counted_as(const Incident& incident) {
  const std::string hook = incident.decision->remedy ? incident.decision->remedy->hook : "";
  return incident.realm.is_production() ? hook : incident.realm.text() + "\n" + hook;
}

std::vector<std::string> keys_of(const Pending& pending) {
  std::vector<std::string> keys;
  if (const auto* body = std::get_if<std::shared_ptr<const AlertsBody>>(&pending.input)) {
    for (const std::uint32_t index : pending.changed)
      if (index < (*body)->alerts.size())
        keys.push_back(alert_key({}, (*body)->integration, (*body)->alerts[index].key));
  } else if (const auto* piece = std::get_if<std::shared_ptr<const Carried>>(&pending.input)) {
    for (const auto* words : {&(*piece)->over, &(*piece)->firing})
      for (const LastWord& word : *words) keys.push_back(word.key);
    for (const AlertState& alert : (*piece)->alerts) keys.push_back(alert_key(alert));
  }
  return keys;
}

Incident* PartitionState::look_up(const IncidentId& id) {
  if (Incident* const incident = incidents.edit(id)) return incident;
  const auto bundle = bundles.find(id);
  return bundle == bundles.end() ? nullptr : &bundle->second.host;
}

const Incident* PartitionState::look_up(const IncidentId& id) const {
  if (const auto found = incidents.find(id); found != incidents.end()) return &found->second;
  const auto bundle = bundles.find(id);
  return bundle == bundles.end() ? nullptr : &bundle->second.host;
}

Incident* PartitionState::find_incident(const IncidentId& id) {
  if (Incident* const found = look_up(id)) return found;
  for (const auto& [known, incident] : incidents)
    if (std::find(incident.aliases.begin(), incident.aliases.end(), id) != incident.aliases.end())
      return incidents.edit(known);
  return nullptr;
}

std::string alert_key(const Realm& realm, std::string_view integration, std::string_view key) {
  return realm.text() + "\n" + std::string(integration) + "\n" + std::string(key);
}

std::string alert_key(const AlertState& alert) {
  return alert_key(alert.realm, alert.integration, alert.alert.key);
}

AlertId resend_of(const PartitionState& state, const std::string& integration, const Alert& alert) {
  if (alert.status != AlertStatus::firing) return {};
  const std::string key = alert_key({}, integration, alert.key);
  if (state.pending_keys.contains(key)) return {};
  const auto current = state.current.find(key);
  if (current == state.current.end()) return {};
  const auto found = state.alerts.find(current->second);
  if (found == state.alerts.end()) return {};
  const Alert& known = found->second.alert;
  const bool same = known.status == alert.status && known.labels == alert.labels &&
                    known.annotations == alert.annotations &&
                    known.generator_url == alert.generator_url &&
                    known.starts_at == alert.starts_at;
  return same ? found->first : AlertId{};
}

void share(PartitionState& state, const std::vector<IncidentId>& incidents) {
  for (const IncidentId& id : incidents)
    if (Incident* const incident = state.look_up(id)) state.sharing.share(*incident);
}

}  // namespace tocsin::engine

#include "router/engine/state.hpp"

#include <algorithm>

namespace tocsin::engine {

bool AlertState::operator==(const AlertState& other) const {
  const bool alike =
      decision == other.decision || (decision && other.decision && *decision == *other.decision);
  return alike && id == other.id && alert == other.alert && integration == other.integration &&
         incident == other.incident && count == other.count && heard == other.heard;
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
  }
  return "unknown";
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

// Inputs are decided in order, so what is looked for is at or near the front.
const Pending* PartitionState::find_pending(const RecordId& id) const {
  const auto found =
      std::find_if(pending.begin(), pending.end(), [&](const Pending& p) { return p.id == id; });
  return found == pending.end() ? nullptr : &*found;
}

std::string alert_key(const Realm& realm, std::string_view integration, std::string_view key) {
  return realm.text() + "\n" + std::string(integration) + "\n" + std::string(key);
}

}  // namespace tocsin::engine

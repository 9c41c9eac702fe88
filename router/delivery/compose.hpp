// The words of a message: from an incident and one of its messages to what a channel may show.
// Pure.
#pragma once

#include <string>

#include "connectors/channel.hpp"
#include "connectors/hook.hpp"
#include "router/engine/owner/node_state.hpp"

namespace tocsin::delivery {

/// What a message needs beside the incident.
struct Links {
  std::string acknowledge_url;  // pages only
  std::string console_url;      // empty while there is no console to show
  std::string incident_json;
};

connectors::Notification compose(const engine::IncidentView& view,
                                 const engine::MessageState& message, Links links, WallTime now);

/// The call of the incident's hook.
connectors::HookCall compose_call(const engine::IncidentView& view,
                                  const engine::MessageState& message, Links links, WallTime now);

/// Why this person is told, and why now, in one sentence from recorded data.
std::string why(const engine::Incident& incident, const engine::MessageState& message);

}  // namespace tocsin::delivery

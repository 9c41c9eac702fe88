// The words of a message: from an incident and one of its messages to what a channel may show.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "connectors/channel.hpp"
#include "connectors/hook.hpp"
#include "router/engine/owner/node_state.hpp"
#include "router/gameday/set.hpp"

namespace tocsin::delivery {

/// What a message needs beside the incident.
struct Links {
  std::string acknowledge_url;       // pages, and tests of contacts
  std::string receipt_url;           // pages: where its provider says that it was delivered
  std::string press, answer_url;     // pages: for buttons inside the message
  std::vector<std::string> bundled;  // bundles: to acknowledge each of those that are named
  std::string console_url;           // empty while there is no console to show
  std::string incident_json;
};

/// `not_the_drill`: the GameDay sets of which a message in earnest says that it is not theirs.
connectors::Notification compose(const engine::IncidentView& view,
                                 const engine::MessageState& message, Links links, WallTime now,
                                 const std::vector<std::string>& not_the_drill = {});

/// Of what belongs to no incident.
connectors::Notification compose(const engine::Notice& notice, const engine::MessageState& message,
                                 Links links, WallTime now);

/// The call of the incident's hook. Of a drill it is a dry run, unless the hook runs in drills.
connectors::HookCall compose_call(const engine::IncidentView& view,
                                  const engine::MessageState& message, Links links, WallTime now,
                                  gameday::HookInDrill in_drill = gameday::HookInDrill::never);

/// Its title as people are to see it: a drill's begins with its mark, once; one in earnest that
/// would look like a drill's says that it is real.
std::string title_of(const engine::Incident& incident);

/// Why this person is told, and why now, in one sentence from recorded data.
std::string why(const engine::Incident& incident, const engine::MessageState& message);

}  // namespace tocsin::delivery

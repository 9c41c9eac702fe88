// What people do to an escalation: the next step now, or somebody of their own choice. Pure.
#pragma once

#include <string>

#include "router/core/result.hpp"
#include "router/engine/decide.hpp"
#include "router/engine/on_call.hpp"
#include "router/engine/workspace.hpp"

namespace tocsin::engine {

/// The effects of a command in their order, and what whoever gave it should know.
struct ByHand {
  std::vector<Effect> effects;
  std::string words;
};

/// The next step begins at once, also when it was acknowledged; past the last one the default
/// policy. Errors: refused, when it would reach nobody or may page nobody; nothing changes then.
Result<ByHand> escalation(const Incident& incident, const Command& command, const Workspace& state,
                          const Present& present);

/// The person is paged at once, by their contacts; it is open until somebody acknowledges, and goes
/// on where it stands after the step's wait. Errors: refused, when they are not known, have no
/// contact, or the drill may not reach them; nothing changes then.
Result<ByHand> assignment(const Incident& incident, const Command& command, const Present& present);

/// Whom a sender of alerts means, which has names of its own: the person of this name, or else the
/// only one with a contact of this address, any case; otherwise what it said.
std::string person_meant(const oncall::Directory& directory, const std::string& said);

// What the effects do: by apply().
void escalate(Incident& incident, const effect::Escalated& escalated, const Instant& at);
void assign(Incident& incident, const effect::Assigned& assigned, const Instant& at);

}  // namespace tocsin::engine

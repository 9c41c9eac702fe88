// The climb: from one place of an escalation to the next step that reaches somebody. Pure.
//
//   own policy    step 1 ─ step 2 ─ step 3 ─▶ round 2: step 1 ─ …  ─▶ default policy, every 15 min
//                   └ reaches nobody: passed over
//   nobody of it is there ─────────────────────────────────────────▶ default policy at once, and
//                                                                    queued for its own
//   nor of the default policy ─────────────────────────────────────▶ queued for anybody
//   its own has somebody, who did not answer, and the default nobody ─▶ its own again, every 15 min
//
// What is queued is looked at once a minute. A drill has no default policy: it ends in silence.
#pragma once

#include <optional>
#include <string>

#include "router/engine/decide.hpp"
#include "router/engine/on_call.hpp"
#include "router/engine/workspace.hpp"

namespace tocsin::engine {

const Policy& policy_at(const Incident& incident, const Escalation& place);
/// The place after this one: next step, next round, the default policy, and its rounds for ever.
Escalation after(const Incident& incident, Escalation place);
/// How long a step at this place waits for an answer.
Duration wait_at(const Incident& incident, const Escalation& place);

/// A drill, whose policy has no further step: nobody else is paged.
bool ends_in_silence(const Incident& incident, const Escalation& place);

/// The first step that reaches somebody, from the given place of the escalation on: of the
/// incident's own policy, then of the default policy. If that has nobody either, of the default
/// policy as it is configured now. Without messages if there is nobody at all.
effect::Stepped step_from(const Incident& incident, Escalation place, std::string why,
                          const Workspace& state, const Present& present);

/// "pages ada (push), on call in cdp-primary, and room"; for people.
std::string whom(const std::vector<PlannedMessage>& messages);
/// The whole of a step, in a sentence.
std::string sentence(const effect::Stepped& step, const Policy& policy);

/// It waits for somebody who can be paged, and may page.
bool is_queued(const Incident& incident);
/// There is somebody now; or its own policy had somebody all the while, and begins again.
std::optional<Effect> queue_due(const Incident& incident, const Present& present,
                                const Instant& now);
/// How long until it must be looked at again; nothing: it waits for nobody.
std::optional<Duration> queue_in(const Incident& incident);

/// Names a step in PartitionState::turns.
std::string turn_key(const Policy& policy, std::uint32_t step);

// What the effects do: by apply().
void take_turn(const effect::Stepped& step, Incident& incident, Workspace& state);
void step(Incident& incident, const effect::Stepped& step, const Instant& at);
void leave_queue(Incident& incident, const effect::Unqueued& unqueued);

}  // namespace tocsin::engine

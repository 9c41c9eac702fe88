// What effects do to an incident, where several do the same: private to apply().
#pragma once

#include "router/core/turn.hpp"
#include "router/engine/incident.hpp"

namespace tocsin::engine {

/// "ada (push)", "room". Without the address, since whoever has the link of a page reads this.
std::string name_of(const Contact& contact);

/// Planned messages become the incident's; those of a step know which it was.
void plan(Incident& incident, const std::vector<PlannedMessage>& messages, const Instant& at,
          const effect::Stepped* step = nullptr);

/// Down to the caps: messages that are final, and entries of a timeline's middle, go first.
void drop_old_messages(Incident& incident);
void trim_timeline(Incident& incident);

/// No longer wanted. What a room was to hear and did not, it hears as another message, once the
/// incident may tell somebody again.
void withdraw(Incident& incident, MessageState& message);
/// What has not started will not start; an attempt under way keeps its state until its result
/// comes. Calls of hooks stay.
void withdraw_pages(Incident& incident);
/// Nor will anything else of it that has not started.
void withdraw_words(Incident& incident);
/// From the first step, with other message ids.
void escalate_anew(Incident& incident, std::string why);
/// Acknowledged, for good or until a snooze is over.
void take_in_hand(Incident& incident, const std::string& by, const Instant& at);
/// It is over: nothing waits any longer, and what a hook did is known.
void end_waits(Incident& incident, const Instant& at);
/// A hook that a person may start may be started again.
void propose_again(Incident& incident);

/// Somebody has got a page of it: they hear how it ends.
void reached(Incident& incident, const MessageState& message);
/// What a provider said of it, for the timeline.
void note_result(Incident& incident, const MessageState& message, const Attempt& said,
                 WallTime recorded_at);

void hold(Incident& incident, const effect::Held& held, const Instant& at);
void release(Incident& incident, const effect::Released& released, const Instant& at);
void snooze(Incident& incident, const effect::Snoozed& snoozed, const Instant& at);
HookRun start_hook(Incident& incident, const effect::Remedied& remedied, const Instant& at);
void give_up_hook(Incident& incident, const effect::Unremedied& unremedied, const Instant& at);

}  // namespace tocsin::engine

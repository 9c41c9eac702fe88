// How a page gets through to a person: which of their contacts is next, what a missing receipt
// means, and when a step has reached nobody. Pure.
//
//   push    attempt ── 503 ──┐            is tried again, 1 s later and so on
//   mail              at once└─ accepted ─ no receipt in 30 s ─┐
//   sms                                                 at once└─ accepted
//
// A contact that did not take a page, or of which nobody says that it was delivered, means the
// person's next contact at once; the first goes on being tried. So a provider that is down delays a
// page by its own deadline, and by no wait of the person's or of the step.
#pragma once

#include <optional>
#include <string>

#include "router/engine/apply.hpp"
#include "router/engine/decide.hpp"

namespace tocsin::engine {

/// A step of which every contact fails for now is given up after so long, counted from its
/// beginning: a provider that is down for everybody must not drive an escalation through all its
/// people in a second, and whoever sleeps behind it must not wait for the step's whole wait. With
/// contacts that do not work at all the next step comes at once.
inline constexpr Duration kNobodyReached = std::chrono::minutes(1);
/// And not while an attempt is under way that has had less time than this to get an answer.
inline constexpr Duration kAttemptAnswers = std::chrono::seconds(15);

/// It has not got through so far, though it may still: the last attempt failed or was lost, or its
/// provider does not say that it was delivered.
bool is_failing(const MessageState& message);

/// The contact of the same person and step that comes before this one, if it did not get through.
const MessageState* failed_before(const Incident& incident, const MessageState& message);

/// It waits for its time, and the contact before it did not get through: it is due at once.
bool next_contact_wanted(const Incident& incident, const MessageState& message);

/// Why it did not get through, for people: "push ada-phone failed for now (HTTP 503)".
std::string why_not_reached(const MessageState& message);

/// This attempt, its first, came before its time: why, in the words of why_not_reached(); empty:
/// it did not.
std::string why_at_once(const Incident& incident, const MessageState& message);

/// How long until the current step counts as one that has reached nobody, and the next one begins;
/// nothing, while it may reach somebody.
std::optional<Duration> unreached_in(const Incident& incident, const Moment& moment);

/// Why it does, for people.
std::string why_unreached(const Incident& incident);

/// How long until the receipt of this page is missing; nothing when none is waited for.
std::optional<Duration> receipt_in(const Incident& incident, const MessageState& message,
                                   const Moment& moment);

/// What the effects do.
void begin_attempt(const effect::Attempted& attempted, const TurnContext& turn, Workspace& state);
void miss_receipt(const effect::Unconfirmed& unconfirmed, const Instant& at, Workspace& state);

/// By the fold: whoever presses the link of a message has got it, whatever becomes of what they
/// want.
void hear_link(PartitionState& state, const Command& command, WallTime at);

/// "; grace is left in peace until 07:00 Europe/Dublin", for whoever of them is; else empty.
std::string held_words(const std::vector<PlannedMessage>& messages);

}  // namespace tocsin::engine

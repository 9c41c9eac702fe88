#include "router/engine/due.hpp"

#include <algorithm>

#include "router/engine/acknowledging.hpp"
#include "router/engine/backlog.hpp"
#include "router/engine/bundle.hpp"
#include "router/engine/drill.hpp"
#include "router/engine/reach.hpp"
#include "router/engine/remedy.hpp"
#include "router/engine/retry.hpp"
#include "router/engine/steps.hpp"

namespace tocsin::engine {
namespace {

// A later page has begun to go to the same contact, or is about to: one at a time is enough, or a
// provider that is away for a day would be told of one incident a hundred times when it is back.
bool superseded(const Incident& incident, const MessageState& message, const Moment& moment) {
  if (message.kind != MessageKind::page) return false;
  const MessageState* const end = incident.messages.data() + incident.messages.size();
  return std::any_of(&message + 1, end, [&](const MessageState& later) {
    return later.kind == MessageKind::page && later.contact == message.contact &&
           (later.attempt > 0 || later.due.over(moment.now));
  });
}

// Whom the page got to, or may have got to, and who has not heard yet that it is over.
std::vector<Contact> owed(const Incident& incident, const Moment& moment) {
  if (incident.hold && incident.hold->kind == HoldKind::gameday_over) return {};
  std::vector<Contact> contacts = incident.reached;
  for (const MessageState& m : incident.messages)
    if (m.kind == MessageKind::page && lost(m, moment)) contacts.push_back(m.contact);
  std::vector<Contact> left;
  for (const Contact& contact : contacts)
    if (std::find(incident.told.begin(), incident.told.end(), contact) == incident.told.end() &&
        std::find(left.begin(), left.end(), contact) == left.end())
      left.push_back(contact);
  return left;
}

// A page whose attempt was under way when the incident ended: its result, or its loss, decides
// whether somebody is owed a word.
std::optional<Duration> owed_in(const Incident& incident, const Moment& moment) {
  if (!owed(incident, moment).empty()) return Duration::zero();
  std::optional<Duration> soonest;
  for (const MessageState& m : incident.messages)
    if (m.kind == MessageKind::page && m.status == MessageStatus::sending && !lost(m, moment)) {
      const Duration left = kAttemptLost - elapsed_between(m.started_at, moment.now, kAttemptLost);
      soonest = std::min(soonest.value_or(left), left);
    }
  return soonest;
}

// Nothing to climb: it is answered by the manual, or nobody was to be paged.
bool pages_nobody(const Incident& incident) { return incident.policy->steps.empty(); }

// Until the next step, the first one included; nothing when there is none to come. One that was
// given to somebody before it began waits for their answer first.
std::optional<Duration> step_in(const Incident& incident, const Moment& moment) {
  if (incident.state != IncidentState::open || pages_nobody(incident)) return std::nullopt;
  if (incident.hold || is_running(incident)) return std::nullopt;
  const Escalation& at = incident.escalation;
  // One that was given to somebody before it began waits for their answer first.
  const Duration left = at.next.left(moment.now);
  const Duration unreached = std::min(left, unreached_in(incident, moment).value_or(left));
  if (!at.begun)
    return std::max(incident.after ? incident.after->left(moment.now) : Duration::zero(),
                    unreached);
  if (at.queue == Queue::anybody || ends_in_silence(incident, at)) return std::nullopt;
  const bool last = at.fallback && incident.fallback->steps.size() == at.step + 1;
  return last ? left : unreached;
}

effect::Stepped next_step(const Incident& incident, const Workspace& state, const View& view,
                          const Configuration& configuration, const Moment& moment) {
  const Escalation& at = incident.escalation;
  const Present present{view.facts, configuration, moment.now.wall};
  const std::string nobody = at.next.over(moment.now)
                                 ? "nobody acknowledged for " + format_duration(at.next.length)
                                 : why_unreached(incident);
  if (at.begun) return step_from(incident, after(incident, at), nobody, state, present);
  std::string why = incident.begins;
  if (!at.paged.empty())
    why = nobody;
  else if (incident.after && incident.begins == kOpened)
    why = "still firing after " + format_duration(incident.after->length);
  return step_from(incident, {}, std::move(why), state, present);
}

// It has heard, or is about to.
bool is_told(const Incident& incident, const Contact& room) {
  const auto& heard = incident.rooms_heard;
  return std::find(heard.begin(), heard.end(), room) != heard.end() ||
         std::any_of(
             incident.messages.begin(), incident.messages.end(), [&](const MessageState& message) {
               return is_for_room(message.kind) && message.contact == room && !message.is_final();
             });
}

// What rooms hear, once: the manual's answer, or that somebody is paged and has no procedure.
std::vector<PlannedMessage> words_for_rooms(const Incident& incident) {
  std::vector<PlannedMessage> words;
  if (incident.room_told || incident.state != IncidentState::open || incident.hold ||
      is_running(incident))
    return words;
  const Decision& decision = incident.decision;
  const auto tell = [&](MessageKind kind, const std::string& channel) {
    Contact contact{"", channel, ""};
    if (is_told(incident, contact)) return;
    const MessageId id =
        make_message_id(incident.id, incident.occurrence, kind, false, 0, 0, contact);
    words.push_back({id, kind, std::move(contact), {}});
  };
  if (decision.outcome == Outcome::advise)
    for (const std::string& channel : decision.tell) tell(MessageKind::advice, channel);
  if (pages(decision.outcome) && incident.escalation.begun && !decision.runbook &&
      !decision.team_channel.empty())
    tell(MessageKind::no_procedure, decision.team_channel);
  return words;
}

// A silence or window that covers it now, or no longer; a snooze, or the time for which it was
// acknowledged, that is over.
std::optional<Effect> hold_due(const Incident& incident, const Workspace& state, const View& view,
                               const Configuration& configuration, const Moment& moment) {
  if (incident.state == IncidentState::acknowledged && incident.snoozed &&
      incident.snoozed->over(moment.now))
    return effect::Released{incident.id, "snoozed by " + incident.acknowledged_by + " for " +
                                             format_duration(incident.snoozed->length) +
                                             ", and not over"};
  if (has_lapsed(incident, moment.now))
    return effect::Released{incident.id, "acknowledged by " + incident.acknowledged_by + " for " +
                                             format_duration(incident.acknowledged_for->length) +
                                             ", and not over"};
  if (incident.state != IncidentState::open) return std::nullopt;
  auto wanted = hold_of(incident, state, view.facts, configuration, moment.now.wall);
  if (wanted == incident.hold) return std::nullopt;
  if (wanted) return effect::Held{incident.id, std::move(*wanted)};
  return effect::Released{incident.id, std::string(to_string(incident.hold->kind)) + " " +
                                           incident.hold->subject + " covers it no longer"};
}

std::optional<Duration> hold_in(const Incident& incident, const Moment& moment) {
  if (incident.state == IncidentState::acknowledged && incident.snoozed)
    return incident.snoozed->left(moment.now);
  if (incident.state == IncidentState::acknowledged && incident.acknowledged_for)
    return incident.acknowledged_for->left(moment.now);
  if (incident.state != IncidentState::open || !incident.hold) return std::nullopt;
  const Duration left = incident.hold->until ? *incident.hold->until - moment.now.wall : kLookAgain;
  return std::clamp(left, Duration::zero(), kLookAgain);
}

// A drill whose run is over is silent for good.
std::optional<Effect> drill_due(const Incident& incident, const View& view,
                                const Configuration& configuration, const Moment& moment) {
  if (incident.realm.is_production() || drill_is_over(incident)) return std::nullopt;
  std::string why = why_run_over(incident.realm, view.facts, configuration, moment.now);
  if (why.empty()) return std::nullopt;
  const gameday::Run* const run = view.facts.find_run(incident.realm.gameday, incident.realm.run);
  const bool paused = run && run->ending && run->ending->kind == gameday::EndKind::paused;
  return effect::Held{incident.id,
                      {paused ? HoldKind::gameday_paused : HoldKind::gameday_over,
                       incident.realm.gameday, std::move(why), std::nullopt}};
}

// Whoever is owed a word hears that it is over; of a drill that paused, that it did.
std::optional<effect::Told> last_words(const Incident& incident, const Moment& moment) {
  const bool paused = incident.hold && incident.hold->kind == HoldKind::gameday_paused;
  if (!paused && incident.state != IncidentState::resolved) return std::nullopt;
  const MessageKind kind = paused ? MessageKind::drill_paused : MessageKind::resolved;
  effect::Told told{incident.id, {}};
  for (Contact& contact : owed(incident, moment)) {
    const MessageId id =
        make_message_id(incident.id, incident.occurrence, kind, false, 0, 0, contact);
    told.messages.push_back({id, kind, std::move(contact), {}});
  }
  return told.messages.empty() ? std::nullopt : std::optional(std::move(told));
}

}  // namespace

bool lives(std::uint64_t boot, const Moment& moment) {
  return boot == moment.boot ||
         std::find(moment.living.begin(), moment.living.end(), boot) != moment.living.end();
}

bool lost(const MessageState& message, const Moment& moment) {
  return message.status == MessageStatus::sending &&
         (!lives(message.started_by, moment) ||
          elapsed_between(message.started_at, moment.now, kAttemptLost) >= kAttemptLost);
}

std::optional<Duration> attempt_in(const Incident& incident, const MessageState& message,
                                   const Moment& moment) {
  if (!why_not_send(incident, message).empty() || superseded(incident, message, moment))
    return std::nullopt;
  if (message.status == MessageStatus::bundled) return std::nullopt;  // its bundle's is
  if (message.kind == MessageKind::hook)  // called once; what came of it is the remedy's to judge
    return message.attempt == 0 ? std::optional(Duration::zero()) : std::nullopt;
  if (message.status == MessageStatus::sending) {
    if (lost(message, moment)) return Duration::zero();
    return kAttemptLost - elapsed_between(message.started_at, moment.now, kAttemptLost);
  }
  if (next_contact_wanted(incident, message)) return Duration::zero();
  return message.due.left(moment.now);
}

std::string why_not_send(const Incident& incident, const MessageState& message) {
  if (message.is_final()) return "it is over: " + std::string(to_string(message.status));
  if (message.kind == MessageKind::drill_paused || is_bundle(message.kind)) return {};
  if (drill_is_over(incident)) return incident.hold->why;
  if (message.kind == MessageKind::digest) return {};
  if (message.kind == MessageKind::resolved)
    return incident.state == IncidentState::resolved ? "" : "the incident is not resolved";
  if (incident.state == IncidentState::resolved) return "the incident is resolved";
  if (message.kind == MessageKind::hook)
    return is_running(incident) && incident.remedy->message == message.id
               ? ""
               : "the hook is not wanted any more";
  if (incident.state == IncidentState::acknowledged)
    return "acknowledged by " + incident.acknowledged_by;
  if (incident.hold) return "held: " + incident.hold->why;
  if (is_running(incident)) return "held: hook " + incident.decision->remedy->hook + " runs";
  if (message.kind == MessageKind::page && has_acknowledged(incident, message.contact.person))
    return "acknowledged by " + message.contact.person;
  return {};
}

std::optional<Effect> next_due(const Incident& incident, const Workspace& state, const View& view,
                               const Configuration& configuration, const Moment& moment) {
  if (is_host(incident)) return bundle_due(incident, state, view, moment);
  if (auto effect = drill_due(incident, view, configuration, moment)) return effect;
  const bool over = drill_is_over(incident);
  if (!over) {
    if (auto effect = hold_due(incident, state, view, configuration, moment)) return effect;
    if (waits_for_backlog(incident, moment)) return std::nullopt;
    if (auto effect = remedy_due(incident, state, view, moment)) return effect;
    if (auto effect = queue_due(incident, {view.facts, configuration, moment.now.wall}, moment.now))
      return effect;
    // Before the attempts: after an outage the present is paged, and not the step that it
    // interrupted.
    if (step_in(incident, moment) == Duration::zero())
      return next_step(incident, state, view, configuration, moment);
  }
  for (const MessageState& message : incident.messages) {
    if (receipt_in(incident, message, moment) == Duration::zero())
      return effect::Unconfirmed{incident.id, message.id};
    if (attempt_in(incident, message, moment) != Duration::zero()) continue;
    if (view.limits)
      if (auto bundled = bundled_instead(incident, message, state, configuration, moment))
        return *std::move(bundled);
    return effect::Attempted{incident.id, message.id, message.attempt + 1};
  }
  if (!over) {
    if (auto told = digest_due(incident, configuration, moment)) return *told;
    effect::Told words{incident.id, words_for_rooms(incident)};
    if (!words.messages.empty()) return words;
  }
  if (auto told = last_words(incident, moment)) return *told;
  return std::nullopt;
}

std::optional<Duration> due_in(const Incident& incident, const Moment& moment) {
  if (is_host(incident)) return attempt_in(incident, incident.messages.back(), moment);
  if (!drill_is_over(incident) && waits_for_backlog(incident, moment))
    return std::min(hold_in(incident, moment).value_or(kLookBehind), kLookBehind);
  std::optional<Duration> soonest = step_in(incident, moment);
  const auto consider = [&](std::optional<Duration> wait) {
    if (wait && (!soonest || *wait < *soonest)) soonest = wait;
  };
  for (const MessageState& message : incident.messages) {
    consider(attempt_in(incident, message, moment));
    consider(receipt_in(incident, message, moment));
  }
  if (incident.state == IncidentState::resolved || drill_is_over(incident))
    consider(owed_in(incident, moment));
  if (drill_is_over(incident)) return soonest;
  if (!words_for_rooms(incident).empty()) consider(Duration::zero());
  consider(digest_in(incident, moment));
  consider(hold_in(incident, moment));
  consider(remedy_in(incident, moment));
  consider(queue_in(incident));
  return soonest;
}

}  // namespace tocsin::engine

#include "router/engine/changes.hpp"

#include <algorithm>

#include "router/engine/acknowledging.hpp"
#include "router/engine/apply.hpp"

namespace tocsin::engine {
std::string name_of(const Contact& contact) {
  return contact.person.empty() ? contact.channel.str()
                                : contact.person + " (" + contact.channel + ")";
}

namespace {

// Two pages to one contact that wait for the same end of its quiet hours: one is enough.
void replace_held(Incident& incident, const PlannedMessage& planned) {
  if (planned.held.empty()) return;
  for (MessageState& earlier : incident.messages)
    if (earlier.kind == planned.kind && earlier.contact == planned.contact &&
        earlier.status == MessageStatus::waiting && !earlier.held.empty())
      earlier.status = MessageStatus::withdrawn;
}

}  // namespace

void plan(Incident& incident, const std::vector<PlannedMessage>& messages, const Instant& at,
          const effect::Stepped* step) {
  for (const PlannedMessage& planned : messages) {
    replace_held(incident, planned);
    MessageState message;
    message.id = planned.id;
    message.kind = planned.kind;
    message.contact = planned.contact;
    message.rota = planned.rota;
    message.due = {at, planned.after};
    message.occurrence = incident.occurrence;
    message.held = planned.held;
    if (step) {
      message.round = step->round;
      message.step = step->step;
      message.fallback = step->fallback;
    }
    incident.messages.push_back(std::move(message));
  }
  drop_old_messages(incident);
}

void drop_old_messages(Incident& incident) {
  while (incident.messages.size() > kMostMessages) {
    const auto oldest = std::find_if(incident.messages.begin(), incident.messages.end(),
                                     [](const MessageState& m) { return m.is_final(); });
    if (oldest == incident.messages.end()) break;
    incident.messages.erase(oldest);
  }
}

void note(Incident& incident, TimelineEntry entry) {
  if (incident.timeline.empty()) incident.timeline.reserve(kFewEntries);
  incident.timeline.push_back(std::move(entry));
  trim_timeline(incident);
}

void trim_timeline(Incident& incident) {
  while (incident.timeline.size() > kMostTimeline) {
    incident.timeline.erase(incident.timeline.begin() +
                            static_cast<std::ptrdiff_t>(kTimelineBeginning));
    ++incident.timeline_dropped;
  }
}

void withdraw(Incident& incident, MessageState& message) {
  message.status = MessageStatus::withdrawn;
  if (!is_for_room(message.kind) || !incident.room_told) return;
  incident.room_told = false;
  ++incident.occurrence;
}

void withdraw_pages(Incident& incident) {
  for (MessageState& message : incident.messages)
    if (message.kind != MessageKind::resolved && message.kind != MessageKind::hook &&
        message.kind != MessageKind::digest && is_idle(message))
      withdraw(incident, message);
}

void withdraw_words(Incident& incident) {
  for (MessageState& message : incident.messages)
    if (is_idle(message)) message.status = MessageStatus::withdrawn;
}

void escalate_anew(Incident& incident, std::string why) {
  withdraw_pages(incident);
  incident.begins = std::move(why);
  if (!incident.escalation.begun && incident.escalation.paged.empty()) return;
  incident.escalation = {};
  ++incident.occurrence;
}

namespace {
void lift(Incident& incident) {
  if (!drill_is_over(incident)) incident.hold.reset();
}
}  // namespace

void take_in_hand(Incident& incident, const std::string& by, const Instant& at) {
  incident.state = IncidentState::acknowledged;
  incident.acknowledged_at = at.wall;
  incident.acknowledged_by = by;
  lift(incident);
  incident.snoozed.reset();
  incident.acknowledged_for.reset();
  incident.backlog.reset();
  withdraw_pages(incident);
}

void end_waits(Incident& incident, const Instant& at) {
  lift(incident);
  incident.backlog.reset();
  withdraw_pages(incident);
  for (MessageState& message : incident.messages)
    if (message.kind == MessageKind::hook && message.status == MessageStatus::waiting)
      message.status = MessageStatus::withdrawn;
  if (!incident.remedy || incident.remedy->status != RemedyStatus::running) return;
  incident.remedy->status = RemedyStatus::worked;
  if (!incident.escalation.begun)
    note(incident,
         {at.wall, "remedied", "",
          "it ended while hook " + incident.decision->remedy->hook + " ran, and nobody was paged"});
}

void propose_again(Incident& incident) {
  incident.remedy.reset();
  if (incident.decision->remedy && incident.decision->remedy->mode == RemedyMode::approve)
    incident.remedy = RemedyState{};
}

void hold(Incident& incident, const effect::Held& held, const Instant& at) {
  const bool for_good = is_for_good(held.hold.kind);
  if (incident.state != IncidentState::open && !for_good) return;
  incident.hold = held.hold;
  incident.snoozed.reset();
  withdraw_pages(incident);
  if (for_good) withdraw_words(incident);
  const bool paged = incident.escalation.begun;
  note(incident,
       {at.wall, "held", "", held.hold.why + (paged ? "; somebody was paged before" : "")});
}

void release(Incident& incident, const effect::Released& released, const Instant& at) {
  if (incident.state == IncidentState::resolved) return;
  note(incident, {at.wall, "released", "", released.why});
  lift(incident);
  if (incident.snoozed || incident.acknowledged_for) forget_acknowledgements(incident);
  escalate_anew(incident, released.why);
}

void snooze(Incident& incident, const effect::Snoozed& snoozed, const Instant& at) {
  if (incident.state == IncidentState::resolved) return;
  take_in_hand(incident, snoozed.by, at);
  incident.snoozed = Wait{at, snoozed.length};
  note(incident,
       {at.wall, "snoozed", snoozed.by,
        "snoozed by " + snoozed.by + " (" + snoozed.via + ") for " +
            format_duration(snoozed.length) + (snoozed.why.empty() ? "" : ": " + snoozed.why)});
}

HookRun start_hook(Incident& incident, const effect::Remedied& remedied, const Instant& at) {
  const Remedy remedy = incident.decision->remedy.value_or(Remedy{});
  withdraw_pages(incident);
  incident.backlog.reset();
  incident.remedy =
      RemedyState{RemedyStatus::running, remedied.message, {at, remedied.wait}, remedied.by};
  plan(incident, {{remedied.message, MessageKind::hook, {"", hook_channel(remedy.hook), ""}, {}}},
       at);
  ++incident.occurrence;  // which the call's id was made of: the next one has another
  std::string text = "hook " + remedy.hook + " starts";
  if (!remedied.by.empty()) text += ", approved by " + remedied.by;
  if (incident.state == IncidentState::open)
    text += "; the page is held for " + format_duration(remedied.wait) + " at the most";
  note(incident, {at.wall, "remedy", remedied.by, text});
  // Its start says no more than the incident's id.
  return {counted_as(incident), incident.group, incident.id, remedied.message, at, incident.anchor};
}

void give_up_hook(Incident& incident, const effect::Unremedied& e, const Instant& at) {
  const bool ran = incident.remedy && incident.remedy->status == RemedyStatus::running;
  if (!incident.remedy) incident.remedy = RemedyState{};
  incident.remedy->status = e.how;
  // One that is spent may be under way still: its result is awaited.
  for (MessageState& message : incident.messages) {
    if (message.id != incident.remedy->message || message.is_final()) continue;
    if (e.how == RemedyStatus::spent && message.status == MessageStatus::sending) continue;
    message.status = MessageStatus::rejected;
  }
  note(incident, {at.wall, "remedy", e.by, e.why});
  if (e.how != RemedyStatus::rejected && incident.tried.size() < kMostTried)
    incident.tried.push_back(e.why);
  const bool spared = ran || e.how == RemedyStatus::limited;
  if (spared && incident.state == IncidentState::open) escalate_anew(incident, e.why);
}

}  // namespace tocsin::engine

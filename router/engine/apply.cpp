#include "router/engine/apply.hpp"

#include <algorithm>

#include "router/engine/due.hpp"
#include "router/engine/retry.hpp"

namespace tocsin::engine {
namespace {

const Alert* input_alert(const Workspace& state, const InputRef& input,
                         const AlertsBody** body = nullptr) {
  const Pending* const pending = state.base().find_pending(input.record);
  const auto* const alerts =
      pending ? std::get_if<std::shared_ptr<const AlertsBody>>(&pending->input) : nullptr;
  if (!alerts || input.index >= (*alerts)->alerts.size()) return nullptr;
  if (body) *body = alerts->get();
  return &(*alerts)->alerts[input.index];
}

std::string name_of(const Contact& contact) {
  const std::string where =
      contact.channel + (contact.address.empty() ? "" : " " + contact.address);
  return contact.person.empty() ? where : contact.person + " (" + where + ")";
}

struct Apply {
  const TurnContext& turn;
  Workspace& state;

  AlertState* current_alert(const InputRef& input) {
    const AlertsBody* body = nullptr;
    const Alert* const alert = input_alert(state, input, &body);
    if (!alert) return nullptr;
    return state.alert(state.current(alert_key({}, body->integration, alert->key)));
  }

  void recount(const IncidentId& id, bool was_firing, bool is_firing) {
    if (Incident* const incident = id.empty() ? nullptr : state.incident(id))
      incident->firing = static_cast<std::uint32_t>(incident->firing + is_firing - was_firing);
  }

  void operator()(const effect::Decided& e) {
    const AlertsBody* body = nullptr;
    const Alert* const alert = input_alert(state, e.input, &body);
    if (!alert) return;
    const std::string key = alert_key({}, body->integration, alert->key);
    AlertState* const known = state.alert(state.current(key));
    const auto decision = std::make_shared<const Decision>(e.decision);
    // An alert's id names its stay in one incident; once that is over, the next firing is a new
    // one.
    const Incident* const home = known ? state.incident(known->incident) : nullptr;
    const bool firing = known && known->alert.status == AlertStatus::firing;
    const bool stays = home ? home->state != IncidentState::resolved : firing;
    if (stays) {
      const bool was_firing = known->alert.status == AlertStatus::firing;
      known->alert = *alert;
      known->decision = decision;
      known->heard = body->received;
      ++known->count;
      recount(known->incident, was_firing, true);
      return;
    }
    if (firing) {  // a person ended its incident, and there it fires no longer
      known->alert.status = AlertStatus::resolved;
      recount(known->incident, true, false);
    }
    AlertState fresh{make_alert_id(e.input.record, e.input.index),
                     *alert,
                     body->integration,
                     decision,
                     {},
                     1,
                     body->received};
    state.set_current(key, fresh.id);
    state.add(std::move(fresh));
  }

  void operator()(const effect::Ended& e) {
    AlertState* const known = current_alert(e.input);
    const AlertsBody* body = nullptr;
    const Alert* const alert = input_alert(state, e.input, &body);
    if (!known || !alert) return;
    const bool was_firing = known->alert.status == AlertStatus::firing;
    known->alert = *alert;
    known->heard = body->received;
    recount(known->incident, was_firing, false);
    if (known->incident.empty()) return state.ended(known->id);
    if (Incident* const incident = state.incident(known->incident))
      note(*incident, {turn.at.wall, "alert_ended", "",
                       std::string(alert->labels.get("alertname")) + " ended"});
  }

  void operator()(const effect::Ignored&) {}

  void operator()(const effect::Opened& e) {
    Incident incident;
    incident.id = e.incident;
    incident.partition = state.base().partition;
    incident.realm = e.realm;
    incident.group = e.group;
    incident.title = e.title;
    incident.service = e.service;
    incident.decision = e.decision;
    incident.opened_at = turn.at.wall;
    const AlertsBody* body = nullptr;
    if (input_alert(state, e.input, &body)) incident.received = body->received;
    incident.policy = e.policy;
    incident.fallback = e.fallback;
    if (AlertState* const alert = current_alert(e.input)) {
      incident.integration = alert->integration;
      incident.alerts = {alert->id};
      incident.firing = 1;
      alert->incident = e.incident;
    }
    std::string why = "opened";
    for (const Reason& reason : e.decision.reasons) why += "; " + sentence(reason);
    note(incident, {turn.at.wall, "opened", "", why});
    if (e.decision.after > Duration::zero()) {
      incident.held = Wait{turn.at, e.decision.after};
      note(incident,
           {turn.at.wall, "held", "",
            "pages nobody unless it still fires after " + format_duration(e.decision.after)});
    }
    state.add(std::move(incident));
    state.set_group(e.group, e.incident);
  }

  void operator()(const effect::Joined& e) {
    AlertState* const alert = current_alert(e.input);
    Incident* const incident = state.incident(e.incident);
    if (!alert || !incident || alert->incident == e.incident) return;
    recount(alert->incident, true, false);
    alert->incident = e.incident;
    incident->alerts.push_back(alert->id);
    ++incident->firing;
    note(*incident, {turn.at.wall, "joined", "",
                     std::string(alert->alert.labels.get("alertname")) +
                         " joined: " + std::to_string(incident->firing) + " firing"});
  }

  void plan(Incident& incident, const std::vector<PlannedMessage>& messages,
            const effect::Stepped* step) {
    for (const PlannedMessage& planned : messages) {
      MessageState message;
      message.id = planned.id;
      message.kind = planned.kind;
      message.contact = planned.contact;
      message.due = {turn.at, planned.after};
      if (step) {
        message.round = step->round;
        message.step = step->step;
        message.fallback = step->fallback;
      }
      incident.messages.push_back(std::move(message));
    }
    while (incident.messages.size() > kMostMessages) {
      const auto oldest = std::find_if(incident.messages.begin(), incident.messages.end(),
                                       [](const MessageState& m) { return m.is_final(); });
      if (oldest == incident.messages.end()) break;
      incident.messages.erase(oldest);
    }
  }

  void operator()(const effect::Stepped& e) {
    Incident* const incident = state.incident(e.incident);
    if (!incident) return;
    incident->escalation = {true, e.fallback, e.round, e.step, {turn.at, e.wait}};
    incident->held.reset();
    plan(*incident, e.messages, &e);
    const Policy& policy = e.fallback ? incident->fallback : incident->policy;
    std::string text = e.why + ": step " + std::to_string(e.step + 1) + " of policy " + policy.name;
    if (e.round > 0) text += ", round " + std::to_string(e.round + 1);
    for (std::size_t i = 0; i < e.messages.size(); ++i)
      text += (i ? ", " : " pages ") + name_of(e.messages[i].contact);
    if (e.messages.empty()) text += " reaches nobody";
    note(*incident, {turn.at.wall, "escalated", "", text});
  }

  void operator()(const effect::Told& e) {
    Incident* const incident = state.incident(e.incident);
    if (!incident) return;
    plan(*incident, e.messages, nullptr);
    for (const PlannedMessage& message : e.messages) {
      if (message.kind == MessageKind::resolved)
        incident->told.push_back(message.contact);
      else
        incident->room_told = true;
    }
  }

  void operator()(const effect::Attempted& e) {
    Incident* const incident = state.incident(e.incident);
    if (!incident) return;
    for (MessageState& message : incident->messages) {
      if (message.id != e.message || message.is_final()) continue;
      message.status = MessageStatus::sending;
      message.attempt = e.attempt;
      message.started_by = turn.boot;
      message.started_at = turn.at;
      withdraw_earlier(*incident, message);
    }
  }

  // An earlier page to the same contact that has not arrived by now is not tried again: this one
  // takes its place.
  void withdraw_earlier(Incident& incident, const MessageState& begun) const {
    if (begun.kind != MessageKind::page) return;
    for (MessageState& earlier : incident.messages) {
      if (&earlier == &begun) return;
      const bool idle = earlier.status == MessageStatus::waiting ||
                        earlier.status == MessageStatus::retrying ||
                        lost(earlier, {turn.at, turn.boot});
      if (idle && earlier.kind == MessageKind::page && earlier.contact == begun.contact)
        earlier.status = MessageStatus::withdrawn;
    }
  }

  void operator()(const effect::Expired& e) {
    AlertState* const alert = state.alert(e.alert);
    if (!alert || alert->alert.status != AlertStatus::firing) return;
    alert->alert.status = AlertStatus::resolved;
    recount(alert->incident, true, false);
    if (alert->incident.empty()) return state.ended(e.alert);
    if (Incident* const incident = state.incident(alert->incident))
      note(*incident, {turn.at.wall, "alert_ended", "",
                       std::string(alert->alert.labels.get("alertname")) + " is over: " + e.why});
  }

  void operator()(const effect::Reopened& e) {
    Incident* const incident = state.incident(e.incident);
    if (!incident || incident->state != IncidentState::resolved) return;
    // Whoever acknowledged it has it in hand: an alert that comes and goes does not wake them
    // again.
    incident->state = incident->acknowledged_at ? IncidentState::acknowledged : IncidentState::open;
    incident->resolved_at.reset();
    ++incident->occurrence;
    incident->escalation = {};
    incident->begins = "reopened";
    if (incident->decision.after > Duration::zero())
      incident->held = Wait{turn.at, incident->decision.after};
    incident->reached.clear();
    incident->told.clear();
    for (MessageState& message : incident->messages)
      if (!message.is_final()) message.status = MessageStatus::withdrawn;
    note(*incident, {turn.at.wall, "reopened", "", "reopened: " + e.why});
    state.set_group(incident->group, e.incident);
  }

  void operator()(const effect::Raised& e) {
    Incident* const incident = state.incident(e.incident);
    if (!incident) return;
    incident->decision.severity = e.severity;
    note(*incident, {turn.at.wall, "raised", "",
                     "severity rose to " + std::string(to_string(e.severity)) + ": " + e.why});
    // Whoever acknowledged has it in hand: what they stopped stays stopped.
    if (incident->state != IncidentState::open || !incident->escalation.begun) return;
    withdraw_pages(*incident);
    incident->escalation = {};
    incident->begins = "severity rose to " + std::string(to_string(e.severity));
    ++incident->occurrence;
  }

  void operator()(const effect::Acknowledged& e) {
    Incident* const incident = state.incident(e.incident);
    if (!incident || incident->state != IncidentState::open) return;
    incident->state = IncidentState::acknowledged;
    incident->acknowledged_at = turn.at.wall;
    incident->acknowledged_by = e.by;
    withdraw_pages(*incident);
    note(*incident,
         {turn.at.wall, "acknowledged", e.by, "acknowledged by " + e.by + " (" + e.via + ")"});
  }

  void operator()(const effect::Resolved& e) {
    Incident* const incident = state.incident(e.incident);
    if (!incident || incident->state == IncidentState::resolved) return;
    incident->state = IncidentState::resolved;
    incident->resolved_at = turn.at.wall;
    incident->ended = turn.at;
    incident->resolved_by = e.by;
    withdraw_pages(*incident);
    note(*incident, {turn.at.wall, "resolved", e.by,
                     e.by.empty() ? "resolved: " + e.why : "resolved by " + e.by});
    if (state.group(incident->group) == e.incident) state.set_group(incident->group, {});
    state.closed(e.incident);
  }

  void operator()(const effect::Answered&) {}
  void operator()(const effect::Held&) {}
  void operator()(const effect::Released&) {}
  void operator()(const effect::Noted&) {}
  void operator()(const effect::Snoozed&) {}
  void operator()(const effect::Remedied&) {}
  void operator()(const effect::Unremedied&) {}
  void operator()(const effect::SetAside& e) { state.set_aside(e); }

  // What has not started will not start; an attempt under way keeps its state until its result
  // comes.
  static void withdraw_pages(Incident& incident) {
    for (MessageState& message : incident.messages)
      if (message.kind != MessageKind::resolved &&
          (message.status == MessageStatus::waiting || message.status == MessageStatus::retrying))
        message.status = MessageStatus::withdrawn;
  }
};

void reached(Incident& incident, const MessageState& message) {
  if (message.kind == MessageKind::page &&
      std::find(incident.reached.begin(), incident.reached.end(), message.contact) ==
          incident.reached.end())
    incident.reached.push_back(message.contact);
}

}  // namespace

void apply(const Effect& effect, const TurnContext& turn, Workspace& state) {
  std::visit(Apply{turn, state}, effect);
}

void note(Incident& incident, TimelineEntry entry) {
  incident.timeline.push_back(std::move(entry));
  if (incident.timeline.size() <= kMostTimeline) return;
  incident.timeline.erase(incident.timeline.begin() +
                          static_cast<std::ptrdiff_t>(kTimelineBeginning));
  ++incident.timeline_dropped;
}

void apply_result(const AttemptResult& result, WallTime recorded_at, Incident& incident) {
  const auto found = std::find_if(incident.messages.begin(), incident.messages.end(),
                                  [&](const MessageState& m) { return m.id == result.message; });
  if (found == incident.messages.end() || found->is_final()) return;
  MessageState& message = *found;
  const Attempt& said = result.said;
  // A late result of an earlier attempt still tells that the message arrived; its failure no longer
  // matters.
  if (result.attempt != message.attempt && said.outcome != AttemptOutcome::accepted) return;
  message.detail = said.detail;
  message.provider_id = said.provider_id;
  switch (said.outcome) {
    case AttemptOutcome::accepted:
      message.status = MessageStatus::accepted;
      reached(incident, message);
      break;
    case AttemptOutcome::rejected:
      message.status = MessageStatus::rejected;
      break;
    case AttemptOutcome::withheld:
      message.status = MessageStatus::withdrawn;
      break;
    case AttemptOutcome::retry_later: {
      const bool wanted = message.kind == MessageKind::resolved
                              ? message.attempt < kMostWordAttempts
                              : incident.state == IncidentState::open;
      message.status = wanted ? MessageStatus::retrying : MessageStatus::withdrawn;
      message.due = {result.at, retry_wait(message.id, message.attempt, said.retry_after)};
      break;
    }
  }
  std::string text = std::string(to_string(message.kind)) + " to " + name_of(message.contact) +
                     ": " + std::string(to_string(said.outcome));
  if (message.attempt > 1) text += ", attempt " + std::to_string(message.attempt);
  if (!said.detail.empty()) text += " (" + said.detail + ")";
  note(incident, {recorded_at, "delivery", "", text});
}

}  // namespace tocsin::engine

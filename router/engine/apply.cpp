#include "router/engine/apply.hpp"

#include <algorithm>

#include "router/core/manual.hpp"
#include "router/engine/acknowledging.hpp"
#include "router/engine/adopt.hpp"
#include "router/engine/backlog.hpp"
#include "router/engine/bundle.hpp"
#include "router/engine/by_hand.hpp"
#include "router/engine/changes.hpp"
#include "router/engine/late.hpp"
#include "router/engine/reach.hpp"
#include "router/engine/steps.hpp"

namespace tocsin::engine {
namespace {

/// Of an incident that no alert opened.
constexpr std::string_view kOwnIntegration = "tocsin";

Position position_of(const Workspace& state, const InputRef& input) {
  const Pending* const pending = state.base().pending.find(input.record);
  return pending ? pending->position : state.base().position;
}

const Alert* input_alert(const Workspace& state, const InputRef& input,
                         const AlertsBody** body = nullptr) {
  const Pending* const pending = state.base().pending.find(input.record);
  const auto* const alerts =
      pending ? std::get_if<std::shared_ptr<const AlertsBody>>(&pending->input) : nullptr;
  if (!alerts || input.index >= (*alerts)->alerts.size()) return nullptr;
  if (body) *body = alerts->get();
  return &(*alerts)->alerts[input.index];
}

// Many senders say of an end nothing but the key: what it was that ended is known from before.
void hear_end(Alert& known, const Alert& word) {
  known.status = word.status;
  known.ends_at = word.ends_at;
  if (known.labels.empty()) known.labels = word.labels;
  if (!word.annotations.empty()) known.annotations = word.annotations;
  if (!word.generator_url.empty()) known.generator_url = word.generator_url;
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

  // That an effect is about: a drill's copy by its id, any other by the input that brought it.
  AlertState* subject(const InputRef& input, const AlertId& copy) {
    return copy.empty() ? current_alert(input) : state.alert(copy);
  }

  // Their groups differ by the realm; were they not to, production's would hold it.
  void claim_group(const SharedText& group, const IncidentId& id, const Realm& realm) {
    const Incident* const holder = state.find_incident(state.group(group));
    if (holder && holder->realm != realm && !realm.is_production()) return;
    state.set_group(group, id);
  }

  template <class Change>
  void on(const IncidentId& id, Change change) {
    if (Incident* const incident = state.incident(id)) change(*incident);
  }

  void recount(const IncidentId& id, bool was_firing, bool is_firing) {
    if (Incident* const incident = id.empty() ? nullptr : state.incident(id))
      incident->firing = static_cast<std::uint32_t>(incident->firing + is_firing - was_firing);
  }

  void decided(AlertState& alert, std::shared_ptr<const Decision> decision) {
    alert.decision = std::move(decision);
    alert.configuration = turn.configuration;
    alert.decided_at = turn.at.wall;
  }

  void operator()(const effect::Decided& e) {
    const AlertsBody* body = nullptr;
    const Alert* const alert = input_alert(state, e.input, &body);
    if (!alert) return;
    AlertState fresh;
    fresh.id = make_alert_id(e.input.record, e.input.index);
    fresh.anchor = position_of(state, e.input);
    fresh.alert = *alert;
    fresh.integration = body->integration;
    fresh.heard = body->received;
    decided(fresh, state.share(e.decision));
    take(std::move(fresh));
  }

  void operator()(const effect::Drilled& e) {
    const AlertState* const original = state.find_alert(e.original);
    if (!original) return;
    AlertState copy;
    copy.id = e.copy;
    copy.anchor = original->anchor;
    copy.alert = original->alert;
    copy.integration = original->integration;
    copy.heard = turn.at;
    copy.realm = e.realm;
    copy.original = e.original;
    decided(copy, state.share(e.decision));
    take(std::move(copy));
  }

  // An alert's id names its stay in one incident; once that is over, the next firing is a new one.
  void take(AlertState fresh) {
    const std::string key = alert_key(fresh);
    AlertState* const known = state.alert(state.current(key));
    const Incident* const home = known ? state.incident(known->incident) : nullptr;
    const bool firing = known && known->alert.status == AlertStatus::firing;
    const bool stays = home ? home->state != IncidentState::resolved : firing;
    if (stays) {
      known->alert = std::move(fresh.alert);
      known->decision = std::move(fresh.decision);
      known->configuration = std::move(fresh.configuration);
      known->decided_at = fresh.decided_at;
      known->heard = fresh.heard;
      known->original = std::move(fresh.original);
      ++known->count;
      recount(known->incident, firing, true);
      return;
    }
    if (firing) {  // a person ended its incident, and there it fires no longer
      known->alert.status = AlertStatus::resolved;
      recount(known->incident, true, false);
    }
    state.set_current(key, fresh.id);
    state.add(std::move(fresh));
  }

  void operator()(const effect::Ended& e) {
    AlertState* const known = current_alert(e.input);
    const AlertsBody* body = nullptr;
    const Alert* const alert = input_alert(state, e.input, &body);
    if (!known || !alert) return;
    const bool was_firing = known->alert.status == AlertStatus::firing;
    hear_end(known->alert, *alert);
    known->heard = body->received;
    recount(known->incident, was_firing, false);
    if (known->incident.empty()) return state.ended(known->id);
    if (Incident* const incident = state.incident(known->incident))
      note(*incident, {turn.at.wall, "alert_ended", "",
                       std::string(known->alert.labels.get("alertname")) + " ended"});
  }

  void operator()(const effect::Ignored& e) {
    AlertState* const known = current_alert(e.input);
    const AlertsBody* body = nullptr;
    const Alert* const alert = input_alert(state, e.input, &body);
    if (!alert) return;
    const LateWord word{*body, *alert, make_alert_id(e.input.record, e.input.index),
                        position_of(state, e.input)};
    if (body->exact_times && hear_late(known, word, turn.at.wall, state)) return;
    if (!known || known->alert.status != AlertStatus::firing) return;
    if (alert->status == AlertStatus::firing) known->hear_again(*alert, body->received);
  }

  void operator()(const effect::Opened& e) {
    // Its alert came before what is left of the journal: it is carried further on, if it is open.
    const bool by_input = e.alert.empty() && e.input.index != kNoAlert;
    if (state.base().truncated && by_input && !input_alert(state, e.input)) return;
    if (!e.alert.empty() && !state.find_alert(e.alert)) return;  // nor its original
    Incident incident;
    incident.id = e.incident;
    incident.partition = state.base().partition;
    incident.realm = e.realm;
    const SharedText group = e.group;  // which both have
    incident.group = group;
    incident.title = e.title;
    incident.service = e.service;
    incident.decision = e.decision;
    incident.opened_at = turn.at.wall;
    const AlertsBody* body = nullptr;
    incident.received = input_alert(state, e.input, &body) ? body->received : turn.at;
    incident.anchor = position_of(state, e.input);
    incident.integration = kOwnIntegration;
    incident.policy = e.policy;
    incident.fallback = e.fallback;
    std::string reporter;
    if (AlertState* const alert = subject(e.input, e.alert)) {
      if (alert->alert.status == AlertStatus::firing) recount(alert->incident, true, false);
      incident.integration = alert->integration;
      if (alert->is_copy()) incident.anchor = alert->anchor;
      incident.alerts = {alert->id};
      incident.firing = 1;
      alert->incident = e.incident;
      if (alert->integration == kManualIntegration)
        reporter = std::string(alert->alert.annotations.get(kReportedBy));
    }
    std::string why = reporter.empty() ? "opened" : "reported by " + reporter;
    for (const Reason& reason : e.decision.reasons) why += "; " + sentence(reason);
    if (e.backlog) {
      open_in_backlog(incident, turn.at);
      why += "; received " + format_rfc3339(incident.received.wall) + ", while tocsin was away";
    }
    note(incident, {turn.at.wall, "opened", reporter, why});
    if (e.decision.after > Duration::zero()) {
      incident.after = Wait{turn.at, e.decision.after};
      note(incident,
           {turn.at.wall, "held", "",
            "pages nobody unless it still fires after " + format_duration(e.decision.after)});
    }
    const auto& remedy = e.decision.remedy;
    if (remedy && remedy->mode == RemedyMode::approve) {
      incident.remedy = RemedyState{};
      note(incident,
           {turn.at.wall, "proposed", "", "hook " + remedy->hook + " waits for somebody's yes"});
    }
    const Realm realm = incident.realm;
    state.add(std::move(incident));
    claim_group(group, e.incident, realm);
  }

  void operator()(const effect::Joined& e) {
    AlertState* const alert = subject(e.input, e.alert);
    Incident* const incident = state.incident(e.incident);
    if (!alert || !incident || alert->incident == e.incident) return;
    if (alert->realm != incident->realm) return;  // a drill and production share no incident
    recount(alert->incident, true, false);
    alert->incident = e.incident;
    // That it belongs there is known only where the incident is.
    alert->anchor = std::min(alert->anchor, incident->anchor);
    incident->alerts.push_back(alert->id);
    ++incident->firing;
    note(*incident, {turn.at.wall, "joined", "",
                     std::string(alert->alert.labels.get("alertname")) +
                         " joined: " + std::to_string(incident->firing) + " firing"});
  }

  void operator()(const effect::Stepped& e) {
    Incident* const incident = state.incident(e.incident);
    if (!incident) return;
    take_turn(e, *incident, state);
    step(*incident, e, turn.at);
  }

  void operator()(const effect::Told& e) {
    Incident* const incident = state.incident(e.incident);
    if (!incident) return;
    plan(*incident, e.messages, turn.at);
    if (is_digest(e)) return tell_digest(*incident, e, turn.at);
    incident->backlog.reset();
    for (const PlannedMessage& message : e.messages) {
      if (message.kind == MessageKind::resolved || message.kind == MessageKind::drill_paused)
        incident->told.push_back(message.contact);
      else
        incident->room_told = true;
    }
  }

  void operator()(const effect::Noticed& e) {
    if (Notices* const notices = state.notices()) add_notice(*notices, e, turn.at);
  }

  void operator()(const effect::Attempted& e) {
    if (Notices* const notices = state.notices())
      if (Notice* const notice = find_notice(*notices, e.incident))
        return begin_attempt(*notice, e, turn.boot, turn.at);
    begin_attempt(e, turn, state);
  }
  void operator()(const effect::Unconfirmed& e) { miss_receipt(e, turn.at, state); }
  void operator()(const effect::Bundled& e) { join_bundle(e, turn.at, state); }
  void operator()(const effect::Unbundled& e) { leave_bundle(e, turn.at, state); }

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
    take_back_passed(e.incident, state);
    Incident* const incident = state.incident(e.incident);
    if (!incident || incident->state != IncidentState::resolved) return;
    if (e.backlog) open_in_backlog(*incident, turn.at);
    // Whoever acknowledged it has it in hand: an alert that comes and goes does not wake them
    // again.
    incident->state = incident->acknowledged_at ? IncidentState::acknowledged : IncidentState::open;
    incident->resolved_at.reset();
    ++incident->occurrence;
    incident->escalation = {};
    incident->begins = "reopened";
    if (incident->decision->after > Duration::zero())
      incident->after = Wait{turn.at, incident->decision->after};
    propose_again(*incident);
    incident->tried.clear();
    incident->reached.clear();
    incident->told.clear();
    incident->rooms_heard.clear();
    incident->room_told = false;
    for (MessageState& message : incident->messages) {
      // A call of its hook goes on, and no other may start beside it.
      const bool called =
          message.kind == MessageKind::hook && message.status == MessageStatus::sending;
      const bool other = message.kind == MessageKind::digest;
      if (!message.is_final() && !called && !other) message.status = MessageStatus::withdrawn;
    }
    note(*incident, {turn.at.wall, "reopened", "", "reopened: " + e.why});
    claim_group(incident->group, e.incident, incident->realm);
  }

  void operator()(const effect::Raised& e) {
    Incident* const incident = state.incident(e.incident);
    if (!incident) return;
    incident->decision.edit().severity = e.severity;
    note(*incident, {turn.at.wall, "raised", "",
                     "severity rose to " + std::string(to_string(e.severity)) + ": " + e.why});
    // Whoever acknowledged has it in hand: what they stopped stays stopped.
    if (incident->state != IncidentState::open || !incident->escalation.begun) return;
    escalate_anew(*incident, "severity rose to " + std::string(to_string(e.severity)));
  }

  void operator()(const effect::Acknowledged& e) {
    on(e.incident, [&](Incident& i) { acknowledge(i, e, turn.at); });
  }
  void operator()(const effect::AcknowledgedInPart& e) {
    on(e.incident, [&](Incident& i) { acknowledge_in_part(i, e, turn.at); });
  }
  void operator()(const effect::Escalated& e) {
    on(e.incident, [&](Incident& i) { escalate(i, e, turn.at); });
  }
  void operator()(const effect::Assigned& e) {
    on(e.incident, [&](Incident& i) { assign(i, e, turn.at); });
  }
  void operator()(const effect::Unqueued& e) {
    on(e.incident, [&](Incident& i) { leave_queue(i, e); });
  }

  void operator()(const effect::Resolved& e) {
    Incident* const incident = state.incident(e.incident);
    if (!incident || incident->state == IncidentState::resolved) return;
    incident->state = IncidentState::resolved;
    incident->resolved_at = turn.at.wall;
    incident->ended = turn.at;
    incident->resolved_by = e.by;
    end_waits(*incident, turn.at);
    note(*incident, {turn.at.wall, "resolved", e.by,
                     e.by.empty() ? "resolved: " + e.why : "resolved by " + e.by});
    if (state.group(incident->group) == e.incident) state.set_group(incident->group, {});
    pass(e, turn.at, state);
    state.closed(e.incident);
  }

  void operator()(const effect::Answered&) {}
  void operator()(const effect::Held& e) {
    on(e.incident, [&](Incident& i) { hold(i, e, turn.at); });
  }
  void operator()(const effect::Released& e) {
    on(e.incident, [&](Incident& i) { release(i, e, turn.at); });
  }
  void operator()(const effect::Noted& e) {
    on(e.incident, [&](Incident& i) { note(i, {turn.at.wall, "note", e.by, e.text}); });
  }
  void operator()(const effect::Snoozed& e) {
    on(e.incident, [&](Incident& i) { snooze(i, e, turn.at); });
  }
  void operator()(const effect::Remedied& e) {
    on(e.incident, [&](Incident& i) { state.ran(start_hook(i, e, turn.at)); });
  }
  void operator()(const effect::Unremedied& e) {
    on(e.incident, [&](Incident& i) { give_up_hook(i, e, turn.at); });
  }
  void operator()(const effect::SetAside& e) { state.set_aside(e); }
  void operator()(const effect::Adopted& e) {
    const Pending* const pending = state.base().pending.find(e.record);
    const auto* const piece =
        pending ? std::get_if<std::shared_ptr<const Carried>>(&pending->input) : nullptr;
    if (piece) adopt(**piece, e.incident, pending->position, turn, state);
  }
  void operator()(const effect::HandedOver&) {}  // of the chain, not of what it decides
};

}  // namespace

void apply(const Effect& effect, const TurnContext& turn, Workspace& state) {
  std::visit(Apply{turn, state}, effect);
}

}  // namespace tocsin::engine

#include "router/engine/decide.hpp"

#include <algorithm>

#include "router/core/text.hpp"
#include "router/engine/acknowledging.hpp"
#include "router/engine/adopt.hpp"
#include "router/engine/apply.hpp"
#include "router/engine/by_hand.hpp"
#include "router/engine/decider.hpp"
#include "router/engine/drill.hpp"
#include "router/engine/due.hpp"
#include "router/engine/expiry.hpp"
#include "router/engine/remedy.hpp"
#include "router/engine/title.hpp"

namespace tocsin::engine {
namespace {

// In order where it matters what came first: one by one with care, what nodes that were cut off
// have told among what else was said of it, and on such a node, which tells what it decided up to
// one place.
ChosenInputs chosen_inputs(const PartitionState& state, const Caution& caution) {
  if (caution.most_inputs > 0)
    return first_inputs(state.pending, kMostAlertsPerTurn, caution.most_inputs);
  if (state.on_island || state.pending.has_pieces())
    return first_inputs(state.pending, kMostAlertsPerTurn);
  return fair_inputs(state.pending, kMostAlertsPerTurn, state.turn);
}

}  // namespace

Decider::Decider(const PartitionState& state, const View& view, const Configuration& configuration,
                 const Moment& moment, const Caution& caution)
    : state_(state),
      view_(view),
      configuration_(configuration),
      moment_(moment),
      caution_(caution),
      draft_(state),
      carriers_(state) {}

void Decider::inputs() {
  if (caution_.no_inputs) return;
  ChosenInputs chosen = chosen_inputs(state_, caution_);
  for (const Pending* const pending : chosen.inputs) {
    const auto poison = caution_.poison.find(pending->id);
    if (poison != caution_.poison.end())
      set_aside(pending->id, poison->second);
    else
      std::visit([&](const auto& input) { decide(*pending, input); }, pending->input);
    covered_ = true;
  }
  turn_.inputs_up_to = chosen.up_to;
  turn_.inputs_beyond = std::move(chosen.beyond);
  // Once for each, however many of its alerts came: what holds it is asked of all of them.
  for (const IncidentId& id : touched_) due(id);
  touched_.clear();
}

// Bounded: each effect moves an incident on, and none takes it back.
void Decider::due(const IncidentId& id) {
  if (caution_.left_alone.contains(id.text)) return;
  if (view_.island && view_.island->elsewhere.contains(id)) return;
  constexpr int kMostEffects = 10'000;
  for (int i = 0; i < kMostEffects; ++i) {
    const Incident* const incident = draft_.find_incident(id);
    if (!incident) return;
    auto effect = next_due(*incident, draft_, view_, configuration_, moment_);
    if (!effect) return;
    add(std::move(*effect));
  }
}

void Decider::over(const AlertId& id) {
  if (caution_.left_alone.contains(id.text)) return;
  const AlertState* const alert = draft_.alert(id);
  if (!alert || state_.pending_keys.contains(alert_key(*alert))) return;
  const auto why = why_over(*alert, state_, view_.facts, configuration_, moment_.now);
  if (!why || pages_first(*alert)) return;
  if (alert->is_copy() && view_.island) return;
  end_copies(*alert);
  const IncidentId incident = alert->incident;
  add(effect::Expired{id, *why});
  resolve_if_over(incident, *why);
}

// Once for each: what is set aside is listed.
void Decider::left_alone() {
  for (const auto& each : caution_.left_alone) {
    const Caution::LeftAlone& left = each.second;
    const auto& told = state_.set_aside;
    if (std::any_of(told.begin(), told.end(),
                    [&](const effect::SetAside& aside) { return aside.record == left.number; }))
      continue;
    tell_set_aside(left.number, left.why, left.why + ", and leaves it alone: look after it",
                   left.why + ", and leaves it alone: look after it");
  }
}

std::optional<Turn> Decider::finish() {
  if (!covered_ && turn_.effects.empty()) return std::nullopt;
  turn_.number = state_.turn + 1;
  turn_.configuration = configuration_.hash;
  turn_.at = moment_.now;
  return std::move(turn_);
}

void Decider::add(Effect effect) {
  apply(effect, {moment_.now, moment_.boot}, draft_);
  turn_.effects.push_back(std::move(effect));
}

// Nobody says that it is over, it is only old: whoever was not told yet is paged before it ends.
bool Decider::pages_first(const AlertState& alert) const {
  const auto incident = state_.incidents.find(alert.incident);
  return incident != state_.incidents.end() && incident->second.backlog &&
         !incident->second.backlog->over(moment_.now) && !sender_went_on(alert, state_);
}

void Decider::resolve_if_over(const IncidentId& id, const std::string& why) {
  const Incident* const incident = id.empty() ? nullptr : draft_.incident(id);
  if (!incident || incident->firing > 0 || incident->state == IncidentState::resolved) return;
  IncidentId passed_in;
  if (has_passed(*incident, draft_, moment_.now)) passed_in = carriers_.of(*incident, draft_);
  add(effect::Resolved{id, "", why, passed_in});
  due(id);
}

// What a sender says of an alert is said of its incident, and of a person by that person's name.
Command Decider::of_sender(Command command) const {
  const AlertState* const alert =
      draft_.find_alert(draft_.current(alert_key({}, command.integration, command.alert)));
  if (alert) command.incident = alert->incident;
  if (command.kind == CommandKind::assign)
    command.to = person_meant(configuration_.directory, command.to);
  return command;
}

void Decider::decide(const Pending& pending, const Command& given) {
  const bool by_sender = !given.alert.empty();
  const Command command = by_sender ? of_sender(given) : given;
  const IncidentId& id = command.incident;
  const Incident* const incident = id.empty() ? nullptr : draft_.incident(id);
  if (!incident) return add(effect::Answered{pending.id, false, "there is no such incident"});
  const bool over = incident->state == IncidentState::resolved;
  std::string words;
  std::string refusal = carry_out(command, *incident, words);
  if (by_sender && !over && !refusal.empty())  // nobody waits for the answer
    add(effect::Noted{
        id, command.by,
        std::string(to_string(command.kind)) + " (" + command.via + ") was not done: " + refusal});
  due(id);
  const bool done = refusal.empty();
  add(effect::Answered{pending.id, done, done ? std::move(words) : std::move(refusal)});
}

// Why not, if it cannot be.
std::string Decider::carry_out(const Command& command, const Incident& incident,
                               std::string& words) {
  const bool resolved = incident.state == IncidentState::resolved;
  if (command.kind == CommandKind::note) {
    add(effect::Noted{incident.id, command.by, command.text});
    return {};
  }
  if (resolved)
    return command.kind == CommandKind::resolve ? "" : "the incident is resolved already";
  switch (command.kind) {
    case CommandKind::acknowledge:
      if (auto effect = acknowledgement(incident, command.by, command.via)) add(std::move(*effect));
      words = words_for(command.by, *draft_.find_incident(incident.id));
      return {};
    case CommandKind::resolve:
      add(effect::Resolved{incident.id, command.by, ""});
      end_reported(IncidentId(incident.id), command.by);
      return {};
    case CommandKind::snooze:
      add(effect::Snoozed{incident.id, command.by, command.via, command.length, command.text});
      return {};
    case CommandKind::approve:
    case CommandKind::reject:
      return judge_remedy(command, incident);
    case CommandKind::escalate:
    case CommandKind::assign:
      return by_hand(command, incident, words);
    case CommandKind::note:
      break;
  }
  return {};
}

std::string Decider::by_hand(const Command& command, const Incident& incident, std::string& words) {
  const Present present{view_.facts, configuration_, moment_.now.wall};
  auto made = command.kind == CommandKind::escalate ? escalation(incident, command, draft_, present)
                                                    : assignment(incident, command, present);
  if (!made) return made.error().message;
  words = std::move(made->words);
  for (Effect& effect : made->effects) add(std::move(effect));
  return {};
}

std::string Decider::judge_remedy(const Command& command, const Incident& incident) {
  const auto& remedy = incident.decision->remedy;
  if (!remedy || remedy->hook != command.text)
    return "no hook " + command.text + " belongs to this incident";
  if (is_running(incident)) return "hook " + remedy->hook + " runs already";
  if (command.kind == CommandKind::reject) {
    if (incident.remedy && incident.remedy->status == RemedyStatus::proposed)
      add(effect::Unremedied{incident.id, RemedyStatus::rejected, command.by,
                             "hook " + remedy->hook + " is not to run, says " + command.by});
    return {};
  }
  std::string why = why_not_run(incident, draft_, view_, moment_);
  if (why.empty()) add(start_remedy(incident, command.by));
  return why.empty() ? why : "hook " + remedy->hook + " was not started: " + why;
}

void Decider::decide(const Pending& pending, const std::shared_ptr<const Carried>& piece) {
  const IncidentId into = adopted_into(draft_, *piece);
  std::vector<IncidentId> touched = touched_by(draft_, *piece);
  add(effect::Adopted{pending.id, into});
  if (const Incident* const ours = into.empty() ? nullptr : draft_.incident(into)) {
    for (Effect& word : words_of_island(*piece->incident, *ours, moment_.now)) add(std::move(word));
    touched.push_back(into);
  }
  for (const IncidentId& id : touched) {
    // One that tells of what was set aside has no alerts that could end it.
    if (id != into || !piece->incident->alerts.empty())
      resolve_if_over(id, "all its alerts ended, as a node that was cut off heard");
    const Incident* const incident = draft_.incident(id);
    if (incident && incident->state == IncidentState::resolved && incident->firing > 0 &&
        incident->resolved_by.empty())
      add(effect::Reopened{id, "it still fires, as a node that was cut off heard"});
    touched_.insert(id);
  }
}

void Decider::decide(const Pending& pending, const Pending::Broken& broken) {
  set_aside(pending.id, broken.why);
}

// Somebody accepted it and nobody can decide it: a person must know, once for all that are set
// aside while they look into it.
void Decider::set_aside(const RecordId& record, const std::string& why) {
  tell_set_aside(record, why, "record " + to_string(record) + " is set aside: " + why,
                 "tocsin could not decide an alert that it had accepted; it is kept: " + why);
}

void Decider::tell_set_aside(const RecordId& record, const std::string& why,
                             const std::string& words, const std::string& title) {
  add(effect::SetAside{record, why});
  const std::string group = "set aside";
  const IncidentId open = draft_.group(group);
  if (!open.empty()) return add(effect::Noted{open, "", words});
  const InputRef input{record, kNoAlert};
  const Policy& fallback = configuration_.policies.at(configuration_.default_policy);
  Decision decision;
  decision.policy = fallback.name;
  decision.team = fallback.team;
  decision.severity = Severity::critical;
  decision.reasons = {{ReasonKind::set_aside, to_string(record), cut(why, kMostTitleBytes)}};
  const IncidentId id = make_incident_id(state_.partition, make_alert_id(record, kNoAlert), {});
  add(effect::Opened{
      id, input, {}, group, cut(title, kMostTitleBytes), "tocsin", decision, fallback, fallback});
  due(id);
}

std::optional<Turn> decide_turn(const PartitionState& state, const View& view,
                                const Configuration& configuration, const Moment& moment,
                                std::span<const IncidentId> due, std::span<const AlertId> over,
                                const Caution& caution) {
  Decider decider(state, view, configuration, moment, caution);
  decider.inputs();
  if (view.copies) decider.copies();
  decider.left_alone();
  for (const IncidentId& id : due) decider.due(id);
  for (const AlertId& id : over) decider.over(id);
  return decider.finish();
}

}  // namespace tocsin::engine

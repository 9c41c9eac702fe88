#include "router/engine/decide.hpp"

#include <algorithm>
#include <set>

#include "router/core/text.hpp"
#include "router/engine/adopt.hpp"
#include "router/engine/apply.hpp"
#include "router/engine/backlog.hpp"
#include "router/engine/due.hpp"
#include "router/engine/expiry.hpp"
#include "router/engine/remedy.hpp"

namespace tocsin::engine {
namespace {

constexpr std::size_t kMostTitleBytes = 200;

std::string title_of(const Alert& alert) {
  const std::string_view name = alert.labels.get("alertname");
  std::string_view says = alert.annotations.get("summary");
  if (says.empty()) says = alert.annotations.get("message");
  std::string title(name.empty() ? std::string_view(alert.key) : name);
  if (!says.empty()) title = name.empty() ? std::string(says) : title + ": " + std::string(says);
  return cut(one_line(title), kMostTitleBytes);
}

// The alert's integration, its realm, the values it is grouped by, and what was decided: alerts
// decided differently never share an incident, or one that pages at once would wait with one that
// need not. Lengths before the parts, so that no value can imitate another group.
std::string group_of(const std::string& integration, const IntegrationRules& rules,
                     const Alert& alert, const Decision& decision) {
  std::string group;
  const auto add = [&](std::string_view part) {
    group += std::to_string(part.size()) + ":" + std::string(part);
  };
  add(Realm{}.text());
  add(integration);
  add(decision.policy);
  add(to_string(decision.outcome));
  add(format_duration(decision.after));
  if (decision.remedy) {
    add(decision.remedy->hook);
    add(to_string(decision.remedy->mode));
  }
  if (rules.group_by.empty()) add(alert.key);
  for (const std::string& label : rules.group_by) add(alert.labels.get(label));
  return group;
}

class Decider {
 public:
  Decider(const PartitionState& state, const View& view, const Configuration& configuration,
          const Moment& moment, const Caution& caution)
      : state_(state),
        view_(view),
        configuration_(configuration),
        moment_(moment),
        caution_(caution),
        draft_(state),
        carriers_(state) {}

  void inputs() {
    if (caution_.no_inputs) return;
    std::size_t alerts = 0, inputs = 0;
    for (const Pending& pending : state_.pending) {
      if (alerts > 0 && alerts + pending.changed.size() > kMostAlertsPerTurn) break;
      if (caution_.most_inputs > 0 && inputs >= caution_.most_inputs) break;
      ++inputs;
      alerts += std::max<std::size_t>(pending.changed.size(), 1);
      const auto poison = caution_.poison.find(pending.id);
      if (poison != caution_.poison.end())
        set_aside(pending.id, poison->second);
      else
        std::visit([&](const auto& input) { decide(pending, input); }, pending.input);
      turn_.inputs_up_to = pending.position;
      covered_ = true;
    }
    // Once for each, however many of its alerts came: what holds it is asked of all of them.
    for (const IncidentId& id : touched_) due(id);
    touched_.clear();
  }

  // Bounded: each effect moves an incident on, and none takes it back.
  void due(const IncidentId& id) {
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

  void over(const AlertId& id) {
    if (caution_.left_alone.contains(id.text)) return;
    const AlertState* const alert = draft_.alert(id);
    if (!alert || state_.pending_keys.contains(alert_key(*alert))) return;
    const auto why = why_over(*alert, state_, configuration_, moment_.now);
    if (!why || pages_first(*alert)) return;
    const IncidentId incident = alert->incident;
    add(effect::Expired{id, *why});
    resolve_if_over(incident, *why);
  }

  // Once for each: what is set aside is listed.
  void left_alone() {
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

  std::optional<Turn> finish() {
    if (!covered_ && turn_.effects.empty()) return std::nullopt;
    turn_.number = state_.turn + 1;
    turn_.configuration = configuration_.hash;
    turn_.at = moment_.now;
    return std::move(turn_);
  }

 private:
  void add(Effect effect) {
    apply(effect, {moment_.now, moment_.boot}, draft_);
    turn_.effects.push_back(std::move(effect));
  }

  // Nobody says that it is over, it is only old: whoever was not told yet is paged before it ends.
  bool pages_first(const AlertState& alert) const {
    const auto incident = state_.incidents.find(alert.incident);
    return incident != state_.incidents.end() && incident->second.backlog &&
           !incident->second.backlog->over(moment_.now) && !sender_went_on(alert, state_);
  }

  void decide(const Pending& pending, const std::shared_ptr<const AlertsBody>& body) {
    if (!pending.broken.empty()) set_aside(pending.id, pending.broken);
    for (const std::uint32_t index : pending.changed) {
      const Alert& alert = body->alerts[index];
      const InputRef input{pending.id, index};
      const AlertState* const known =
          draft_.alert(draft_.current(alert_key({}, body->integration, alert.key)));
      const bool known_firing = known && known->alert.status == AlertStatus::firing;
      if (alert.status == AlertStatus::resolved) {
        if (known_firing)
          ended(input, known->incident);
        else
          add(effect::Ignored{
              input, known ? "it had ended already" : "it ended, and was not known to fire"});
      } else if (!known_firing || known->alert.labels != alert.labels) {
        fired(input, *body, alert);
      } else {  // sent again before the first was decided
        add(effect::Ignored{input, "it is known to fire"});
      }
    }
  }

  void ended(const InputRef& input, const IncidentId& incident_id) {
    add(effect::Ended{input});
    const Incident* const incident = incident_id.empty() ? nullptr : draft_.incident(incident_id);
    const bool one = incident && incident->alerts.size() == 1;
    resolve_if_over(incident_id, one ? "its alert ended" : "all its alerts ended");
    if (!incident_id.empty()) touched_.insert(incident_id);  // what is left may be silenced
  }

  void resolve_if_over(const IncidentId& id, const std::string& why) {
    const Incident* const incident = id.empty() ? nullptr : draft_.incident(id);
    if (!incident || incident->firing > 0 || incident->state == IncidentState::resolved) return;
    IncidentId passed_in;
    if (has_passed(*incident, draft_, moment_.now)) passed_in = carriers_.of(*incident, draft_);
    add(effect::Resolved{id, "", why, passed_in});
    due(id);
  }

  void fired(const InputRef& input, const AlertsBody& body, const Alert& alert) {
    static const IntegrationRules kNone;
    const auto found = configuration_.integrations.find(body.integration);
    const IntegrationRules& rules =
        found == configuration_.integrations.end() ? kNone : found->second;
    const Decision decision = configuration_.rules.decide(alert.labels, rules.severities);
    const std::string group = group_of(body.integration, rules, alert, decision);
    const bool backlog = is_backlog(body.received, moment_);
    reopen(alert_key({}, body.integration, alert.key), group, rules.reopen_within, backlog);
    add(effect::Decided{input, decision});
    if (!pages(decision.outcome) && decision.outcome != Outcome::advise) return;
    const AlertState* const decided =
        draft_.alert(draft_.current(alert_key({}, body.integration, alert.key)));
    if (!decided) return;  // its input is not there: damage, which is told where it is found
    const Incident* const home = draft_.incident(decided->incident);
    IncidentId left;
    if (home && home->state != IncidentState::resolved) {
      // It is in one, and nobody is paged twice for it; but what is decided differently now must
      // not stay where it would wait, or page others, or nobody.
      if (home->group == group || !pages(decision.outcome)) {
        graver(home->id, decision);
        touched_.insert(home->id);
        return;
      }
      left = home->id;
    }
    const IncidentId open = draft_.group(group);
    if (!open.empty()) {
      add(effect::Joined{open, input});
      graver(open, decision);
      touched_.insert(open);  // what held it may not cover this one
      return leave(left);
    }
    IncidentId id = make_incident_id(state_.partition, decided->id, {});
    if (draft_.find_incident(id))
      id = make_incident_id(state_.partition, make_alert_id(input.record, input.index), {});
    open_incident(input, alert, decision, group, id, backlog);
    leave(left);
  }

  // The incident that an alert was in before it was decided differently.
  void leave(const IncidentId& home) {
    if (home.empty()) return;
    resolve_if_over(home, "what was left of it is decided differently now");
    touched_.insert(home);
  }

  // The alert's last incident goes on if it ended by itself a moment ago and its group has no other
  // by now.
  void reopen(const std::string& key, const std::string& group, Duration within, bool backlog) {
    const AlertState* const known = draft_.alert(draft_.current(key));
    const Incident* const last = known ? draft_.incident(known->incident) : nullptr;
    if (!last || last->state != IncidentState::resolved || !last->resolved_by.empty()) return;
    if (last->group != group || !draft_.group(group).empty()) return;
    if (elapsed_between(last->ended, moment_.now, within) >= within) return;
    add(effect::Reopened{
        last->id, "it fires again within " + format_duration(within) + " of its end", backlog});
  }

  void graver(const IncidentId& id, const Decision& decision) {
    if (decision.severity <= draft_.incident(id)->decision.severity) return;
    add(effect::Raised{
        id, decision.severity,
        decision.rule.empty() ? "an alert that no rule claims" : "by rule " + decision.rule});
    due(id);
  }

  void open_incident(const InputRef& input, const Alert& alert, const Decision& decision,
                     const std::string& group, const IncidentId& id, bool backlog) {
    const Policy& fallback = configuration_.policies.at(configuration_.default_policy);
    const auto named = configuration_.policies.find(decision.policy);
    const Policy& policy = named == configuration_.policies.end() ? fallback : named->second;
    const bool paged = pages(decision.outcome);
    add(effect::Opened{id,
                       input,
                       {},
                       group,
                       title_of(alert),
                       std::string(alert.labels.get("service")),
                       decision,
                       paged ? policy : Policy{},
                       paged ? fallback : Policy{},
                       backlog});
    due(id);
  }

  void decide(const Pending& pending, const Command& command) {
    const Incident* const incident = draft_.incident(command.incident);
    if (!incident) return add(effect::Answered{pending.id, false, "there is no such incident"});
    std::string refusal = carry_out(command, *incident);
    due(command.incident);
    const bool done = refusal.empty();
    add(effect::Answered{pending.id, done, std::move(refusal)});
  }

  // Why not, if it cannot be.
  std::string carry_out(const Command& command, const Incident& incident) {
    const bool resolved = incident.state == IncidentState::resolved;
    if (command.kind == CommandKind::note) {
      add(effect::Noted{incident.id, command.by, command.text});
      return {};
    }
    if (resolved)
      return command.kind == CommandKind::resolve ? "" : "the incident is resolved already";
    switch (command.kind) {
      case CommandKind::acknowledge:
        if (incident.state == IncidentState::open || incident.snoozed)
          add(effect::Acknowledged{incident.id, command.by, command.via});
        return {};
      case CommandKind::resolve:
        add(effect::Resolved{incident.id, command.by, ""});
        return {};
      case CommandKind::snooze:
        add(effect::Snoozed{incident.id, command.by, command.via, command.length, command.text});
        return {};
      case CommandKind::approve:
      case CommandKind::reject:
        return judge_remedy(command, incident);
      case CommandKind::note:
        break;
    }
    return {};
  }

  std::string judge_remedy(const Command& command, const Incident& incident) {
    const auto& remedy = incident.decision.remedy;
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

  void decide(const Pending& pending, const std::shared_ptr<const Carried>& piece) {
    const IncidentId into = adopted_into(draft_, *piece);
    std::vector<IncidentId> touched = touched_by(draft_, *piece);
    add(effect::Adopted{pending.id, into});
    if (const Incident* const ours = into.empty() ? nullptr : draft_.incident(into)) {
      for (Effect& word : words_of_island(*piece->incident, *ours, moment_.now))
        add(std::move(word));
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

  void decide(const Pending& pending, const Pending::Broken& broken) {
    set_aside(pending.id, broken.why);
  }

  // Somebody accepted it and nobody can decide it: a person must know, once for all that are set
  // aside while they look into it.
  void set_aside(const RecordId& record, const std::string& why) {
    tell_set_aside(record, why, "record " + to_string(record) + " is set aside: " + why,
                   "tocsin could not decide an alert that it had accepted; it is kept: " + why);
  }

  void tell_set_aside(const RecordId& record, const std::string& why, const std::string& words,
                      const std::string& title) {
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

  const PartitionState& state_;
  const View& view_;
  const Configuration& configuration_;
  const Moment& moment_;
  const Caution& caution_;
  Draft draft_;
  Carriers carriers_;
  Turn turn_;
  bool covered_ = false;
  std::set<IncidentId> touched_;
};

}  // namespace

std::optional<Turn> decide_turn(const PartitionState& state, const View& view,
                                const Configuration& configuration, const Moment& moment,
                                std::span<const IncidentId> due, std::span<const AlertId> over,
                                const Caution& caution) {
  Decider decider(state, view, configuration, moment, caution);
  decider.inputs();
  decider.left_alone();
  for (const IncidentId& id : due) decider.due(id);
  for (const AlertId& id : over) decider.over(id);
  return decider.finish();
}

}  // namespace tocsin::engine

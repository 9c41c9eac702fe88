// How alerts are decided, and their copies in the GameDay sets that are on.
#include <algorithm>

#include "router/core/manual.hpp"
#include "router/core/text.hpp"
#include "router/engine/decider.hpp"
#include "router/engine/drill.hpp"
#include "router/engine/judgement.hpp"
#include "router/engine/late.hpp"
#include "router/engine/title.hpp"

namespace tocsin::engine {
namespace {

// The alert's integration, its realm, the values it is grouped by, and what was decided: alerts
// decided differently never share an incident, or one that pages at once would wait with one that
// need not. Lengths before the parts, so that no value can imitate another group.
std::string group_of(const Realm& realm, const std::string& integration,
                     const IntegrationRules& rules, const std::string& key, const Fields& labels,
                     const Decision& decision) {
  std::string group;
  const auto add = [&](std::string_view part) {
    group += std::to_string(part.size()) + ":" + std::string(part);
  };
  add(realm.text());
  add(integration);
  add(decision.policy);
  add(to_string(decision.outcome));
  add(format_duration(decision.after));
  if (decision.remedy) {
    add(decision.remedy->hook);
    add(to_string(decision.remedy->mode));
  }
  if (rules.group_by.empty()) add(key);
  for (const std::string& label : rules.group_by) add(labels.get(label));
  return group;
}

}  // namespace

void Decider::decide(const Pending& pending, const std::shared_ptr<const AlertsBody>& body) {
  if (!pending.broken.empty()) set_aside(pending.id, pending.broken);
  for (const std::uint32_t index : pending.changed) {
    const Alert& alert = body->alerts[index];
    const InputRef input{pending.id, index};
    const AlertState* const known =
        draft_.alert(draft_.current(alert_key({}, body->integration, alert.key)));
    const bool known_firing = known && known->alert.status == AlertStatus::firing;
    if (known && body->exact_times && is_late(*known, alert)) {
      add(effect::Ignored{input, "it was told late: what is known is newer"});
    } else if (alert.status == AlertStatus::resolved) {
      if (known_firing)
        ended(input, *known);
      else
        add(effect::Ignored{
            input, known ? "it had ended already" : "it ended, and was not known to fire"});
    } else if (!known_firing || known->alert.labels != alert.labels) {
      fired(input, *body, alert);
    } else {  // sent again before the first was decided
      add(effect::Ignored{input, "it is known to fire"});
    }
  }
  if (body->integration == kManualIntegration) answer_report(pending, *body);
}

// Whoever reported it waits for what became of it. What nobody is to know has ended by that.
void Decider::answer_report(const Pending& pending, const AlertsBody& body) {
  for (const Alert& alert : body.alerts) {
    const AlertState* const known =
        draft_.find_alert(draft_.current(alert_key({}, body.integration, alert.key)));
    if (!known || !known->incident.empty()) continue;
    const AlertId id = known->id;
    std::string why;
    if (known->decision)
      for (const Reason& reason : known->decision->reasons) why += "; " + sentence(reason);
    add(effect::Expired{id, "nobody is to know of it"});
    return add(
        effect::Answered{pending.id, false,
                         "by the rules nobody is to know of it, and no incident was opened" + why});
  }
  add(effect::Answered{pending.id, true, {}});
}

// No sender ends what a person reported: it is over when a person says so of its incident.
void Decider::end_reported(const IncidentId& id, const std::string& by) {
  const Incident* const incident = draft_.find_incident(id);
  if (!incident) return;
  for (const AlertId& each : std::vector<AlertId>(incident->alerts)) {
    const AlertState* const alert = draft_.find_alert(each);
    if (!alert || alert->integration != kManualIntegration || alert->is_copy()) continue;
    end_copies(AlertState(*alert));  // a copy: effects may move what it points at
    add(effect::Expired{each, "resolved by " + by});
  }
}

void Decider::ended(const InputRef& input, const AlertState& known) {
  const IncidentId incident_id = known.incident;
  end_copies(known);
  add(effect::Ended{input});
  const Incident* const incident = incident_id.empty() ? nullptr : draft_.incident(incident_id);
  const bool one = incident && incident->alerts.size() == 1;
  resolve_if_over(incident_id, one ? "its alert ended" : "all its alerts ended");
  if (!incident_id.empty()) touched_.insert(incident_id);  // what is left may be silenced
}

void Decider::fired(const InputRef& input, const AlertsBody& body, const Alert& alert) {
  const IntegrationRules& rules = rules_of(body.integration, configuration_);
  const std::string key = alert_key({}, body.integration, alert.key);
  const Decision decision = own_decision(alert.labels, rules, configuration_);
  const std::string group =
      group_of({}, body.integration, rules, alert.key, alert.labels, decision);
  const bool backlog = is_backlog(body.received, moment_);
  reopen(key, group, rules.reopen_within, backlog);
  add(effect::Decided{input, decision});
  place({{}, input, {}, key, group, alert, decision, backlog});
}

void Decider::place(const Placing& placing) {
  const Decision& decision = placing.decision;
  const AlertState* const decided = draft_.alert(draft_.current(placing.key));
  if (!decided) return;  // its input is not there: damage, which is told where it is found
  const AlertId id = decided->id;
  const Incident* const home = draft_.incident(decided->incident);
  const bool at_home = home && home->state != IncidentState::resolved;
  if (!pages(decision.outcome) && decision.outcome != Outcome::advise) return;
  IncidentId left;
  if (at_home) {
    // It is in one, and nobody is paged twice for it; but what is decided differently now must
    // not stay where it would wait, or page others, or nobody.
    if (home->group == placing.group || !pages(decision.outcome)) {
      graver(home->id, decision);
      touched_.insert(home->id);
      return;
    }
    left = home->id;
  }
  const IncidentId open = draft_.group(placing.group);
  const Incident* const host = open.empty() ? nullptr : draft_.find_incident(open);
  if (host && host->realm == placing.realm) {
    add(effect::Joined{open, placing.input, placing.copy});
    graver(open, decision);
    touched_.insert(open);  // what held it may not cover this one
    return leave(left);
  }
  open_incident(placing, id);
  leave(left);
}

void Decider::open_incident(const Placing& placing, const AlertId& opening) {
  const Decision& decision = placing.decision;
  IncidentId id = make_incident_id(state_.partition, opening, placing.realm);
  for (std::uint32_t again = 0; draft_.find_incident(id); ++again)
    id = make_incident_id(state_.partition,
                          placing.copy.empty()
                              ? make_alert_id(placing.input.record, placing.input.index + again)
                              : make_copy_id(placing.copy, placing.realm, again),
                          placing.realm);
  const Policy& fallback = configuration_.policies.at(configuration_.default_policy);
  const auto named = configuration_.policies.find(decision.policy);
  const bool known = named != configuration_.policies.end();
  const bool real = placing.realm.is_production();
  const bool paged = pages(decision.outcome);
  effect::Opened opened;
  opened.incident = id;
  opened.input = placing.input;
  opened.realm = placing.realm;
  opened.group = placing.group;
  opened.title = title_of(placing.alert);
  opened.service = std::string(placing.alert.labels.get("service"));
  opened.decision = decision;
  const AlertState* const first = draft_.find_alert(opening);
  if (first && first->integration == kManualIntegration && decision.impact.empty())
    opened.decision.impact = std::string(placing.alert.annotations.get(kReportedImpact));
  // A drill has its set's policy and no other: with it exhausted, or gone, a drill is silent.
  if (paged && known) opened.policy = named->second;
  if (paged && !known && real) opened.policy = fallback;
  if (paged && real) opened.fallback = fallback;
  opened.backlog = placing.backlog;
  opened.alert = placing.copy;
  add(std::move(opened));
  due(id);
}

// The incident that an alert was in before it was decided differently.
void Decider::leave(const IncidentId& home) {
  if (home.empty()) return;
  resolve_if_over(home, "what was left of it is decided differently now");
  touched_.insert(home);
}

// The alert's last incident goes on if it ended by itself a moment ago and its group has no other
// by now.
void Decider::reopen(const std::string& key, const std::string& group, Duration within,
                     bool backlog) {
  const AlertState* const known = draft_.alert(draft_.current(key));
  const Incident* const last = known ? draft_.incident(known->incident) : nullptr;
  if (!last || last->state != IncidentState::resolved || !last->resolved_by.empty()) return;
  if (last->group != group || !draft_.group(group).empty()) return;
  if (elapsed_between(last->ended, moment_.now, within) >= within) return;
  add(effect::Reopened{last->id, "it fires again within " + format_duration(within) + " of its end",
                       backlog});
}

void Decider::graver(const IncidentId& id, const Decision& decision) {
  if (decision.severity <= draft_.incident(id)->decision->severity) return;
  add(effect::Raised{
      id, decision.severity,
      decision.rule.empty() ? "an alert that no rule claims" : "by rule " + decision.rule});
  due(id);
}

// ── drills ──────────────────────────────────────────────────────────────────────────────────────

void Decider::copies() {
  for (const CopyDue& copy :
       copies_due(state_, view_.facts, configuration_, moment_.now, kMostCopiesPerTurn))
    if (const gameday::Run* const run = view_.facts.find_on(copy.set, moment_.now))
      drill(copy.original, configuration_.gamedays.at(copy.set), *run);
  for (const IncidentId& id : touched_) due(id);
  touched_.clear();
}

void Decider::drill(const AlertId& original_id, const gameday::Set& set, const gameday::Run& run) {
  const AlertState* const found = draft_.find_alert(original_id);
  if (!found || found->alert.status != AlertStatus::firing) return;
  if (!feeds(set, *found, configuration_)) return;
  const AlertState original = *found;
  const Realm realm{set.name, run.number};
  const std::string key = alert_key(realm, original.integration, original.alert.key);
  const AlertState* const known = draft_.find_alert(draft_.current(key));
  if (known && known->original == original.id && known->alert.labels == original.alert.labels)
    return;  // drilled already, and what became of it is its own affair
  const IntegrationRules& rules = rules_of(original.integration, configuration_);
  const Fields labels = gameday::seen_as(set, original.alert.labels);
  const Decision decision = drill_decision(original.alert.labels, set, rules, configuration_);
  const std::string group =
      group_of(realm, original.integration, rules, original.alert.key, labels, decision);
  reopen(key, group, rules.reopen_within, false);
  AlertId copy = make_copy_id(original.id, realm, 0);
  for (std::uint32_t nth = 1; draft_.find_alert(copy); ++nth)
    copy = make_copy_id(original.id, realm, nth);
  add(effect::Drilled{original.id, realm, copy, decision});
  const AlertState* const decided = draft_.find_alert(draft_.current(key));
  if (!decided) return;
  copy = decided->id;  // the copy of before, where it stays in its incident
  place({realm, {{}, kNoAlert}, copy, key, group, original.alert, decision, false});
}

void Decider::end_copies(const AlertState& original) {
  const std::string integration = original.integration, key = original.alert.key;
  const AlertId id = original.id;
  for (const auto& [name, runs] : view_.facts.gamedays) {
    if (runs.empty() || view_.island || !gameday::is_on(runs.back().run, moment_.now)) continue;
    const Realm realm{name, runs.back().run.number};
    const AlertState* const copy =
        draft_.find_alert(draft_.current(alert_key(realm, integration, key)));
    if (!copy || copy->original != id || copy->alert.status != AlertStatus::firing) continue;
    const IncidentId incident = copy->incident;
    add(effect::Expired{copy->id, "its original ended"});
    resolve_if_over(incident, "its original ended");
  }
}

}  // namespace tocsin::engine

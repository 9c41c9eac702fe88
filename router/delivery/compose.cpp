#include "router/delivery/compose.hpp"

namespace tocsin::delivery {
namespace {

std::string summary_of(const Fields& annotations) {
  // The title has the summary already.
  for (const char* name : {"description", "message", "summary"})
    if (const auto text = annotations.find(name)) return std::string(*text);
  return {};
}

std::string place_of(const engine::Incident& incident, const engine::MessageState& message) {
  const Policy& policy = message.fallback ? incident.fallback : incident.policy;
  std::string text = "step " + std::to_string(message.step + 1) + " of " +
                     std::to_string(policy.steps.size()) + " of policy " + policy.name;
  if (message.round > 0) text += ", round " + std::to_string(message.round + 1);
  return text;
}

std::string title_of(const engine::Digest& digest) {
  return "While tocsin was away " + std::to_string(digest.count) +
         (digest.count == 1 ? " incident" : " incidents") + " opened and ended";
}

}  // namespace

std::string why(const engine::Incident& incident, const engine::MessageState& message) {
  if (message.kind == MessageKind::resolved)
    return "you were paged for it" +
           (incident.resolved_by.empty() ? std::string() : "; resolved by " + incident.resolved_by);
  if (message.kind == MessageKind::digest)
    return "Nobody was paged: they had ended before tocsin could tell of them.";
  const bool room = message.kind != MessageKind::page;
  std::string text = incident.decision.rule.empty()
                         ? "no rule matched, so the default policy pages"
                         : "rule " + incident.decision.rule +
                               (message.kind == MessageKind::advice ? " answers" : " pages");
  for (const Reason& reason : incident.decision.reasons)
    if (reason.kind == ReasonKind::rule_matched && reason.subject == incident.decision.rule)
      text += " for " + reason.detail;
  if (!room) text += "; " + place_of(incident, message);
  if (message.attempt > 1) text += "; attempt " + std::to_string(message.attempt);
  return text;
}

connectors::Notification compose(const engine::IncidentView& view,
                                 const engine::MessageState& message, Links links, WallTime now) {
  const engine::Incident& incident = view.incident;
  connectors::Notification n;
  n.id = message.id;
  n.kind = message.kind;
  n.contact = message.contact;
  n.incident = incident.id.text;
  n.title = incident.title;
  n.severity = incident.decision.severity;
  n.impact = incident.decision.impact;
  n.team = incident.decision.team;
  n.service = incident.service;
  n.why = why(incident, message);
  n.alerts = incident.alerts.size();
  if (!view.alerts.empty()) {
    n.labels = view.alerts.front().alert.labels;
    n.summary = summary_of(view.alerts.front().alert.annotations);
  }
  if (incident.decision.runbook) {
    n.runbook_title = incident.decision.runbook->title;
    n.runbook_url = incident.decision.runbook->url;
  }
  n.manual_url = incident.decision.manual;
  n.tried = incident.tried;
  if (message.kind == MessageKind::digest && incident.digest) {
    n.title = title_of(*incident.digest);
    n.passed_in_all = incident.digest->count;
    for (const engine::PassedIncident& passed : incident.digest->named)
      n.passed.push_back({passed.id.text, passed.title, passed.opened_at, passed.ended_at});
  }
  n.opened_at = incident.opened_at;
  n.now = now;
  n.acknowledge_url = std::move(links.acknowledge_url);
  n.console_url = std::move(links.console_url);
  n.incident_json = std::move(links.incident_json);
  return n;
}

connectors::HookCall compose_call(const engine::IncidentView& view,
                                  const engine::MessageState& message, Links links, WallTime now) {
  const engine::Incident& incident = view.incident;
  connectors::HookCall call;
  call.id = message.id;
  call.hook = incident.decision.remedy->hook;
  call.incident = incident.id.text;
  call.title = incident.title;
  call.severity = incident.decision.severity;
  call.impact = incident.decision.impact;
  call.team = incident.decision.team;
  call.service = incident.service;
  call.rule = incident.decision.rule;
  if (!view.alerts.empty()) call.labels = view.alerts.front().alert.labels;
  call.gameday = incident.realm.gameday;
  if (incident.remedy) call.approved_by = incident.remedy->by;
  call.now = now;
  call.incident_json = std::move(links.incident_json);
  return call;
}

}  // namespace tocsin::delivery

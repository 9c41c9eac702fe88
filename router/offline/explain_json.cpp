// The explanation as data: everything that the text has, and what the text leaves out.
#include <nlohmann/json.hpp>

#include "router/offline/explain.hpp"

namespace tocsin::offline {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Fields& fields) {
  auto object = Json::object();
  for (const auto& [name, value] : fields) object[std::string(name)] = std::string(value);
  return object;
}

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json json_of(const Decision& decision) {
  auto reasons = Json::array();
  for (const Reason& reason : decision.reasons)
    reasons.push_back({{"kind", to_string(reason.kind)},
                       {"subject", reason.subject},
                       {"detail", reason.detail},
                       {"sentence", sentence(reason)}});
  Json runbook = nullptr;
  if (decision.runbook)
    runbook = {{"name", decision.runbook->name},
               {"title", decision.runbook->title},
               {"url", decision.runbook->url}};
  return {{"outcome", to_string(decision.outcome)},
          {"rule", or_null(decision.rule)},
          {"team", decision.team},
          {"severity", to_string(decision.severity)},
          {"impact", or_null(decision.impact)},
          {"policy", or_null(decision.policy)},
          {"after", format_duration(decision.after)},
          {"runbook", std::move(runbook)},
          {"manual", or_null(decision.manual)},
          {"tell", decision.tell},
          {"reasons", std::move(reasons)}};
}

Json json_of(const rules::Explanation& explanation) {
  auto list = Json::array();
  for (const rules::TriedRule& rule : explanation.rules) {
    Json entry{{"name", rule.name},
               {"team", rule.team},
               {"verdict", to_string(rule.verdict)},
               {"matchers", rule.matchers},
               {"continue", rule.goes_on},
               {"sentence", sentence(rule)}};
    if (rule.misfit)
      entry["fails"] = {{"matcher", rule.misfit->matcher},
                        {"label", rule.misfit->label},
                        {"value", rule.misfit->value ? Json(*rule.misfit->value) : Json(nullptr)},
                        {"others", rule.misfit->others}};
    list.push_back(std::move(entry));
  }
  return {{"matched", explanation.matched},
          {"not_matched", explanation.not_matched},
          {"not_reached", explanation.not_reached},
          {"not_shown", explanation.not_shown},
          {"tried", std::move(list)}};
}

Json json_of(const engine::Told& told) {
  Json entry{{"after", format_duration(told.after)},
             {"at", format_rfc3339(told.at)},
             {"kind", to_string(told.kind)},
             {"person", or_null(told.contact.person)},
             {"channel", told.contact.channel}};
  if (told.kind == MessageKind::page)
    entry.update({{"policy", told.policy},
                  {"default_policy", told.fallback},
                  {"round", told.round + 1},
                  {"step", told.step + 1},
                  {"rota", or_null(told.rota)}});
  entry["why"] = told.why;
  return entry;
}

Json json_of(const ExplainedIncident& incident) {
  auto told = Json::array();
  for (const engine::Told& each : incident.told) told.push_back(json_of(each));
  const Schedule schedule = schedule_of(incident.told);
  return {{"id", incident.id.text},
          {"title", incident.title},
          {"told", std::move(told)},
          {"nobody", or_null(incident.nobody)},
          {"then_every",
           schedule.then_every ? Json(format_duration(*schedule.then_every)) : Json(nullptr)}};
}

}  // namespace

std::string json_of(const Explained& explained) {
  auto alerts = Json::array();
  for (const ExplainedAlert& each : explained.alerts)
    alerts.push_back({{"place", each.place},
                      {"key", each.alert.key},
                      {"status", to_string(each.alert.status)},
                      {"labels", json_of(each.alert.labels)},
                      {"annotations", json_of(each.alert.annotations)},
                      {"decision", json_of(each.explanation.decision)},
                      {"rules", json_of(each.explanation)},
                      {"incident", or_null(each.incident.text)},
                      {"gameday", or_null(each.gameday)}});
  auto rejected = Json::array();
  for (const connectors::Rejected& each : explained.rejected)
    rejected.push_back({{"place", each.index + 1}, {"what", each.what}});
  auto incidents = Json::array();
  for (const ExplainedIncident& each : explained.incidents) incidents.push_back(json_of(each));
  const Json answer{{"integration", explained.integration},
                    {"at", format_rfc3339(explained.at)},
                    {"followed", format_duration(explained.followed)},
                    {"complete", explained.complete},
                    {"alerts", std::move(alerts)},
                    {"rejected", std::move(rejected)},
                    {"incidents", std::move(incidents)}};
  return answer.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tocsin::offline

#include "router/api/explanation_json.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "router/api/incident_json.hpp"
#include "router/engine/judgement.hpp"
#include "rules/explanation.hpp"

namespace tocsin::api {
namespace {

using json = nlohmann::ordered_json;

// The entries of a timeline that tell why somebody was not paged, or was so after all.
constexpr std::array<std::string_view, 7> kHolding{"held",   "released", "snoozed", "proposed",
                                                   "remedy", "remedied", "passed"};

json part(const std::string& text) { return json::parse(text); }

json tried(const rules::TriedRule& rule) {
  json entry{
      {"name", rule.name},         {"team", rule.team},        {"verdict", to_string(rule.verdict)},
      {"matchers", rule.matchers}, {"continue", rule.goes_on}, {"text", sentence(rule)}};
  if (rule.misfit)
    entry["fails"] = {{"matcher", rule.misfit->matcher},
                      {"label", rule.misfit->label},
                      {"value", rule.misfit->value ? json(*rule.misfit->value) : json(nullptr)},
                      {"others", rule.misfit->others}};
  return entry;
}

json rules_of(const rules::Explanation& explanation) {
  json list = json::array();
  for (const rules::TriedRule& rule : explanation.rules) list.push_back(tried(rule));
  return {{"matched", explanation.matched},
          {"not_matched", explanation.not_matched},
          {"not_reached", explanation.not_reached},
          {"not_shown", explanation.not_shown},
          {"tried", std::move(list)}};
}

rules::Explanation again(const engine::AlertState& alert, const engine::Configuration& then) {
  const Fields& labels = alert.alert.labels;
  const engine::IntegrationRules& rules = engine::rules_of(alert.integration, then);
  const auto set = then.gamedays.find(alert.realm.gameday);
  const bool drill = alert.is_copy() && set != then.gamedays.end();
  rules::Explanation explained = rules::explain(
      then.rules, drill ? gameday::seen_as(set->second, labels) : labels, rules.severities);
  explained.decision = drill ? engine::drill_decision(labels, set->second, rules, then)
                             : engine::own_decision(labels, rules, then);
  return explained;
}

json held_entries(const engine::Incident& incident) {
  json entries = json::array();
  for (const engine::TimelineEntry& entry : incident.timeline)
    if (std::find(kHolding.begin(), kHolding.end(), entry.kind) != kHolding.end())
      entries.push_back(part(entry_json(entry)));
  return entries;
}

}  // namespace

std::string explanation_json(const History::FoundAlert& found, const engine::Configuration* then,
                             const std::string& why_not) {
  const engine::AlertState& alert = found.alert;
  json all{{"alert", part(alert_json(alert))},
           {"incident", found.incident ? json(found.incident->id.text) : json(nullptr)},
           {"decided_at", format_rfc3339(alert.decided_at)},
           {"configuration", alert.configuration ? json(*alert.configuration) : json(nullptr)},
           {"decision", alert.decision ? part(decision_json(*alert.decision)) : json(nullptr)},
           {"agrees", nullptr},
           {"rules", nullptr},
           {"recomputed", nullptr},
           {"incomplete", why_not.empty() ? json(nullptr) : json(why_not)},
           {"held", found.incident ? part(hold_json(found.incident->hold)) : json(nullptr)},
           {"holds", found.incident ? held_entries(*found.incident) : json::array()}};
  if (then) {
    const rules::Explanation explained = again(alert, *then);
    all["agrees"] = alert.decision && explained.decision == *alert.decision;
    all["rules"] = rules_of(explained);
    all["recomputed"] = part(decision_json(explained.decision));
  }
  return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace tocsin::api

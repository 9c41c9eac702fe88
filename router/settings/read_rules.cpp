// rules: which alerts, and what is to be done about them.
#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

void read_rule(const Value& value, const Team& team, Draft& draft) {
  const auto section = Section::open(value, kRule);
  if (!section) return;
  rules::Rule rule;
  RulePlace place;
  place.rule = value.place();
  rule.team = team.name;
  rule.team_channel = team.channel;
  if (const auto name = section->require("name", "pages and explanations refer to it")) {
    if (const auto word = name->name()) {
      rule.name = *word;
      draft.names.define(Noun::rule, *word, name->place(), draft.report);
    }
  }
  if (const auto written = section->find("matchers")) {
    Matchers matchers = read_matchers(*written);
    rule.matchers = std::move(matchers.all);
    place.matchers = std::move(matchers.places);
    place.whole = matchers.whole;
  }
  if (const auto severity = section->find("severity")) rule.severity = read_severity(*severity);
  if (const auto impact = section->find("impact"))
    if (auto text = impact->some_text()) rule.impact = std::move(text->value);
  read_outcome(*section, team, rule, draft);
  if (const auto go_on = section->find("continue")) rule.go_on = go_on->boolean().value_or(false);
  draft.settings.rules.push_back(std::move(rule));
  draft.rule_places.push_back(std::move(place));
}

}  // namespace

void read_rules(const Value& value, const Team& team, Draft& draft) {
  for (const Value& rule : value.list()) read_rule(rule, team, draft);
}

}  // namespace tocsin::settings

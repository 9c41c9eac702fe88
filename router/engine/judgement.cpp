#include "router/engine/judgement.hpp"

namespace tocsin::engine {

Decision own_decision(const Fields& labels, const IntegrationRules& rules,
                      const Configuration& configuration) {
  const gameday::Tag tag = gameday::tag_of(labels, rules.gamedays, configuration.gamedays);
  if (tag.alone) return gameday::muted(*tag.alone);
  Decision decision = configuration.rules.decide(labels, rules.severities);
  if (!tag.mistaken.empty())
    decision.reasons.push_back(
        {ReasonKind::gameday_mistaken, std::string(labels.get(gameday::kTag)), tag.mistaken});
  return decision;
}

Decision drill_decision(const Fields& labels, const gameday::Set& set,
                        const IntegrationRules& rules, const Configuration& configuration) {
  return gameday::for_drill(
      configuration.rules.decide(gameday::seen_as(set, labels), rules.severities), set,
      configuration.hooks_in_drill);
}

const IntegrationRules& rules_of(const std::string& integration,
                                 const Configuration& configuration) {
  static const IntegrationRules kNone;
  const auto found = configuration.integrations.find(integration);
  return found == configuration.integrations.end() ? kNone : found->second;
}

}  // namespace tocsin::engine

// What the rules, and the GameDay sets around them, say of an alert: the one place that deciding
// and explaining ask. Pure.
#pragma once

#include "router/engine/configuration.hpp"

namespace tocsin::engine {

/// Of the alert itself: muted, if it is a set's alone; otherwise as the rules decide, and a tag
/// that is not heard is said.
Decision own_decision(const Fields& labels, const IntegrationRules& rules,
                      const Configuration& configuration);

/// Of its copy in this set.
Decision drill_decision(const Fields& labels, const gameday::Set& set,
                        const IntegrationRules& rules, const Configuration& configuration);

/// The rules of an integration that is not configured any more: none.
const IntegrationRules& rules_of(const std::string& integration,
                                 const Configuration& configuration);

}  // namespace tocsin::engine

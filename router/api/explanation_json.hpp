// Why an alert was decided as it was, as JSON: what was recorded then, and the same decision
// computed again with every rule that was tried. Pure.
#pragma once

#include <optional>
#include <string>

#include "router/api/history.hpp"
#include "router/engine/configuration.hpp"

namespace tocsin::api {

/// `then`: the configuration that decided it; null, when it is not kept, and `why_not` says so.
std::string explanation_json(const History::FoundAlert& found, const engine::Configuration* then,
                             const std::string& why_not);

}  // namespace tocsin::api

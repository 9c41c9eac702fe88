// The body of a POST to Alertmanager's /api/v2/alerts as alerts: read in one pass, without a tree
// in memory.
#pragma once

#include <string_view>

#include "connectors/source.hpp"

namespace tocsin::connectors::sources {

/// How long an alert without an end stays firing unless it is sent again: Alertmanager's
/// resolve_timeout.
inline constexpr Duration kResolveTimeout = std::chrono::minutes(5);

/// Errors: invalid (not JSON, not UTF-8, not a list, nested too deeply), refused (more than
/// kMostAlertsPerRequest).
Result<Parsed> read_prometheus_alerts(std::string_view body, WallTime received);

}  // namespace tocsin::connectors::sources

// The alerts of an integration as Alertmanager's API v2 shows them, for amtool, karma and Grafana's
// Alertmanager data source: GET /api/v2/alerts.
//
// https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml. Of its parameters
// `filter` (matchers), `active` and `silenced` are obeyed; nothing is inhibited or unprocessed
// here.
#pragma once

#include <string>
#include <vector>

#include "router/core/http.hpp"
#include "router/engine/owner/node_state.hpp"

namespace tocsin::api {

/// Most that are shown.
inline constexpr std::size_t kMostShownAlerts = 10'000;

/// 200 with a JSON list; 400 for a filter that is no matcher.
HttpResponse alertmanager_alerts(const HttpRequest& request,
                                 const std::vector<engine::NodeState::Firing>& firing);

}  // namespace tocsin::api

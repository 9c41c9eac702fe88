#include "router/ingest/reading.hpp"

#include <algorithm>

namespace tocsin::ingest {
namespace {

// An alert that always fires, such as Prometheus's Watchdog, is a sign of life and nothing else.
void take_beats(const Integration& integration, connectors::Parsed& parsed) {
  for (const Integration::Heartbeat& heartbeat : integration.heartbeats) {
    if (heartbeat.matchers.empty()) continue;
    bool beats = false;
    std::erase_if(parsed.alerts, [&](const Alert& alert) {
      if (!rules::all_match(heartbeat.matchers, alert.labels)) return false;
      beats = beats || alert.status == AlertStatus::firing;
      return true;
    });
    if (beats) parsed.beats.push_back(heartbeat.name);
  }
}

}  // namespace

Result<connectors::Parsed> read_alerts(const Integration& integration, const HttpRequest& request) {
  const std::string path(integration.source->routes.front().path);
  return read_alerts(integration, request, {request.received, path, {}, integration.settings, {}});
}

Result<connectors::Parsed> read_alerts(const Integration& integration, const HttpRequest& request,
                                       const connectors::SourceContext& context,
                                       const LookOver& look_over) {
  TOCSIN_TRY(connectors::Parsed parsed, integration.source->parse(request, context));
  if (parsed.alerts.size() + parsed.rejected.size() > kMostAlertsPerRequest)
    return refused("more than " + std::to_string(kMostAlertsPerRequest) +
                   " alerts in one request; send fewer at a time");
  if (look_over) look_over(parsed.alerts);
  for (Alert& alert : parsed.alerts) alert.labels = alert.labels.with_defaults(integration.labels);
  if (!integration.heartbeats.empty()) take_beats(integration, parsed);
  return parsed;
}

}  // namespace tocsin::ingest

#include "router/ingest/reading.hpp"

namespace tocsin::ingest {

Result<connectors::Parsed> read_alerts(const Integration& integration, const HttpRequest& request) {
  const std::string path(integration.source->routes.front().path);
  return read_alerts(integration, request, {request.received, path, {}, integration.settings, {}});
}

Result<connectors::Parsed> read_alerts(const Integration& integration, const HttpRequest& request,
                                       const connectors::SourceContext& context) {
  TOCSIN_TRY(connectors::Parsed parsed, integration.source->parse(request, context));
  if (parsed.alerts.size() + parsed.rejected.size() > kMostAlertsPerRequest)
    return refused("more than " + std::to_string(kMostAlertsPerRequest) +
                   " alerts in one request; send fewer at a time");
  for (Alert& alert : parsed.alerts) alert.labels = alert.labels.with_defaults(integration.labels);
  return parsed;
}

}  // namespace tocsin::ingest

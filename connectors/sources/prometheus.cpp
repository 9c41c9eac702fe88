// Prometheus, and whatever else speaks Alertmanager's API v2: Mimir, Loki and Thanos rulers,
// vmalert, Grafana's external Alertmanager.
//
// What the sender promises (https://prometheus.io/docs/alerting/latest/clients/,
// prometheus/notifier):
//   POST a JSON list of {labels, annotations, startsAt, endsAt, generatorURL}, up to 256 alerts of
//   any rules, never compressed. No status: resolved is an endsAt that is past. Firing alerts come
//   again every minute with a later endsAt, resolved ones for fifteen minutes. Nothing is ever
//   retried: whatever is not 2xx is lost until the next re-send, so the good alerts of a request
//   are kept when others are bad. Content-Type is often missing and never looked at.
// The key is Alertmanager's fingerprint of the labels as sent, so that it is the same in
// Alertmanager's own webhooks.
#include <algorithm>
#include <array>

#include "connectors/source.hpp"
#include "connectors/sources/limits.hpp"
#include "connectors/sources/prometheus_reader.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors {
namespace {

constexpr std::array<SourceRoute, 1> kRoutes{{{"POST", "/api/v2/alerts"}}};
constexpr std::array<std::string_view, 2> kGroupBy{"alertname", "service"};
constexpr std::string_view kRetryAfterSeconds = "5";

std::string list_of(const std::vector<Rejected>& rejected) {
  const std::size_t shown = std::min(rejected.size(), sources::kMostRejectedShown);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i)
    text += (i == 0 ? "alert " : "; alert ") + std::to_string(rejected[i].index) + ": " +
            rejected[i].what;
  if (shown < rejected.size()) text += "; and " + std::to_string(rejected.size() - shown) + " more";
  return text;
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  return sources::read_prometheus_alerts(request.body, context.received.wall);
}

HttpResponse json_answer(int status, std::string body) {
  return {status, std::move(body), "application/json", {}};
}

// As Alertmanager does: a JSON string where alerts are wrong, an object where the request is.
std::string coded(int status, const std::string& message) {
  return "{\"code\":" + std::to_string(status) + ",\"message\":" + json_string(message) + "}";
}

HttpResponse answer(const IngestOutcome& outcome) {
  if (outcome.kind == IngestOutcome::Kind::accepted) return {};
  if (outcome.kind == IngestOutcome::Kind::busy || outcome.kind == IngestOutcome::Kind::limited) {
    HttpResponse response = json_answer(503, coded(503, outcome.error));
    response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
    return response;
  }
  if (outcome.rejected.empty()) return json_answer(400, coded(400, outcome.error));
  return json_answer(400, json_string(list_of(outcome.rejected)));
}

}  // namespace

extern const SourceSpec prometheus_source;
const SourceSpec prometheus_source = {
    .name = "prometheus",
    .summary = "Prometheus and every ruler that speaks Alertmanager's API v2",
    .example = R"(  - name: prometheus-production
    source: prometheus
    key: "${PROMETHEUS_KEY}"
    labels: {environment: production}
    severities: {page: critical, none: info}
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .resolve_after = std::chrono::hours(6),
    .over_by_end = true,
    .lists = "/api/v2/alerts",
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors

// Alertmanager's webhook receiver, version 4 of its notification; 3 and 2 are read as well.
//
// What the sender promises (https://prometheus.io/docs/alerting/latest/configuration/):
//   POST one group: {version, groupKey, truncatedAlerts, status, receiver, groupLabels,
//   commonLabels, commonAnnotations, externalURL, alerts: [{status, labels, annotations, startsAt,
//   endsAt, generatorURL, fingerprint}]}, at a change of the group and every repeat_interval (4 h).
//   2xx is delivered. 5xx and a lost connection are tried again within the flush, with growing
//   pauses from 0.3 s. Every other status, 429 among them, waits for the next group_interval (5
//   min), for ever; an alert whose firing was never taken is not told to have ended either. Two of
//   a highly available pair may both send.
//   With max_alerts the rest of a group is left out, and its ends are never told.
// The key is the fingerprint, which is the same in the alerts that Prometheus itself sends.
#include <array>

#include "connectors/source.hpp"
#include "connectors/sources/alertmanager_reader.hpp"
#include "connectors/sources/answers.hpp"

namespace tocsin::connectors {
namespace {

constexpr std::array<SourceRoute, 1> kRoutes{{{"POST", ""}}};
constexpr std::array<std::string_view, 2> kGroupBy{"alertname", "service"};

bool extra(const sources::Json& group, const sources::Json& /*alert*/, sources::Draft& draft) {
  draft.annotation("alertmanager", group["externalURL"].text());
  return true;
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const sources::Json body, sources::Json::parse(request.body));
  return sources::read_alert_group(body, context.received.wall, extra);
}

// Whatever can be taken later is 503: it comes again within seconds, anything else in minutes.
HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec alertmanager_source;
const SourceSpec alertmanager_source = {
    .name = "alertmanager",
    .summary = "Alertmanager's webhook receiver",
    .example = R"(  - name: alertmanager-eu
    source: alertmanager
    key: "${ALERTMANAGER_KEY}"
    labels: {environment: production}
    severities: {page: critical, none: info}
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .resolve_after = std::chrono::hours(1),
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors

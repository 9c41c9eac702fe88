// Google Cloud Monitoring: webhook channels, and Pub/Sub that pushes.
//
// What the sender promises
// (https://cloud.google.com/monitoring/support/notification-options#webhooks):
//   POST {version, incident}, one incident a request; the key as ?auth_token= or as a Basic
//   password. What is not 2xx is tried again for a while, how long is not said. Pub/Sub pushes the
//   same JSON in base64 in message.data, and tries again until it is acknowledged by a 2xx. The
//   test of a channel has the version "test".
// The key is incident_id, the same when it opens and closes. An incident closes by itself.
#include <array>

#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/posted.hpp"
#include "router/core/digest.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;

constexpr std::array<SourceRoute, 1> kRoutes{{{"POST", ""}}};
constexpr std::array<std::string_view, 2> kGroupBy{"alertname", "project"};
constexpr std::array<std::pair<std::string_view, Severity>, 6> kSeverities{{
    {"Critical", Severity::critical},
    {"CRITICAL", Severity::critical},
    {"Error", Severity::error},
    {"ERROR", Severity::error},
    {"Warning", Severity::warning},
    {"WARNING", Severity::warning},
}};

std::string key(const HttpRequest& request) {
  return std::string(request.query_value("auth_token"));
}

/// The notification itself, out of what Pub/Sub wraps around it.
Result<Json> unwrapped(const Json& body) {
  const Json message = body["message"];
  if (!message["data"].is_text()) return body;
  const auto text = from_base64(message["data"].text());
  if (!text) return invalid("message.data is not base64");
  return Json::parse(*text);
}

std::string severity_of(const Json& incident) {
  const std::string own = incident["severity"].text();
  if (!own.empty() && sources::lower(own) != "no severity") return own;
  return incident["policy_user_labels"]["severity"].text();
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json posted, Json::parse(request.body));
  TOCSIN_TRY(const Json body, unwrapped(posted));
  const Json incident = body["incident"];
  if (sources::lower(body["version"].text()) == "test") return Parsed{};
  const std::string id = incident["incident_id"].text();
  if (id.empty()) return invalid("there is no incident.incident_id; wanted {version, incident}");
  Draft draft;
  draft.key = id;
  sources::add_labels(draft, incident["metric"]["labels"], sources::kMostLabelsTaken);
  sources::add_labels(draft, incident["resource"]["labels"], sources::kMostLabelsTaken);
  sources::add_labels(draft, incident["policy_user_labels"], sources::kMostLabelsTaken / 2);
  const std::string policy = incident["policy_name"].text();
  const std::string condition =
      sources::first_text({incident["condition_name"], incident["condition"]["displayName"]});
  draft.label_cut("alertname", !policy.empty() ? policy : !condition.empty() ? condition : id);
  draft.label_cut("condition", condition);
  draft.label_cut("project", sources::first_text({incident["scoping_project_id"],
                                                  incident["resource"]["labels"]["project_id"]}));
  draft.label_cut("resource", incident["resource_name"].text());
  draft.label_cut("resource_type", incident["resource"]["type"].text());
  draft.label_cut("severity", severity_of(incident));
  draft.annotation("summary", incident["summary"].text());
  const Json documentation = incident["documentation"];
  draft.annotation("description", documentation.is_object() ? documentation["content"].text()
                                                            : documentation.text());
  draft.annotation("subject", documentation["subject"].text());
  draft.annotation("runbook", documentation.at_pointer("/links/0/url").text());
  draft.annotation("metric", incident["metric"]["type"].text());
  draft.annotation("value", incident["observed_value"].text());
  draft.annotation("threshold", incident["threshold_value"].text());
  draft.generator_url = incident["url"].text();
  draft.starts_at = sources::time_of(incident["started_at"]);
  if (sources::state_of(incident["state"].text()) == sources::State::resolved) {
    draft.status = AlertStatus::resolved;
    draft.ends_at = sources::time_of(incident["ended_at"]);
  } else {
    draft.ends_at = context.received.wall + sources::kHoldsUntilResolved;
  }
  return sources::one_alert(draft, context.received.wall);
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec google_cloud_source;
const SourceSpec google_cloud_source = {
    .name = "google-cloud",
    .summary = "Google Cloud Monitoring, through a webhook channel or Pub/Sub",
    .example = R"(  - name: google
    source: google-cloud
    key: "${GOOGLE_KEY}"
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .severities = kSeverities,
    .resolve_after = std::chrono::hours(24),
    .exact_times = true,
    .key = key,
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors

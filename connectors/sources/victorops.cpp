// The REST endpoint of VictorOps (Splunk On-Call).
//
// What the senders promise
// (https://help.victorops.com/knowledge-base/rest-endpoint-integration-guide/):
//   POST /integrations/generic/20131114/alert/KEY/ROUTING_KEY {message_type:
//   CRITICAL|WARNING|INFO|ACKNOWLEDGEMENT|RECOVERY, entity_id, entity_display_name, state_message,
//   monitoring_tool, state_start_time, and whatever else it likes}. Wanted is 200 with
//   {result: success, entity_id}. Alertmanager tries again after 5xx only, many never.
// The key is the entity_id; a message without one is an alert of its own each time.
#include <algorithm>
#include <array>

#include "connectors/source.hpp"
#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;

constexpr std::array<SourceRoute, 2> kRoutes{{
    {"POST", "/integrations/generic/20131114/alert/*/*"},
    {"POST", "/integrations/generic/20131114/alert/*"},
}};
constexpr std::array<std::pair<std::string_view, Severity>, 3> kSeverities{{
    {"CRITICAL", Severity::critical},
    {"WARNING", Severity::warning},
    {"INFO", Severity::info},
}};
constexpr Duration kHolds = std::chrono::hours(24 * 7);
constexpr std::string_view kBase = "/integrations/generic/20131114/alert/";

std::string key(const HttpRequest& request) {
  const std::size_t at = request.path.find(kBase);
  if (at == std::string::npos) return {};
  const std::string_view rest = std::string_view(request.path).substr(at + kBase.size());
  return std::string(rest.substr(0, rest.find('/')));
}

/// What it says besides the fields that have a place of their own.
void add_rest(Draft& draft, const Json& body) {
  constexpr std::array<std::string_view, 8> kOwn{
      "message_type", "entity_id",        "entity_display_name", "state_message",
      "timestamp",    "state_start_time", "host_name",           "alert_url"};
  for (const auto& [name, value] : body.members()) {
    if (std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end() || name.empty()) continue;
    if (sources::identifies(name) || name == "monitoring_tool")
      draft.label_cut(sources::lower(name), value.text());
    else
      draft.annotation(name, value.text());
  }
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, Json::parse(request.body));
  if (!body.is_object()) return invalid("the body is no object; wanted message_type, entity_id …");
  Parsed parsed;
  std::string type = body["message_type"].text();
  for (char& c : type)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (type.empty())
    return invalid(
        "message_type is missing; wanted CRITICAL, WARNING, INFO, ACKNOWLEDGEMENT or RECOVERY");
  std::string entity = body["entity_id"].text();
  const sources::State state = sources::state_of(type);
  const bool over = state == sources::State::resolved;
  const bool acknowledged = state == sources::State::acknowledged;
  if (entity.empty() && (over || acknowledged))
    return invalid("entity_id is missing; wanted that of the alert");
  if (entity.empty()) entity = sources::made_up_key(request, context);
  parsed.reply = entity;
  if (acknowledged) {
    parsed.said.push_back({Said::Kind::acknowledged, sources::short_key(entity),
                           body["ack_author"].text(),
                           sources::first_text({body["ack_msg"], body["state_message"]})});
    return parsed;
  }
  Draft draft;
  add_rest(draft, body);
  draft.key = entity;
  const std::string name = body["entity_display_name"].text();
  draft.label_cut("alertname", name.empty() ? entity : name);
  draft.label_cut("host", body["host_name"].text());
  if (context.parts.size() > 1) draft.label_cut("routing_key", context.parts[1]);
  draft.annotation("description", body["state_message"].text());
  draft.generator_url = body["alert_url"].text();
  if (over) {
    draft.status = AlertStatus::resolved;
  } else {
    draft.label_cut("severity", type);
    draft.ends_at = context.received.wall + kHolds;
    draft.starts_at = sources::time_of(body["state_start_time"]);
  }
  TOCSIN_TRY(Alert alert, sources::finish(draft, context.received.wall));
  parsed.alerts.push_back(std::move(alert));
  return parsed;
}

HttpResponse answer(const IngestOutcome& outcome) {
  using Kind = IngestOutcome::Kind;
  const std::string fault = "{\"result\":\"failure\",\"message\":";
  if (outcome.kind == Kind::unusable)
    return sources::json_answer(400, fault + json_string(sources::faults_of(outcome)) + "}");
  if (outcome.kind == Kind::busy || outcome.kind == Kind::limited)
    return sources::come_again(sources::json_answer(503, fault + json_string(outcome.error) + "}"));
  return sources::json_answer(
      200, "{\"result\":\"success\",\"entity_id\":" + json_string(outcome.reply) + "}");
}

}  // namespace

extern const SourceSpec victorops_source;
const SourceSpec victorops_source = {
    .name = "victorops",
    .summary = "whatever speaks the REST endpoint of VictorOps (Splunk On-Call)",
    .example = R"(  - name: victorops
    source: victorops
    key: "${VICTOROPS_KEY}"           # stands in the path, so of letters and digits
)",
    .routes = kRoutes,
    .group_by = {},
    .severities = kSeverities,
    .resolve_after = std::chrono::hours(24),
    .key = key,
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors

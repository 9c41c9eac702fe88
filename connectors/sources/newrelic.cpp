// New Relic: webhooks of workflows, and of the older alert channels.
//
// What the sender promises
// (https://docs.newrelic.com/docs/alerts/get-notified/notification-integrations/):
//   POST the JSON of a template; the default one has id, state, priority, title, alertPolicyNames,
//   alertConditionNames, impactedEntities. Old channels post incident_id, current_state, severity,
//   condition_name, some of them as a form. Custom headers can be set. How often it is tried again
//   is not said. An issue can take up further incidents: its title changes then, its id does not.
// The key is the issue's id, or that in its link, or incident_id. It ends by CLOSED.
#include <array>

#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/posted.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;

constexpr std::array<SourceRoute, 1> kRoutes{{{"POST", ""}}};
constexpr std::array<std::string_view, 2> kGroupBy{"alertname", "policy"};
constexpr std::array<std::pair<std::string_view, Severity>, 7> kSeverities{{
    {"CRITICAL", Severity::critical},
    {"HIGH", Severity::error},
    {"MEDIUM", Severity::warning},
    {"LOW", Severity::info},
    {"WARN", Severity::warning},
    {"WARNING", Severity::warning},
    {"INFO", Severity::info},
}};

/// A text, or the texts of a list joined by commas.
std::string joined(const Json& value) {
  if (!value.is_array()) return value.text();
  std::string all;
  for (const Json& each : value.items()) {
    const std::string text = each.is_object() ? each["name"].text() : each.text();
    if (text.empty()) continue;
    if (!all.empty()) all += ", ";
    all += text;
  }
  return all;
}

std::string first_joined(const Json& body, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (std::string text = joined(body[name]); !text.empty()) return text;
  return {};
}

std::string key_of(const Json& body, const std::string& link) {
  if (std::string id = sources::first_text({body["id"], body["issueId"], body["incident_id"]});
      !id.empty())
    return id;
  return sources::between(link, "/issues/", "/?#");
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, sources::posted(request));
  const std::string link = sources::first_text({body["issueUrl"], body["incident_url"]});
  const std::string id = key_of(body, link);
  const std::string condition = first_joined(body, {"alertConditionNames", "condition_name"});
  const std::string title = sources::first_text({body["title"], body["details"]});
  if (id.empty() && condition.empty() && title.empty())
    return invalid("there is neither id nor title; take up the default payload's fields");
  const std::string word = sources::first_text({body["state"], body["current_state"]});
  const sources::State state = sources::state_of(word);
  const std::string policy = first_joined(body, {"alertPolicyNames", "policy_name"});
  Draft draft;
  draft.key = !id.empty() ? id : policy + "/" + (condition.empty() ? title : condition);
  Parsed parsed;
  if (state == sources::State::acknowledged) {
    parsed.said.push_back({Said::Kind::acknowledged,
                           sources::short_key(draft.key),
                           sources::first_text({body["owner"], body["acknowledgedBy"]}),
                           {}});
    return parsed;
  }
  draft.label_cut("alertname",
                  condition.empty() ? title.empty() ? "issue " + id : title : condition);
  draft.label_cut("policy", policy);
  draft.label_cut("entity", first_joined(body, {"impactedEntities", "targets"}));
  draft.label_cut("account", sources::first_text(
                                 {body["account_name"], body["accountName"], body["account_id"]}));
  draft.label_cut("severity", sources::first_text({body["priority"], body["severity"]}));
  draft.annotation("summary", title);
  draft.annotation("runbook", body["runbook_url"].text());
  draft.annotation("incidents", body["totalIncidents"].text());
  draft.annotation("workflow", body["workflowName"].text());
  draft.annotation("trigger", body["trigger"].text());
  draft.generator_url = link;
  if (state == sources::State::resolved) {
    draft.status = AlertStatus::resolved;
    draft.ends_at = sources::time_of(body["updatedAt"]);
    if (!draft.ends_at) draft.ends_at = sources::time_of(body["timestamp"]);
  } else {
    draft.starts_at = sources::time_of(body["createdAt"]);
    if (!draft.starts_at) draft.starts_at = sources::time_of(body["timestamp"]);
    draft.ends_at = context.received.wall + sources::kHoldsUntilResolved;
  }
  return sources::one_alert(draft, context.received.wall);
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec newrelic_source;
const SourceSpec newrelic_source = {
    .name = "newrelic",
    .summary = "New Relic, through webhooks of workflows or alert channels",
    .example = R"(  - name: newrelic
    source: newrelic
    key: "${NEWRELIC_KEY}"
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .severities = kSeverities,
    .resolve_after = std::chrono::hours(24),
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors

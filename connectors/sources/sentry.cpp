// Sentry: webhooks of an internal integration, and the older WebHooks plugin of a project.
//
// What the sender promises
// (https://docs.sentry.io/organization/integrations/integration-platform/webhooks/):
//   POST {action, data, installation, actor}; Sentry-Hook-Resource says of what kind,
//   Sentry-Hook-Signature is the HMAC-SHA256 of the body with the integration's client secret. An
//   answer is awaited for 1 s and any 2xx will do; nothing is tried again for certain, and an
//   integration whose answers are errors may be disabled: what is not understood is accepted. The
//   plugin posts a flat object without a signature.
// The key is the issue, or the incident of a metric alert. Issue alerts never end by themselves: an
// issue that is resolved or archived ends them, if `issue` is subscribed as well.
#include <array>

#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/posted.hpp"
#include "connectors/sources/yes_no.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;

constexpr std::array<SourceRoute, 1> kRoutes{{{"POST", ""}}};
constexpr std::array<std::string_view, 2> kGroupBy{"alertname", "project"};
constexpr std::array<std::pair<std::string_view, Severity>, 2> kSeverities{{
    {"fatal", Severity::critical},
    {"debug", Severity::info},
}};
constexpr std::array<Field, 2> kFields{{
    {.key = "client_secret",
     .secret = true,
     .meaning = "the client secret of the integration: unsigned requests are refused"},
    {.key = "new_issues",
     .meaning = "yes: an issue that is created or comes back is an alert, without an alert rule",
     .example = "yes"},
}};

std::vector<std::string> check(const Values& settings) {
  return sources::check_yes_no(settings, "new_issues");
}

/// A list of pairs, or of {key, value}.
std::string tag(const Json& tags, std::string_view name) {
  for (const Json& each : tags.items()) {
    if (each.at_pointer("/0").text() == name) return each.at_pointer("/1").text();
    if (each["key"].text() == name) return each["value"].text();
  }
  return {};
}

/// What an issue is called, and how bad it is, wherever it is told.
void add_issue(Draft& draft, const Json& of, std::string_view project) {
  std::string title =
      sources::first_text({of["title"], of["metadata"]["title"], of["message"], of["culprit"]});
  if (title.empty()) title = "issue";
  draft.label_cut("alertname", title);
  draft.label_cut("project", project);
  const std::string level = of["level"].text();
  draft.label_cut("severity", level.empty() ? tag(of["tags"], "level") : level);
  const std::string environment = of["environment"].text();
  draft.label_cut("environment",
                  environment.empty() ? tag(of["tags"], "environment") : environment);
  draft.annotation("summary", title);
  const std::string text = sources::first_text({of["message"], of["metadata"]["value"]});
  draft.annotation("description", text == title ? std::string() : text);
  draft.annotation("culprit", of["culprit"].text());
  draft.annotation("issue", of["shortId"].text());
  draft.annotation("release", of["release"].text());
  draft.annotation("server", tag(of["tags"], "server_name"));
}

/// A firing alert that nothing may ever end.
Parsed fires(Draft& draft, const SourceContext& context, Duration holds) {
  draft.ends_at = context.received.wall + holds;
  return sources::one_alert(draft, context.received.wall);
}

Result<Parsed> issue_alert(const Json& data, const SourceContext& context) {
  const Json event = data["event"];
  std::string id = sources::first_text({event["issue_id"], event["groupID"], event["group_id"]});
  if (id.empty()) id = sources::between(event["issue_url"].text(), "/issues/", "/?");
  if (id.empty()) id = event.at_pointer("/hashes/0").text();
  if (id.empty()) return invalid("data.event has no issue_id");
  // ".../projects/ORGANISATION/PROJECT/events/..."
  const std::string url = event["url"].text();
  const std::string organisation = sources::between(url, "/projects/", "/");
  std::string project = sources::between(url, "/projects/" + organisation + "/", "/");
  if (project.empty()) project = event["project"].text();
  Draft draft;
  draft.key = "issue:" + id;
  add_issue(draft, event, project);
  draft.label_cut("rule", data["triggered_rule"].text());
  draft.starts_at = sources::time_of(event["datetime"]);
  draft.generator_url = sources::first_text({event["web_url"], data["issue_alert"]["url"]});
  return fires(draft, context, sources::kHoldsUnresolved);
}

Result<Parsed> metric_alert(const std::string& action, const Json& data,
                            const SourceContext& context) {
  const Json alert = data["metric_alert"], rule = alert["alert_rule"];
  const std::string id = sources::first_text({alert["id"], alert["identifier"], rule["id"]});
  if (id.empty()) return invalid("data.metric_alert has no id");
  Draft draft;
  draft.key = "metric:" + id;
  std::string name = sources::first_text({rule["name"], alert["title"]});
  draft.label_cut("alertname", name.empty() ? "metric alert " + id : name);
  draft.label_cut("project", sources::first_text({alert.at_pointer("/projects/0"),
                                                  rule.at_pointer("/projects/0")}));
  draft.label_cut("environment", rule["environment"].text());
  draft.annotation("summary", data["description_title"].text());
  draft.annotation("description", data["description_text"].text());
  draft.annotation("query", rule["query"].text());
  draft.generator_url = data["web_url"].text();
  if (action == "resolved") {
    draft.status = AlertStatus::resolved;
    draft.ends_at = sources::time_of(alert["date_closed"]);
    return sources::one_alert(draft, context.received.wall);
  }
  draft.label_cut("severity", action);
  draft.starts_at = sources::time_of(alert["date_started"]);
  return fires(draft, context, sources::kHoldsUntilResolved);
}

Result<Parsed> issue(const std::string& action, const Json& body, const SourceContext& context) {
  const Json issue = body["data"]["issue"];
  const std::string id = issue["id"].text();
  if (id.empty()) return invalid("data.issue has no id");
  const std::string key = "issue:" + id;
  Parsed parsed;
  if (action == "assigned") {
    const Json to = body["data"]["assignee"];
    parsed.said.push_back(
        {Said::Kind::noted, sources::short_key(key), body["actor"]["name"].text(),
         "assigned to " + sources::first_text({to["name"], to["id"]}) + " in Sentry"});
    return parsed;
  }
  const bool over = action == "resolved" || action == "archived" || action == "ignored";
  const bool fires_here = (action == "created" || action == "unresolved") &&
                          sources::is_yes(context.settings, "new_issues");
  if (!over && !fires_here) return parsed;
  Draft draft;
  draft.key = key;
  add_issue(draft, issue,
            sources::first_text({issue["project"]["slug"], issue["project"]["name"]}));
  draft.generator_url = sources::first_text({issue["permalink"], issue["web_url"]});
  if (!over) return fires(draft, context, sources::kHoldsUnresolved);
  draft.status = AlertStatus::resolved;
  return sources::one_alert(draft, context.received.wall);
}

Result<Parsed> of_plugin(const Json& body, const SourceContext& context) {
  const Json event = body["event"];
  const std::string id = sources::first_text({body["id"], event["groupID"]});
  if (id.empty()) return invalid("there is neither data nor id; is this a webhook of Sentry?");
  Draft draft;
  draft.key = "issue:" + id;
  const std::string project = sources::first_text({body["project_slug"], body["project"]});
  add_issue(draft, event, project);
  if (event["title"].text().empty())
    draft.label_cut("alertname", sources::first_text({body["message"], body["culprit"]}));
  draft.label_cut("severity", body["level"].text());
  draft.label_cut("rule", body.at_pointer("/triggering_rules/0").text());
  draft.starts_at = sources::time_of(event["timestamp"]);
  draft.generator_url = body["url"].text();
  return fires(draft, context, sources::kHoldsUnresolved);
}

/// What the header says, or else what is in it.
std::string resource_of(const HttpRequest& request, const Json& data) {
  if (const std::string_view said = request.header("sentry-hook-resource"); !said.empty())
    return std::string(said);
  if (data["metric_alert"].is_object()) return "metric_alert";
  if (data["event"].is_object()) return "event_alert";
  return data["issue"].is_object() ? "issue" : "";
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  const std::string secret = context.settings.get("client_secret");
  if (!secret.empty() &&
      !sources::is_signed(secret, request.body, request.header("sentry-hook-signature")))
    return invalid(
        "Sentry-Hook-Signature is not that of the body with client_secret; compare it with the "
        "integration's in Sentry");
  TOCSIN_TRY(const Json body, Json::parse(request.body));
  if (!body.is_object()) return invalid("the body is no object");
  const Json data = body["data"];
  const std::string action = body["action"].text(), resource = resource_of(request, data);
  if (resource.empty() && !data.is_object()) return of_plugin(body, context);
  if (resource == "event_alert") return issue_alert(data, context);
  if (resource == "metric_alert") return metric_alert(action, data, context);
  if (resource == "issue") return issue(action, body, context);
  return Parsed{};  // installations, comments, errors
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec sentry_source;
const SourceSpec sentry_source = {
    .name = "sentry",
    .summary = "issue alerts and metric alerts of Sentry",
    .example = R"(  - name: sentry
    source: sentry
    key: "${SENTRY_KEY}"
    client_secret: "${SENTRY_CLIENT_SECRET}"
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .severities = kSeverities,
    .resolve_after = std::chrono::hours(24),
    .fields = kFields,
    .check = check,
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors

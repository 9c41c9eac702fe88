// Azure Monitor: the webhook of an action group.
//
// What the sender promises (https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups,
// https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema):
//   POST one alert as JSON, with Expect: 100-continue: the common alert schema, or where that is
//   off one of the older ones. An answer is awaited for 10 s; 408, 429, 503 and 504 are tried again
//   a few times within a minute or two, then nothing is sent for 15 minutes. Other codes are final.
// The key is alertId, the same when it fires and when it is resolved; of the older schemas the rule
// and the resource. Log alerts without state, activity logs and service health never end; whether a
// log alert has state nothing of it tells, so the setting `stateless` does.
#include <algorithm>
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
constexpr std::array<std::string_view, 2> kGroupBy{"alertname", "resource"};
constexpr std::array<std::pair<std::string_view, Severity>, 5> kSeverities{{
    {"Sev0", Severity::critical},
    {"Sev1", Severity::error},
    {"Sev2", Severity::warning},
    {"Sev3", Severity::info},
    {"Sev4", Severity::info},
}};

constexpr std::array<Field, 1> kFields{{
    {.key = "stateless",
     .meaning = "yes: its log alerts are stateless, and each is resolved a day after it fired",
     .example = "yes"},
}};

std::vector<std::string> check(const Values& settings) {
  return sources::check_yes_no(settings, "stateless");
}

std::string severity_of(const Json& value) {
  const std::string text = value.text();
  return text.size() == 1 && text[0] >= '0' && text[0] <= '4' ? "Sev" + text : text;
}

/// "/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/virtualMachines/V", in any case.
void add_resource(Draft& draft, const std::string& id) {
  const std::string low = sources::lower(id);
  const auto part = [&](std::string_view after) {
    const std::size_t at = low.find(after);
    if (at == std::string::npos) return std::string();
    const std::size_t from = at + after.size();
    return id.substr(from, std::min(id.find('/', from), id.size()) - from);
  };
  draft.label_cut("subscription", part("/subscriptions/"));
  draft.label_cut("resource_group", sources::lower(part("/resourcegroups/")));
  const std::size_t last = id.rfind('/');
  if (last != std::string::npos) draft.label_cut("resource", sources::lower(id.substr(last + 1)));
}

/// Which metric or query it was, and what it saw; of several the first says it.
void add_condition(Draft& draft, const Json& condition) {
  const Json all = condition["allOf"];
  const Json first = all.is_array() ? all.at_pointer("/0") : condition;
  draft.annotation("metric", first["metricName"].text());
  draft.annotation("value", first["metricValue"].text());
  draft.annotation("threshold", first["threshold"].text());
  draft.annotation("operator", first["operator"].text());
  draft.annotation("query", first["searchQuery"].text());
  draft.annotation("results", sources::first_text({first["linkToFilteredSearchResultsUI"],
                                                   first["linkToSearchResultsUI"]}));
  std::size_t taken = 0;
  for (const Json& each : first["dimensions"].items()) {
    const std::string name = each["name"].text(), value = each["value"].text();
    if (name.empty() || ++taken > sources::kMostLabelsTaken) continue;
    draft.label_cut("dimension_" + sources::label_name(name), value);
  }
}

std::string portal_link(const std::string& alert_id) {
  if (!alert_id.starts_with("/subscriptions/")) return {};
  return "https://portal.azure.com/#blade/Microsoft_Azure_Monitoring/AlertDetailsTemplateBlade/"
         "alertId/" +
         sources::encoded(alert_id);
}

void end(Draft& draft, bool over, const Json& started, const Json& ended, bool ends_by_itself,
         const SourceContext& context) {
  if (over) {
    draft.status = AlertStatus::resolved;
    draft.ends_at = sources::time_of(ended);
    return;
  }
  draft.starts_at = sources::time_of(started);
  draft.ends_at = context.received.wall +
                  (ends_by_itself ? sources::kHoldsUntilResolved : sources::kHoldsUnresolved);
}

Result<Parsed> common(const Json& data, const SourceContext& context) {
  const Json essentials = data["essentials"], of = data["alertContext"];
  const std::string id = sources::first_text({essentials["alertId"], essentials["originAlertId"]});
  const std::string name = essentials["alertRule"].text();
  if (id.empty()) return invalid("data.essentials has no alertId");
  Draft draft;
  draft.key = id;
  add_condition(draft, of["condition"]);
  add_resource(draft, essentials.at_pointer("/alertTargetIDs/0").text());
  draft.label_cut("resource",
                  sources::lower(essentials.at_pointer("/configurationItems/0").text()));
  sources::add_labels(draft, data["customProperties"], sources::kMostLabelsTaken);
  draft.label_cut("alertname", name.empty() ? "alert rule" : name);
  draft.label_cut("severity", severity_of(essentials["severity"]));
  draft.label_cut("signal", essentials["signalType"].text());
  draft.label_cut("monitoring_service", essentials["monitoringService"].text());
  draft.annotation("description", essentials["description"].text());
  draft.annotation("operation", of["operationName"].text());
  draft.annotation("caller", of["caller"].text());
  draft.annotation("status", of["status"].text());
  draft.annotation("title", of["properties"]["title"].text());
  draft.generator_url = portal_link(id);
  const std::string signal = sources::lower(essentials["signalType"].text());
  end(draft, sources::state_of(essentials["monitorCondition"].text()) == sources::State::resolved,
      essentials["firedDateTime"], essentials["resolvedDateTime"],
      signal == "metric" || (signal == "log" && !sources::is_yes(context.settings, "stateless")),
      context);
  return sources::one_alert(draft, context.received.wall);
}

/// `context` with a rule in it: metric alerts without the common schema, and classic ones.
Result<Parsed> of_rule(const Json& body, const Json& properties, const SourceContext& context) {
  const Json rule = body["context"];
  const std::string id = rule["id"].text(), name = rule["name"].text();
  if (id.empty() && name.empty()) return invalid("context has neither id nor name");
  Draft draft;
  draft.key = (id.empty() ? name : id) + "|" + rule["resourceId"].text();
  add_condition(draft, rule["condition"]);
  sources::add_labels(draft, properties, sources::kMostLabelsTaken);
  add_resource(draft, rule["resourceId"].text());
  draft.label_cut("alertname", name.empty() ? id : name);
  draft.label_cut("severity", severity_of(rule["severity"]));
  draft.label_cut("region", rule["resourceRegion"].text());
  draft.annotation("description", rule["description"].text());
  draft.generator_url = rule["portalLink"].text();
  end(draft, sources::state_of(body["status"].text()) == sources::State::resolved,
      rule["timestamp"], rule["timestamp"], true, context);
  return sources::one_alert(draft, context.received.wall);
}

Result<Parsed> activity(const Json& data, const SourceContext& context) {
  const Json log = data["context"]["activityLog"];
  Draft draft;
  draft.key = sources::first_text({log["eventDataId"], log["correlationId"]});
  add_resource(draft, log["resourceId"].text());
  const std::string name = sources::first_text({log["operationName"], log["properties"]["title"]});
  draft.label_cut("alertname", name.empty() ? "activity log" : name);
  draft.label("signal", "Activity Log");
  draft.label_cut("monitoring_service", log["eventSource"].text());
  draft.annotation("status", log["status"].text());
  draft.annotation("caller", log["caller"].text());
  draft.annotation("description",
                   sources::first_text({log["description"], log["properties"]["communication"]}));
  end(draft, false, log["eventTimestamp"], {}, false, context);
  return sources::one_alert(draft, context.received.wall);
}

Result<Parsed> log_alert(const Json& data, const SourceContext& context) {
  const std::string name = data["AlertRuleName"].text();
  if (name.empty()) return invalid("data has no AlertRuleName");
  Draft draft;
  draft.key = data["SubscriptionId"].text() + "|" + name;
  draft.label_cut("alertname", name);
  draft.label_cut("severity", severity_of(data["Severity"]));
  draft.label_cut("subscription", data["SubscriptionId"].text());
  draft.label("signal", "Log");
  draft.annotation("query", data["SearchQuery"].text());
  draft.annotation("value", data["ResultCount"].text());
  draft.annotation("description", data["Description"].text());
  draft.generator_url = data["LinkToSearchResults"].text();
  end(draft, false, data["SearchIntervalEndtimeUtc"], {}, false, context);
  return sources::one_alert(draft, context.received.wall);
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, sources::posted(request));
  const Json data = body["data"];
  const std::string schema = sources::lower(body["schemaId"].text());
  if (data["essentials"].is_object()) return common(data, context);
  if (data["context"]["activityLog"].is_object()) return activity(data, context);
  if (schema == "microsoft.insights/logalert") return log_alert(data, context);
  if (data["context"].is_object()) return of_rule(data, data["properties"], context);
  if (body["context"].is_object()) return of_rule(body, body["properties"], context);
  return invalid(
      "it is in no schema of Azure Monitor; switch the common alert schema on in the action group");
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome, 429); }

}  // namespace

extern const SourceSpec azure_source;
const SourceSpec azure_source = {
    .name = "azure",
    .summary = "Azure Monitor, through the webhook of an action group",
    .example = R"(  - name: azure
    source: azure
    key: "${AZURE_KEY}"
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

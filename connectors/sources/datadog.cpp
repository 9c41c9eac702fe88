// Datadog's webhooks.
//
// What the sender promises (https://docs.datadoghq.com/integrations/webhooks/):
//   POST the JSON of a template of one's own, the same as a form, or the default payload. All
//   values are texts, an unset variable is empty or "null". An answer is awaited for 15 s; 5xx is
//   tried again five times, 4xx is final. Custom headers and Basic passwords can be set.
// The default payload has neither monitor nor state but in its title: "[Triggered on {host:web-1}]
// High load". The key is the cycle from trigger to recovery of one group, or else the aggregation
// key, the monitor and its scope, the title without its state. It ends by Recovered.
#include <algorithm>
#include <array>

#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/posted.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;

constexpr std::array<SourceRoute, 1> kRoutes{{{"POST", ""}}};
constexpr std::array<std::string_view, 1> kGroupBy{"alertname"};
constexpr std::array<std::pair<std::string_view, Severity>, 5> kSeverities{{
    {"P1", Severity::critical},
    {"P2", Severity::error},
    {"P3", Severity::warning},
    {"P4", Severity::info},
    {"P5", Severity::info},
}};
constexpr std::size_t kMostTags = 50;

/// Without "null", and without a variable that was not replaced.
std::string said(const Json& body, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (std::string text = body[name].text();
        !text.empty() && text != "null" && !text.starts_with("$"))
      return text;
  return {};
}

/// "Triggered", "Re-Warn", "No data recovered": any case.
bool is_transition(std::string_view words) {
  const std::string low = sources::lower(words);
  std::string_view word = low;
  if (word.starts_with("re-")) word.remove_prefix(3);
  if (constexpr std::string_view kOver = " recovered"; word.ends_with(kOver))
    word.remove_suffix(kOver.size());
  for (const char* known :
       {"triggered", "recovered", "warn", "warning", "alert", "no data", "renotify", "resolved"})
    if (word == known) return true;
  return false;
}

/// "[P1] [Triggered on {host:web-1}] High load". Other brackets are the monitor's own.
struct Title {
  std::string priority, transition, group, name;
};

Title read_title(std::string_view text) {
  Title title;
  for (text = sources::first_line(text); text.starts_with('[');) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) break;
    const std::string_view word = text.substr(1, close - 1);
    const std::size_t on = word.find(" on ");
    if (word.size() == 2 && word[0] == 'P') {
      title.priority = word;
    } else if (title.transition.empty() && is_transition(word.substr(0, on))) {
      title.transition = word.substr(0, on);
      if (on != std::string_view::npos) title.group = word.substr(on + 4);
    } else {
      break;
    }
    text = sources::first_line(text.substr(close + 1));
  }
  title.name = text;
  return title;
}

void add_tags(Draft& draft, std::string_view list) {
  for (std::size_t n = 0; !list.empty() && n < kMostTags; ++n) {
    const std::size_t comma = std::min(list.find(','), list.size());
    sources::add_tag(draft, list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

/// What is between braces in "{host:web-1,env:prod}", or all of it.
std::string_view inside(std::string_view group) {
  if (group.size() > 2 && group.front() == '{' && group.back() == '}')
    return group.substr(1, group.size() - 2);
  return group;
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, sources::posted(request));
  if (!body.is_object()) return invalid("the body is a list; wanted one event as an object");
  const Title title = read_title(said(body, {"alert_title", "event_title", "title"}));
  const std::string transition =
      sources::lower(said(body, {"alert_transition", "transition"}).empty()
                         ? title.transition
                         : said(body, {"alert_transition", "transition"}));
  const std::string type = sources::lower(said(body, {"alert_type"}));
  if (title.name.empty() && said(body, {"alert_id", "monitor_id"}).empty())
    return invalid("there is neither title nor alert_id; use the payload of the documentation");
  // An event that is no monitor's, or the test of the settings page.
  if (transition.empty() && (type == "info" || type == "success")) return Parsed{};

  Draft draft;
  const std::string scope = said(body, {"alert_scope", "scope"});
  const std::string group =
      !scope.empty() && scope != "*" ? scope : std::string(inside(title.group));
  const std::string org =
      said(body["org"], {"id"}).empty() ? said(body, {"org_id"}) : said(body["org"], {"id"});
  const std::string cycle = said(body, {"alert_cycle_key"}), aggregate = said(body, {"aggreg_key"});
  const std::string monitor = said(body, {"alert_id", "monitor_id"});
  draft.key = !cycle.empty()       ? "cycle:" + cycle
              : !aggregate.empty() ? "aggregate:" + aggregate
              : !monitor.empty()   ? "monitor:" + monitor + "/" + group
                                   : "title:" + org + "/" + group + "/" + title.name;
  add_tags(draft, said(body, {"tags"}));
  add_tags(draft, group);
  draft.label_cut("host", said(body, {"hostname", "host"}));
  draft.label_cut("alertname", title.name.empty() ? "monitor " + monitor : title.name);
  draft.label_cut("monitor", monitor);
  draft.label_cut("scope", group);
  draft.label_cut("organisation", said(body, {"org_name"}).empty() ? said(body["org"], {"name"})
                                                                   : said(body, {"org_name"}));
  const std::string own = said(body, {"alert_priority", "priority"});
  const std::string priority = own.size() == 2 && own[0] == 'P' ? own : title.priority;
  const bool over = transition.find("recovered") != std::string::npos ||
                    (transition.empty() && type == "success");
  const bool warning = type == "warning" || transition == "warn" || transition == "re-warn";
  draft.label_cut("severity", warning && !over    ? "warning"
                              : !priority.empty() ? priority
                              : type == "error"   ? type
                                                  : std::string());
  draft.annotation("summary", said(body, {"alert_status"}));
  draft.annotation("description", said(body, {"text", "body", "message", "description"}));
  draft.annotation("query", said(body, {"alert_query", "query"}));
  draft.annotation("metric", said(body, {"alert_metric"}));
  draft.annotation("snapshot", said(body, {"snapshot"}));
  draft.annotation("transition", transition);
  draft.generator_url = said(body, {"link"});
  const auto at = sources::time_of(body["date"]);
  if (over) {
    draft.status = AlertStatus::resolved;
    draft.ends_at = at;
  } else {
    draft.starts_at = at;
    draft.ends_at = context.received.wall + sources::kHoldsUntilResolved;
  }
  return sources::one_alert(draft, context.received.wall);
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec datadog_source;
const SourceSpec datadog_source = {
    .name = "datadog",
    .summary = "monitors of Datadog, through its webhooks",
    .example = R"(  - name: datadog
    source: datadog
    key: "${DATADOG_KEY}"
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .severities = kSeverities,
    .resolve_after = std::chrono::hours(24),
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors

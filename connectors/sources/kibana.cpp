// Kibana's webhook connector, and the webhook action of Elasticsearch Watcher.
//
// What the sender promises
// (https://www.elastic.co/guide/en/kibana/current/webhook-action-type.html):
//   POST, PUT or GET of a template of one's own; that on this source's page is read. 429 and 5xx
//   are tried again, three times if nothing else is set; other codes are final. An answer is
//   awaited for 60 s. That an alert recovered is told only by an action of its own. Watcher sends
//   at each execution whose condition holds, and no end.
// The key is space, rule and alert, or the watch. It ends by the action group recovered.
#include <algorithm>
#include <array>

#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/posted.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;

constexpr std::array<SourceRoute, 3> kRoutes{{{"POST", ""}, {"PUT", ""}, {"GET", ""}}};
constexpr std::array<std::string_view, 1> kGroupBy{"alertname"};
constexpr std::array<std::pair<std::string_view, Severity>, 5> kSeverities{{
    {"high", Severity::error},
    {"medium", Severity::warning},
    {"low", Severity::info},
    {"red", Severity::critical},
    {"yellow", Severity::warning},
}};
constexpr std::array<Field, 1> kFields{{sources::kLastsField}};
constexpr std::size_t kMostTags = 32;

void add_tags(Draft& draft, const Json& tags) {
  for (const Json& each : tags.items()) sources::add_tag(draft, each.text());
  if (!tags.is_text()) return;
  const std::string list = tags.text();
  std::string_view rest = list;
  for (std::size_t n = 0; !rest.empty() && n < kMostTags; ++n) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    sources::add_tag(draft, rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, sources::posted(request));
  const std::string rule = sources::first_text({body["rule_id"], body["rule_name"]});
  const std::string watch = body["watch_id"].text();
  if (rule.empty() && watch.empty())
    return invalid("there is neither rule_id nor watch_id; use the body of the documentation");
  const std::string instance = body["alert_id"].text();
  const bool recovered = sources::lower(body["action_group"].text()) == "recovered";
  // A watch has no end, nor has a summary of several alerts.
  const bool ends = !rule.empty() && !body["action_group"].text().empty();
  Draft draft;
  draft.key = rule.empty() ? "watch:" + watch : body["space"].text() + "/" + rule + "/" + instance;
  sources::add_details(draft, body["details"]);
  add_tags(draft, body["rule_tags"]);
  draft.label_cut("alertname",
                  sources::first_text({body["rule_name"], body["watch_id"], body["rule_id"]}));
  draft.label_cut("space", body["space"].text());
  draft.label_cut("instance", instance);
  draft.label_cut("severity", sources::first_text({body["severity"], body["status"]}));
  draft.annotation("summary", sources::first_text({body["reason"], body["message"]}));
  draft.annotation("description", body["message"].text());
  draft.annotation("value", sources::first_text({body["value"], body["hits_total"]}));
  draft.annotation("state", sources::first_text({body["action_group_name"], body["status"]}));
  draft.generator_url = body["rule_url"].text();
  const auto at = sources::time_of(body["date"].is_null() ? body["execution_time"] : body["date"]);
  if (recovered) {
    draft.status = AlertStatus::resolved;
    draft.ends_at = at;
  } else {
    draft.starts_at = at;
    draft.ends_at =
        context.received.wall + (ends ? sources::kHoldsUntilResolved : sources::lasts(context));
  }
  return sources::one_alert(draft, context.received.wall);
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome, 429); }

}  // namespace

extern const SourceSpec kibana_source;
const SourceSpec kibana_source = {
    .name = "kibana",
    .summary = "rules of Kibana and watches of Elasticsearch, through webhooks",
    .example = R"(  - name: kibana
    source: kibana
    key: "${KIBANA_KEY}"
    lasts: 2h                 # of what a watch found
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .severities = kSeverities,
    .resolve_after = std::chrono::hours(24),
    .fields = kFields,
    .check = sources::check_lasts,
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors

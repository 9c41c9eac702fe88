// Kapacitor's post handler.
//
// What the sender promises
// (https://docs.influxdata.com/kapacitor/v1/reference/event_handlers/post/):
//   POST {id, message, details, time, duration, level, previousLevel, data} at each change of the
//   level, or at each point, as the task says. Headers can be set. Nothing is tried again.
// The key is the id. It ends by the level OK.
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
constexpr std::array<std::pair<std::string_view, Severity>, 3> kSeverities{{
    {"CRITICAL", Severity::critical},
    {"WARNING", Severity::warning},
    {"INFO", Severity::info},
}};

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, sources::posted(request));
  const std::string id = body["id"].text(), message = body["message"].text();
  if (id.empty()) return invalid("there is no id; is this Kapacitor's post handler?");
  Draft draft;
  draft.key = id;
  const Json series = body.at_pointer("/data/series/0");
  sources::add_labels(draft, series["tags"], sources::kMostLabelsTaken);
  draft.label_cut("alertname", id);
  draft.label_cut("measurement", series["name"].text());
  draft.annotation("summary", message);
  draft.annotation("description", body["details"].text());
  const std::string level = body["level"].text();
  if (level == "OK") {
    draft.status = AlertStatus::resolved;
    draft.ends_at = sources::time_of(body["time"]);
  } else {
    draft.label_cut("severity", level);
    draft.starts_at = sources::time_of(body["time"]);
    draft.ends_at = context.received.wall + sources::kHoldsUntilResolved;
  }
  return sources::one_alert(draft, context.received.wall);
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec kapacitor_source;
const SourceSpec kapacitor_source = {
    .name = "kapacitor",
    .summary = "Kapacitor's post handler",
    .example = R"(  - name: kapacitor
    source: kapacitor
    key: "${KAPACITOR_KEY}"
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .severities = kSeverities,
    .resolve_after = std::chrono::hours(24),
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors

// Graylog's HTTP notifications, of event definitions and of the older stream alerts.
//
// What the sender promises
// (https://go2docs.graylog.org/current/interacting_with_your_log_data/notifications.html):
//   POST {event_definition_id, event_definition_title, event {id, message, priority, fields …},
//   backlog}, or before version 3.1 {check_result, stream}. Any 2xx will do. There is no end, and a
//   grace period keeps an event from being sent again.
// The key is the event definition and the event's key, or the condition of the stream.
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
/// By its number; 0 stands for none.
constexpr std::array<std::string_view, 5> kPriorities{"", "low", "normal", "high", "critical"};
constexpr std::array<std::pair<std::string_view, Severity>, 3> kSeverities{{
    {"low", Severity::info},
    {"normal", Severity::warning},
    {"high", Severity::error},
}};
constexpr std::array<Field, 1> kFields{{sources::kLastsField}};

void add_event(Draft& draft, const Json& body) {
  const Json event = body["event"];
  const std::string definition = sources::first_text(
      {body["event_definition_id"], event["event_definition_id"], body["event_definition_title"]});
  draft.key = definition + "/" + event["key"].text();
  sources::add_labels(draft, event["group_by_fields"], sources::kMostLabelsTaken);
  sources::add_details(draft, event["fields"]);
  const std::string title = body["event_definition_title"].text();
  draft.label_cut("alertname", title.empty() ? definition : title);
  draft.label_cut("event_key", event["key"].text());
  draft.label_cut("source", event["source"].text());
  const auto priority = event["priority"].number();
  if (priority && *priority >= 0 && *priority < static_cast<double>(kPriorities.size()))
    draft.label("severity", kPriorities[static_cast<std::size_t>(*priority)]);
  draft.annotation("summary", event["message"].text());
  draft.annotation("description", body["event_definition_description"].text());
  draft.annotation("message", body.at_pointer("/backlog/0/message").text());
  draft.generator_url = event["replay_info"]["url"].text();
  draft.starts_at = sources::time_of(event["timestamp"]);
}

void add_stream(Draft& draft, const Json& body) {
  const Json result = body["check_result"], stream = body["stream"];
  const Json condition = result["triggered_condition"];
  const std::string title = sources::first_text({stream["title"], stream["description"]});
  draft.key = stream["id"].text() + "/" + condition["id"].text();
  draft.label_cut("alertname", title.empty() ? "stream alert" : title);
  draft.label_cut("condition", condition["type"].text());
  draft.annotation("summary", result["result_description"].text());
  draft.annotation("message", result.at_pointer("/matching_messages/0/message").text());
  draft.annotation("source", result.at_pointer("/matching_messages/0/source").text());
  draft.starts_at = sources::time_of(result["triggered_at"]);
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, sources::posted(request));
  Draft draft;
  if (body["event"].is_object())
    add_event(draft, body);
  else if (body["check_result"].is_object())
    add_stream(draft, body);
  else
    return invalid("there is neither event nor check_result; is this Graylog's HTTP notification?");
  draft.ends_at = context.received.wall + sources::lasts(context);
  return sources::one_alert(draft, context.received.wall);
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec graylog_source;
const SourceSpec graylog_source = {
    .name = "graylog",
    .summary = "HTTP notifications of Graylog",
    .example = R"(  - name: graylog
    source: graylog
    key: "${GRAYLOG_KEY}"
    lasts: 2h
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .severities = kSeverities,
    .resolve_after = std::chrono::hours(1),
    .fields = kFields,
    .check = sources::check_lasts,
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors

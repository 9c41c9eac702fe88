// ZMON: its worker's notify_http, notify_push, notify_hubot and notify_twilio.
//
// What the sender promises (https://docs.zmon.io/en/latest/user/notifications/):
//   POST, one alert and entity a request, at each change and, where the call says `repeat`, again
//   while it lasts. Errors and what takes over 5 s are logged and never sent again.
//   notify_http   {"alert": {is_alert, alert_def, entity, value, captures, duration}, "body"}
//                 without a Content-Type; the key in the URL, or in `headers`
//   notify_push   /api/v1/publish {notification: {icon, title, body}, alert_id, entity_id, team,
//                 priority}, with Authorization: PreShared KEY
//   notify_twilio /api/v1/twilio {event_type: ALERT_START|ALERT_ENDED, message, alert_id,
//                 entity_id, escalation_team}
//   notify_hubot  a form, event=…&data=TEXT, at a URL without "?"
//   Nothing is sent in downtimes, outside of an alert's period, or when its definition is deleted:
//   then no end comes. Its Opsgenie, PagerDuty and Slack messages are those sources'.
// The key is the alert's id and the entity's, the same in all but hubot's texts, whose key is made
// of the text.
#include <array>

#include "connectors/source.hpp"
#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/message_text.hpp"
#include "connectors/sources/zmon_name.hpp"
#include "router/core/digest.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::first_text;
using sources::Json;

constexpr std::array<SourceRoute, 3> kRoutes{
    {{"POST", ""}, {"POST", "/api/v1/publish"}, {"POST", "/api/v1/twilio"}}};
constexpr std::array<std::string_view, 1> kGroupBy{"alert_id"};
constexpr std::array<std::pair<std::string_view, Severity>, 3> kSeverities{{
    {"1", Severity::critical},
    {"2", Severity::error},
    {"3", Severity::warning},
}};
/// A repeat is minutes to hours, if there is one at all.
constexpr Duration kHolds = std::chrono::hours(24);

std::string key(const HttpRequest& request) {
  constexpr std::string_view kScheme = "PreShared ";
  const std::string_view header = request.header("authorization");
  return header.starts_with(kScheme) ? std::string(header.substr(kScheme.size())) : std::string();
}

std::string key_of(const std::string& alert, const std::string& entity) {
  return alert + ":" + entity;
}

void set_state(Draft& draft, bool over, WallTime received) {
  if (over)
    draft.status = AlertStatus::resolved;
  else
    draft.ends_at = received + kHolds;
}

/// What ZMON calls an entity's application is the service.
void add_entity(Draft& draft, const Json& entity) {
  for (const auto& [name, value] : entity.members())
    if (sources::identifies(name) && !value.is_object() && !value.is_array())
      draft.label_cut(sources::lower(name), value.text());
  draft.label_cut("service", first_text({entity["service"], entity["application"]}));
  draft.label_cut("entity", entity["id"].text());
  draft.label_cut("entity_type", entity["type"].text());
}

std::string joined(const Json& list) {
  std::string text;
  for (const Json& each : list.items()) text += (text.empty() ? "" : ",") + each.text();
  return text;
}

Result<Alert> read_http(const Json& alert, WallTime received) {
  const Json definition = alert["alert_def"], entity = alert["entity"], value = alert["value"];
  const std::string id = definition["id"].text();
  if (id.empty()) return invalid("alert.alert_def.id is missing");
  Draft draft;
  draft.key = key_of(id, entity["id"].text());
  add_entity(draft, entity);
  const std::string name = definition["name"].text();
  draft.label_cut("alertname", name.empty() ? "ZMON alert " + id : name);
  draft.label("alert_id", id);
  draft.label("check_id", definition["check_id"].text());
  draft.label_cut("severity", definition["priority"].text());
  draft.label_cut("team", first_text({definition["responsible_team"], definition["team"]}));
  draft.label_cut("tags", joined(definition["tags"]));
  draft.annotation("summary", sources::zmon_name(name, alert["captures"], entity));
  draft.annotation("condition", definition["condition"].text());
  draft.annotation("captures", alert["captures"].size() > 0 ? alert["captures"].text() : "");
  draft.annotation("value", value["value"].text());
  draft.annotation("exception", alert["captures"]["exception"].text());
  draft.annotation("period", definition["period"].text());
  const bool over = !alert["is_alert"].truth();
  set_state(draft, over, received);
  if (!over)
    if (const auto seen =
            sources::time_of(value["ts"].is_null() ? alert["alert_evaluation_ts"] : value["ts"])) {
      const double lasted = alert["duration"].number().value_or(0);
      const bool known = lasted > 0 && lasted < 1e9;
      draft.starts_at =
          *seen - std::chrono::milliseconds(known ? static_cast<std::int64_t>(lasted * 1000) : 0);
    }
  return sources::finish(draft, received);
}

/// What push and twilio have alike.
Draft draft_of(const Json& body, const std::string& title) {
  Draft draft;
  const std::string id = body["alert_id"].text(), entity = body["entity_id"].text();
  draft.key = key_of(id, entity);
  draft.label_cut("alertname", title.empty() ? "ZMON alert " + id : title);
  draft.label("alert_id", id);
  draft.label_cut("entity", entity);
  draft.label_cut("severity", body["priority"].text());
  draft.label_cut("team", first_text({body["team"], body["escalation_team"]}));
  return draft;
}

Result<Alert> read_push(const Json& body, WallTime received) {
  const Json shown = body["notification"];
  Draft draft = draft_of(body, shown["title"].text());
  draft.annotation("description", shown["body"].text());
  set_state(draft, shown["icon"].text() == "clean.png", received);
  const std::string click = shown["click_action"].text();
  if (click.find("://") != std::string::npos) draft.generator_url = click;
  return sources::finish(draft, received);
}

Result<Alert> read_call(const Json& body, WallTime received) {
  const sources::Marked marked =
      sources::without_state(sources::first_line(body["message"].text()));
  Draft draft = draft_of(body, marked.text);
  set_state(draft, body["event_type"].text() == "ALERT_ENDED", received);
  return sources::finish(draft, received);
}

/// "NEW ALERT: Low orders: 80.6% on shop-web01": values are before the last " on ", names after it.
Result<Alert> read_text(const std::string& text, WallTime received) {
  const sources::Marked marked = sources::without_state(sources::first_line(text));
  const std::size_t on = marked.text.rfind(" on ");
  const std::string entity = on == std::string::npos ? std::string() : marked.text.substr(on + 4);
  Draft draft;
  draft.key =
      "text:" + hex(sha256(sources::without_numbers(marked.text.substr(0, on)) + "\n" + entity))
                    .substr(0, 32);
  draft.label_cut("alertname", marked.text.substr(0, on));
  draft.label_cut("entity", entity);
  draft.annotation("description", text);
  set_state(draft, marked.state == sources::State::resolved, received);
  return sources::finish(draft, received);
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  const WallTime received = context.received.wall;
  Parsed parsed;
  const auto take = [&](Result<Alert> alert) -> Result<Parsed> {
    if (!alert) return std::move(alert).error();
    parsed.alerts.push_back(std::move(*alert));
    return std::move(parsed);
  };
  const auto body = Json::parse(request.body);
  if (!body) {
    const auto form = sources::read_form(request.body);
    const auto text = form.find("data");
    if (text == form.end() || !form.contains("event")) return body.error();
    if (sources::first_line(text->second).empty()) return parsed;
    return take(read_text(text->second, received));
  }
  if ((*body)["alert"].is_object()) return take(read_http((*body)["alert"], received));
  if ((*body)["alert_id"].is_null()) return parsed;  // a body of one's own: no state in it
  if ((*body)["notification"].is_object()) return take(read_push(*body, received));
  if (!(*body)["event_type"].is_null()) return take(read_call(*body, received));
  return parsed;
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec zmon_source;
const SourceSpec zmon_source = {
    .name = "zmon",
    .summary = "ZMON's notify_http, notify_push, notify_hubot and notify_twilio",
    .example = R"(  - name: zmon
    source: zmon
    key: "${ZMON_KEY}"
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .severities = kSeverities,
    .resolve_after = std::chrono::hours(6),
    .key = key,
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors

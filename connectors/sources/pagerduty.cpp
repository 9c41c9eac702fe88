// PagerDuty's Events API: version 2 (events and changes) and version 1.
//
// What the senders promise (https://developer.pagerduty.com/docs/events-api-v2/overview/):
//   POST /v2/enqueue {routing_key, event_action: trigger|acknowledge|resolve, dedup_key,
//   payload: {summary, source, severity, timestamp, component, group, class, custom_details},
//   links, images, client, client_url}; acknowledge and resolve may come without a payload.
//   POST /v2/change/enqueue: a deployment or the like, which alerts nobody.
//   POST /generic/2010-04-15/create_event.json {service_key, event_type, incident_key,
//   description, details, client, client_url, contexts}.
//   The integration's key is in the body, or, of Kibana, in X-Routing-Key.
//   Wanted is exactly 202 with {status: success, message, dedup_key}, of version 1 200. 400 is
//   given up; 429, 5xx and lost connections are tried again by most, by some (ZMON) never.
// The key is the dedup_key. A trigger without one is an alert of its own each time; the key that is
// made up for it is in the answer, as its sender needs it for the end.
#include <array>

#include "connectors/source.hpp"
#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;

constexpr std::array<SourceRoute, 5> kRoutes{{
    {"POST", "/v2/enqueue"},
    {"POST", "/v2/change/enqueue"},
    {"POST", "/generic/2010-04-15/create_event.json"},
    {"POST", "/integration/*/enqueue"},
    {"POST", "/x-ere/*"},
}};
/// An event is told once; an incident of PagerDuty stays open as long as nobody ends it.
constexpr Duration kHolds = std::chrono::hours(24 * 7);

bool is_change(std::string_view path) { return path.find("/change/") != std::string_view::npos; }
bool is_first_version(std::string_view path) { return path.starts_with("/generic/"); }

/// Of a body that has the key in it; PagerDuty itself takes 512 KB. In a larger one it is not
/// looked for.
constexpr std::size_t kMostBytesWithKey = 1u << 20;

std::string key(const HttpRequest& request) {
  for (const std::string_view route : {"/integration/*/enqueue", "/x-ere/*"}) {
    const std::size_t at = request.path.find(route.substr(0, route.find('*')));
    if (at == std::string::npos) continue;
    if (const auto parts = match_route(route, std::string_view(request.path).substr(at)))
      return parts->front();
  }
  // Anybody may send it: no more is read before the key is known than a true one costs.
  if (request.body.size() > kMostBytesWithKey) return {};
  const auto body = Json::parse(request.body);
  return body ? sources::first_text({(*body)["routing_key"], (*body)["service_key"]})
              : std::string();
}

void add_links(Draft& draft, const Json& links) {
  std::size_t number = 0;
  for (const Json& link : links.items()) {
    const std::string url = sources::first_text({link["href"], link["src"]});
    if (url.empty()) continue;
    const std::string text = sources::first_text({link["text"], link["alt"]});
    draft.annotation(text.empty() ? "link_" + std::to_string(++number) : text, url);
    if (draft.generator_url.empty() && !link["href"].is_null()) draft.generator_url = url;
  }
}

/// What the two versions call differently.
struct Event {
  std::string action, key, summary;
  Json payload, details;
};

Event event_of(const Json& body, bool first_version) {
  if (first_version)
    return {sources::lower(body["event_type"].text()),
            body["incident_key"].text(),
            body["description"].text(),
            {},
            body["details"]};
  const Json payload = body["payload"];
  return {sources::lower(body["event_action"].text()), body["dedup_key"].text(),
          payload["summary"].text(), payload, payload["custom_details"]};
}

Draft draft_of(const Json& body, const Event& event) {
  Draft draft;
  sources::add_details(draft, event.details);
  const Json& payload = event.payload;
  draft.label_cut("alertname", !event.summary.empty() ? event.summary
                               : !event.key.empty()   ? event.key
                                                      : "Event without a summary");
  for (const char* name : {"source", "component", "group", "class"})
    draft.label_cut(name, payload[name].text());
  draft.label_cut("severity", sources::lower(payload["severity"].text()));
  if (event.summary.find('\n') != std::string::npos) draft.annotation("description", event.summary);
  draft.annotation("client", body["client"].text());
  draft.generator_url = body["client_url"].text();
  add_links(draft, body["links"]);
  add_links(draft, body["images"]);
  add_links(draft, body["contexts"]);
  draft.starts_at = sources::time_of(payload["timestamp"]);
  return draft;
}

/// What tocsin's own channel sends: were it taken here, its incident would page, and that page come
/// back as one more. It is refused and not passed over, so that whoever forwards hears of it.
bool is_tocsins_own(const Json& body, const Event& event) {
  return body["client"].text() == "tocsin" && event.key.starts_with("tocsin-");
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, Json::parse(request.body));
  if (!body.is_object()) return invalid("the body is no object; wanted an event");
  Parsed parsed;
  if (is_change(context.path)) return parsed;
  const bool first_version = is_first_version(context.path);
  Event event = event_of(body, first_version);
  const std::string action_name = first_version ? "event_type" : "event_action";
  const std::string key_name = first_version ? "incident_key" : "dedup_key";
  const bool trigger = event.action == "trigger";
  if (!trigger && event.action != "acknowledge" && event.action != "resolve")
    return invalid(action_name + " is missing or unknown; wanted trigger, acknowledge or resolve");
  if (!trigger && event.key.empty())
    return invalid(key_name + " is missing; wanted the one that the trigger had or was answered");
  if (event.key.empty()) event.key = sources::made_up_key(request, context);
  parsed.reply = event.key;
  if (is_tocsins_own(body, event))
    return invalid(
        "this is what tocsin's own channel pagerduty sends; one tocsin forwards to another by its "
        "channel webhook, which an integration of the source generic takes");
  if (event.action == "acknowledge") {
    parsed.said.push_back({Said::Kind::acknowledged, sources::short_key(event.key),
                           body["client"].text(), event.summary});
    return parsed;
  }
  Draft draft = draft_of(body, event);
  draft.key = event.key;
  if (trigger)
    draft.ends_at = context.received.wall + kHolds;
  else
    draft.status = AlertStatus::resolved, draft.starts_at.reset();
  TOCSIN_TRY(Alert alert, sources::finish(draft, context.received.wall));
  parsed.alerts.push_back(std::move(alert));
  return parsed;
}

HttpResponse fault(int status, std::string_view word, std::string_view message,
                   const std::string& error) {
  return sources::json_answer(status, "{\"status\":" + json_string(word) +
                                          ",\"message\":" + json_string(message) + ",\"errors\":[" +
                                          json_string(error) + "]}");
}

HttpResponse answer(const IngestOutcome& outcome) {
  using Kind = IngestOutcome::Kind;
  const bool first = is_first_version(outcome.path);
  switch (outcome.kind) {
    case Kind::accepted:
    case Kind::partly:
      break;
    case Kind::unusable:
      return fault(400, "invalid event", "Event object is invalid", sources::faults_of(outcome));
    case Kind::busy:
      return sources::come_again(
          fault(503, "unavailable", "The event could not be stored", outcome.error));
    case Kind::limited:
      // Of version 1 nobody comes again after 429.
      return sources::come_again(fault(first ? 503 : 429, "throttle exceeded",
                                       "Events arrive too quickly; retry later", outcome.error));
  }
  if (is_change(outcome.path))
    return sources::json_answer(202, R"({"status":"success","message":"Change event processed"})");
  return sources::json_answer(first ? 200 : 202,
                              std::string(R"({"status":"success","message":"Event processed",)") +
                                  (first ? "\"incident_key\":" : "\"dedup_key\":") +
                                  json_string(outcome.reply) + "}");
}

}  // namespace

extern const SourceSpec pagerduty_source;
const SourceSpec pagerduty_source = {
    .name = "pagerduty",
    .summary = "whatever speaks PagerDuty's Events API, version 2 or 1",
    .example = R"(  - name: pd
    source: pagerduty
    key: "${PD_ROUTING_KEY}"          # what its senders call routing_key; PagerDuty's have 32 characters
)",
    .routes = kRoutes,
    .group_by = {},
    .resolve_after = std::chrono::hours(24),
    .key = key,
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors

// Opsgenie's Alert API and its heartbeats.
//
// What the senders promise (https://docs.opsgenie.com/docs/alert-api):
//   POST /v2/alerts {message, alias, description, responders, tags, details, entity, source,
//   priority: P1…P5}; then by alias, id or tiny id, as ?identifierType= says (id if it does not),
//   POST …/close, /acknowledge, /notes and further actions, PUT …/message, DELETE.
//   The alias in the path may be percent-encoded or raw, with slashes in it.
//   Snooze says endTime, assign owner: {username|id|name}.
//   GET /v2/alerts/requests/ID, in a tight loop, until it says success and alertId.
//   GET /v2/alerts/ID, for those who look whether it is open still.
//   GET, POST, PUT, PATCH /v2/heartbeats/NAME/ping.
//   The key comes as "Authorization: GenieKey", of old senders as ?apiKey=.
//   Wanted is 202 with {result, took, requestId}. 5xx and 429 are tried again (Alertmanager, the
//   SDKs), by some never.
// The key is the alias. An alert without one is an alert of its own each time. The ids that are
// handed out are made of the alias, so that nothing needs to be remembered: opsgenie_ids.hpp.
#include <algorithm>
#include <array>

#include "connectors/source.hpp"
#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/opsgenie_ids.hpp"
#include "connectors/sources/opsgenie_view.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;

// The first that matches is taken: what is acted on before what is only answered.
constexpr std::array<SourceRoute, 23> kRoutes{{
    {"POST", "/v2/alerts"},
    {"POST", "/v2/alerts/**/close"},
    {"POST", "/v2/alerts/**/acknowledge"},
    {"POST", "/v2/alerts/**/notes"},
    {"POST", "/v2/alerts/**/snooze"},
    {"POST", "/v2/alerts/**/escalate"},
    {"POST", "/v2/alerts/**/assign"},
    {"POST", "/v2/alerts/**/unacknowledge"},
    {"POST", "/v2/alerts/**/tags"},
    {"POST", "/v2/alerts/**/details"},
    {"POST", "/v2/alerts/**/responders"},
    {"POST", "/v2/alerts/**/teams"},
    {"POST", "/v2/alerts/**/actions/*"},
    {"PUT", "/v2/alerts/**/message"},
    {"PUT", "/v2/alerts/**/description"},
    {"PUT", "/v2/alerts/**/priority"},
    {"DELETE", "/v2/alerts/**"},
    {"GET", "/v2/alerts/requests/*"},
    {"GET", "/v2/alerts/**"},
    {"GET", "/v2/heartbeats/**/ping"},
    {"POST", "/v2/heartbeats/**/ping"},
    {"PUT", "/v2/heartbeats/**/ping"},
    {"PATCH", "/v2/heartbeats/**/ping"},
}};
constexpr std::array<std::pair<std::string_view, Severity>, 5> kSeverities{{
    {"P1", Severity::critical},
    {"P2", Severity::error},
    {"P3", Severity::warning},
    {"P4", Severity::info},
    {"P5", Severity::info},
}};
constexpr std::string_view kUnsaidPriority = "P3";  // what Opsgenie takes it for
constexpr Duration kHolds = std::chrono::hours(24 * 7);

bool ends(std::string_view path, std::string_view with) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return path.ends_with(with);
}
bool is_heartbeat(std::string_view path) { return path.find("/v2/heartbeats/") == 0; }
bool is_status(std::string_view path) { return path.find("/v2/alerts/requests/") == 0; }

std::string key(const HttpRequest& request) { return std::string(request.query_value("apiKey")); }

/// A list of names, or of {name|username|id}.
std::string names_of(const Json& list) {
  std::string names;
  for (const Json& each : list.items()) {
    const std::string name = each.is_object()
                                 ? sources::first_text({each["name"], each["username"], each["id"]})
                                 : each.text();
    if (!name.empty()) names += (names.empty() ? "" : ",") + name;
  }
  return names;
}

void add_tags(Draft& draft, const Json& tags) {
  const std::string all = tags.is_array() ? names_of(tags) : tags.text();
  for (std::string_view rest = all; !rest.empty();) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    sources::add_tag(draft, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  draft.label_cut("tags", all);
}

Draft draft_of(const Json& body, const std::string& alias) {
  Draft draft;
  sources::add_details(draft, body["details"]);
  add_tags(draft, body["tags"]);
  const std::string message = body["message"].text();
  draft.label_cut("alertname", message.empty() ? alias : message);
  draft.label_cut("entity", body["entity"].text());
  draft.label_cut("source", body["source"].text());
  std::string priority = body["priority"].text();
  if (!priority.empty() && priority.front() == 'p') priority.front() = 'P';
  draft.label_cut("severity", priority.empty() ? kUnsaidPriority : std::string_view(priority));
  const std::string responders = names_of(body["responders"]);
  draft.label_cut("responders", responders.empty() ? names_of(body["teams"]) : responders);
  draft.annotation("description", body["description"].text());
  draft.annotation("note", body["note"].text());
  draft.annotation("user", body["user"].text());
  draft.generator_url = body["details"]["url"].text();
  return draft;
}

/// What tocsin's own channel sends: were it taken here, its incident would page, and that page come
/// back as one more. It is refused and not passed over, so that whoever forwards hears of it.
bool is_tocsins_own(const Json& body, std::string_view alias) {
  return body["source"].text() == "tocsin" && alias.starts_with("tocsin-");
}

constexpr std::string_view kTocsinsOwn =
    "this is what tocsin's own channel opsgenie sends; one tocsin forwards to another by its "
    "channel webhook, which an integration of the source generic takes";

Result<Parsed> create(const Json& body, const HttpRequest& request, const SourceContext& context) {
  Parsed parsed;
  std::string alias = body["alias"].text();
  if (alias.empty() && body["message"].text().empty())
    return invalid("message is missing; say what happened");
  if (is_tocsins_own(body, alias)) return invalid(std::string(kTocsinsOwn));
  if (alias.empty()) alias = sources::made_up_key(request, context);
  Draft draft = draft_of(body, alias);
  draft.key = alias;
  draft.ends_at = context.received.wall + kHolds;
  TOCSIN_TRY(Alert alert, sources::finish(draft, context.received.wall));
  parsed.reply = alert.key;
  parsed.alerts.push_back(std::move(alert));
  return parsed;
}

Result<Parsed> close(const Json& body, const std::string& alias, WallTime received) {
  Parsed parsed;
  parsed.reply = sources::short_key(alias);
  if (is_tocsins_own(body, alias)) return invalid(std::string(kTocsinsOwn));
  Draft draft;
  draft.key = alias;
  draft.status = AlertStatus::resolved;
  draft.label_cut("alertname", alias);
  TOCSIN_TRY(Alert alert, sources::finish(draft, received));
  parsed.reply = alert.key;
  parsed.alerts.push_back(std::move(alert));
  if (std::string note = body["note"].text(); !note.empty())
    parsed.said.push_back({Said::Kind::noted, parsed.reply, body["user"].text(), std::move(note)});
  return parsed;
}

/// What an action says about the alert; nothing: it is only answered.
Result<std::optional<Said>> said_of(const Json& body, const SourceContext& context) {
  using Kind = Said::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 5> kActions{{
      {"/acknowledge", Kind::acknowledged},
      {"/notes", Kind::noted},
      {"/snooze", Kind::snoozed},
      {"/assign", Kind::assigned},
      {"/escalate", Kind::escalated},
  }};
  const auto action = std::find_if(kActions.begin(), kActions.end(), [&](const auto& each) {
    return ends(context.path, each.first);
  });
  if (action == kActions.end()) return std::optional<Said>();
  Said said{action->second, {}, body["user"].text(), body["note"].text(), {}, {}};
  if (said.kind == Kind::snoozed) {
    const auto until = sources::time_of(body["endTime"]);
    if (!until || *until <= context.received.wall)
      return invalid("endTime is missing or no time to come; write e.g. 2026-12-24T10:00:00Z");
    said.length = *until - context.received.wall;
  }
  if (said.kind == Kind::assigned) {
    const Json owner = body["owner"];
    said.to = owner.is_text()
                  ? owner.text()
                  : sources::first_text({owner["username"], owner["name"], owner["id"]});
    if (said.to.empty()) return invalid("owner is missing; say to whom, by username");
  }
  return std::optional<Said>(std::move(said));
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  Parsed parsed;
  const std::string part = context.parts.empty() ? std::string() : context.parts.front();
  if (is_heartbeat(context.path)) {
    parsed.beats.push_back(part);
    return parsed;
  }
  const bool by_alias = sources::lower(request.query_value("identifierType")) == "alias";
  const std::string alias = by_alias ? part : sources::opsgenie_alias(part);
  if (request.method == "GET") {
    if (is_status(context.path))
      parsed.reply = sources::opsgenie_alias(part);
    else if (alias.empty())
      return invalid("the path names no alert");
    else
      parsed.asks = sources::short_key(alias);
    return parsed;
  }
  Json body;
  if (!request.body.empty()) {
    TOCSIN_TRY(body, Json::parse(request.body));
  }
  if (ends(context.path, "/v2/alerts")) return create(body, request, context);
  if (request.method == "DELETE" || ends(context.path, "/close"))
    return close(body, alias, context.received.wall);
  parsed.reply = sources::short_key(alias);
  TOCSIN_TRY(const auto said, said_of(body, context));
  if (said) parsed.said.push_back(*said);
  if (said) parsed.said.back().key = parsed.reply;
  return parsed;
}

constexpr std::string_view kTook = ",\"took\":0.001,\"requestId\":";

HttpResponse fault(int status, std::string_view message, const std::string& error) {
  return sources::json_answer(status, "{\"message\":" + json_string(message) +
                                          ",\"errors\":{\"request\":" + json_string(error) + "}" +
                                          std::string(kTook) + "\"\"}");
}

HttpResponse answer(const IngestOutcome& outcome) {
  using Kind = IngestOutcome::Kind;
  switch (outcome.kind) {
    case Kind::accepted:
    case Kind::partly:
      break;
    case Kind::unusable:
      return fault(422, "Request body is not processable. Please check the errors.",
                   sources::faults_of(outcome));
    case Kind::busy:
      return sources::come_again(fault(503, "The request could not be stored", outcome.error));
    case Kind::limited: {
      HttpResponse response = fault(429, "You are making too many requests!", outcome.error);
      response.headers.emplace_back("X-RateLimit-State", "THROTTLED");
      return sources::come_again(std::move(response));
    }
  }
  const std::string id = json_string(sources::opsgenie_id(outcome.reply));
  if (is_heartbeat(outcome.path))
    return sources::json_answer(
        202, R"({"result":"PONG - Heartbeat received")" + std::string(kTook) + "\"ping\"}");
  if (outcome.method == "GET" && !is_status(outcome.path))
    return outcome.known
               ? sources::json_answer(200, "{\"data\":" + sources::opsgenie_alert(*outcome.known) +
                                               std::string(kTook) + id + "}")
               : sources::json_answer(
                     404, R"({"message":"Alert does not exist")" + std::string(kTook) + "\"\"}");
  if (outcome.method == "GET")
    return sources::json_answer(
        200,
        "{\"data\":{\"success\":true,\"isSuccess\":true,\"action\":\"Create\",\"status\":"
        "\"Request was processed\",\"alertId\":" +
            id + ",\"alias\":" + json_string(outcome.reply) + "}" + std::string(kTook) + id + "}");
  return sources::json_answer(
      202, R"({"result":"Request will be processed")" + std::string(kTook) + id + "}");
}

}  // namespace

extern const SourceSpec opsgenie_source;
const SourceSpec opsgenie_source = {
    .name = "opsgenie",
    .summary = "whatever speaks Opsgenie's Alert API, with its heartbeats",
    .example = R"(  - name: og
    source: opsgenie
    key: "${OPSGENIE_KEY}"            # what its senders call the API key
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

// `generic`: whatever can make an HTTP request. No sender's standard: tocsin's own shape, generous
// in what it takes, and the setting `map` for JSON that is somebody else's.
//
//   POST, PUT JSON, a list of them, {"alerts": […]}, or one on each line; a form, or JSON in its
//   field `payload`; plain text. GET with the fields in the query.
//   {"key", "title", "status", "severity", "summary", "description", "labels", "annotations",
//   "starts_at", "ends_at", "url"}, and the names that others use for these.
//   200 with {"status":"accepted","keys":[…]}; 400, 429 and 503 as problem details.
// The key is the one given, or else made of title and labels.
#include <array>

#include "connectors/source.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/generic_reader.hpp"
#include "connectors/sources/mapping.hpp"
#include "router/core/problem.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;
using sources::State;

constexpr std::array<SourceRoute, 3> kRoutes{{{"POST", ""}, {"GET", ""}, {"PUT", ""}}};
constexpr std::array<std::string_view, 2> kGroupBy{"alertname", "service"};
constexpr std::array<Field, 1> kFields{{sources::kMapField}};
constexpr std::array<std::pair<std::string_view, Severity>, 36> kSeverities{{
    {"Critical", Severity::critical},
    {"CRITICAL", Severity::critical},
    {"crit", Severity::critical},
    {"fatal", Severity::critical},
    {"FATAL", Severity::critical},
    {"emergency", Severity::critical},
    {"emerg", Severity::critical},
    {"alert", Severity::critical},
    {"disaster", Severity::critical},
    {"P1", Severity::critical},
    {"p1", Severity::critical},
    {"Error", Severity::error},
    {"ERROR", Severity::error},
    {"err", Severity::error},
    {"high", Severity::error},
    {"High", Severity::error},
    {"major", Severity::error},
    {"P2", Severity::error},
    {"p2", Severity::error},
    {"Warning", Severity::warning},
    {"WARNING", Severity::warning},
    {"warn", Severity::warning},
    {"WARN", Severity::warning},
    {"medium", Severity::warning},
    {"minor", Severity::warning},
    {"average", Severity::warning},
    {"P3", Severity::warning},
    {"p3", Severity::warning},
    {"Info", Severity::info},
    {"INFO", Severity::info},
    {"informational", Severity::info},
    {"notice", Severity::info},
    {"low", Severity::info},
    {"debug", Severity::info},
    {"P4", Severity::info},
    {"P5", Severity::info},
}};
constexpr Duration kHolds = std::chrono::hours(24);
constexpr std::size_t kMostKeysAnswered = 100;

/// Where senders that can only be given a URL have it, GoAlert's among them.
std::string key(const HttpRequest& request) { return std::string(request.query_value("token")); }

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  const sources::Mapping mapping(context.settings);
  const WallTime received = context.received.wall;
  TOCSIN_TRY(const std::vector<Json> bodies, sources::read_bodies(request));
  Parsed parsed;
  std::vector<Json> alerts;
  for (const Json& body : bodies) {
    const auto more = mapping.empty() ? sources::generic_alerts_in(body) : mapping.alerts_in(body);
    alerts.insert(alerts.end(), more.begin(), more.end());
  }
  for (std::size_t index = 0; index < alerts.size(); ++index) {
    const Json& each = alerts[index];
    Draft draft;
    if (!each.is_object() && !each.is_text()) {
      parsed.rejected.push_back({index, "it is neither an object nor text"});
      continue;
    }
    if (each.is_object() && each.size() == 0) {
      parsed.rejected.push_back({index, "it is empty; say at least what happened in title"});
      continue;
    }
    const bool mapped = !mapping.empty() && each.is_object();
    const State state = mapped ? mapping.apply(each, draft)
                               : sources::read_generic(each, context.settings.name, draft);
    if (draft.key.empty()) draft.key = sources::key_of_labels(draft);
    if (state == State::acknowledged) {
      parsed.said.push_back({Said::Kind::acknowledged, sources::short_key(draft.key), {}, {}});
      continue;
    }
    if (state == State::resolved)
      draft.status = AlertStatus::resolved;
    else if (!draft.ends_at || *draft.ends_at <= received)
      draft.ends_at = received + kHolds;
    auto alert = sources::finish(draft, received);
    if (!alert)
      parsed.rejected.push_back({index, alert.error().message});
    else
      parsed.alerts.push_back(std::move(*alert));
  }
  for (std::size_t i = 0; i < parsed.alerts.size() && i < kMostKeysAnswered; ++i)
    parsed.reply += (i == 0 ? "" : ",") + json_string(parsed.alerts[i].key);
  return parsed;
}

HttpResponse answer(const IngestOutcome& outcome) {
  using Kind = IngestOutcome::Kind;
  if (outcome.kind != Kind::accepted && outcome.kind != Kind::partly)
    return sources::plain_answer(outcome, 429);
  const std::string keys = "[" + outcome.reply + "]";
  std::string body = "{\"status\":\"accepted\",\"keys\":" +
                     (sources::Json::parse(keys) ? keys : std::string("[]"));
  if (!outcome.rejected.empty())
    body += ",\"rejected\":" + std::to_string(outcome.rejected.size()) +
            ",\"detail\":" + json_string(sources::faults_of(outcome));
  return sources::json_answer(200, body + "}");
}

}  // namespace

extern const SourceSpec generic_source;
const SourceSpec generic_source = {
    .name = "generic",
    .summary = "whatever can make an HTTP request: JSON, a form, text, a query",
    .example = R"(  - name: backup-script
    source: generic
    key: "${BACKUP_KEY}"
    map: {key: /job, title: /message, status: /state, labels: {service: /host}}
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .severities = kSeverities,
    .resolve_after = std::chrono::hours(6),
    .fields = kFields,
    .check = sources::check_map,
    .key = key,
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors

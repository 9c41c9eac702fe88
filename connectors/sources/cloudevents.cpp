// CloudEvents 1.0 over HTTP: structured, batched and binary.
//
// What the senders promise (https://github.com/cloudevents/spec, http-protocol-binding.md,
// http-webhook.md):
//   POST (some PUT). Content-Type application/cloudevents-batch+json: a list of events;
//   application/cloudevents+json: one; anything else with ce-… headers: the attributes are in
//   these, percent-encoded, and the body is the data. id, source, specversion and type are
//   required. source and id together are of one event, which may come twice.
//   2xx is delivered, 429 comes again after Retry-After, most senders come again after 5xx; 410
//   ends the delivery. Before the first delivery some ask by OPTIONS with WebHook-Request-Origin.
//   The key comes as a bearer token, or as ?access_token=.
// The standard says nothing of alerts. The key is source, subject and type without its last word
// where that tells the state; `map` says it better.
#include <array>

#include "connectors/source.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/cloudevents_reader.hpp"
#include "connectors/sources/mapping.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;
using sources::State;

constexpr std::array<SourceRoute, 3> kRoutes{{{"POST", ""}, {"PUT", ""}, {"OPTIONS", ""}}};
constexpr std::array<std::string_view, 2> kGroupBy{"alertname", "subject"};
constexpr std::array<Field, 1> kFields{{sources::kMapField}};
constexpr Duration kHolds = std::chrono::hours(24);

std::string key(const HttpRequest& request) {
  return std::string(request.query_value("access_token"));
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  Parsed parsed;
  if (request.method == "OPTIONS") {
    parsed.reply = std::string(request.header("webhook-request-origin"));
    return parsed;
  }
  const sources::Mapping mapping(context.settings);
  const WallTime received = context.received.wall;
  TOCSIN_TRY(const std::vector<Json> events, sources::read_events(request));
  for (std::size_t index = 0; index < events.size(); ++index) {
    if (std::string fault = sources::event_fault(events[index]); !fault.empty()) {
      parsed.rejected.push_back({index, std::move(fault)});
      continue;
    }
    Draft draft;
    const State state = mapping.empty() ? sources::read_event(events[index], draft)
                                        : mapping.apply(events[index], draft);
    if (draft.key.empty()) draft.key = sources::event_key(events[index]);
    if (state == State::acknowledged) {
      parsed.said.push_back({Said::Kind::acknowledged, sources::short_key(draft.key), {}, {}});
      continue;
    }
    if (state == State::resolved)
      draft.status = AlertStatus::resolved;
    else
      draft.ends_at = received + kHolds;
    auto alert = sources::finish(draft, received);
    if (!alert)
      parsed.rejected.push_back({index, alert.error().message});
    else
      parsed.alerts.push_back(std::move(*alert));
  }
  return parsed;
}

HttpResponse answer(const IngestOutcome& outcome) {
  using Kind = IngestOutcome::Kind;
  if (outcome.kind != Kind::accepted && outcome.kind != Kind::partly)
    return sources::plain_answer(outcome, 429);
  if (outcome.method != "OPTIONS") return {204, {}, {}, {}};
  HttpResponse response{200, {}, {}, {{"Allow", "POST"}}};
  if (!outcome.reply.empty()) {
    response.headers.emplace_back("WebHook-Allowed-Origin", outcome.reply);
    response.headers.emplace_back("WebHook-Allowed-Rate", "*");
  }
  return response;
}

}  // namespace

extern const SourceSpec cloudevents_source;
const SourceSpec cloudevents_source = {
    .name = "cloudevents",
    .summary = "CloudEvents 1.0 over HTTP: structured, batched, binary",
    .example = R"(  - name: events
    source: cloudevents
    key: "${EVENTS_KEY}"
    map: {key: /subject, title: /data/summary, status: /data/status, labels: {service: /data/service}}
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .resolve_after = std::chrono::hours(6),
    .fields = kFields,
    .check = sources::check_map,
    .key = key,
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors

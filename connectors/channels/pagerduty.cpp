// `pagerduty`: forwards to PagerDuty, for those who move over step by step.
//
// https://developer.pagerduty.com/docs/events-api-v2/trigger-events/: 202 is accepted. The
// incident's id is the dedup_key, so that the word that it is over resolves it there. 400 will
// never work; 429 and 5xx may.
#include <array>

#include "connectors/channels/message_text.hpp"
#include "connectors/channels/posting.hpp"
#include "connectors/channels/template.hpp"
#include "connectors/wire/json_members.hpp"

namespace tocsin::connectors {
namespace {

using channels::details;
using channels::headline;
using channels::Link;
using channels::link_of;

constexpr std::array<Field, 3> kFields{{
    {"routing_key", true, true, "of a service's Events API v2 integration"},
    {"url", false, false, "instead of https://events.pagerduty.com"},
    channels::kTemplateField,
}};

constexpr std::size_t kMostSummaryBytes = 1'000;

std::string body_of(const std::string& key, const Notification& n) {
  using wire::member;
  const bool over = n.kind == MessageKind::resolved || n.kind == MessageKind::drill_paused;
  const Link link = link_of(n);
  std::string lines;
  for (const std::string& line : details(n)) lines += (lines.empty() ? "" : "\n") + line;
  const std::string dedup = n.incident.empty() ? n.id.text : "tocsin-" + n.incident;
  const std::string_view severity = n.kind == MessageKind::page || is_bundle(n.kind)
                                        ? to_string(n.severity)
                                        : std::string_view("info");
  return "{\"routing_key\":" + json_string(key) +
         member("event_action", json_string(over ? "resolve" : "trigger")) +
         member("dedup_key", json_string(dedup)) +
         member("payload",
                "{\"summary\":" + json_string(cut(headline(n), kMostSummaryBytes)) +
                    member("source", json_string(n.service.empty() ? "tocsin" : n.service)) +
                    member("severity", json_string(severity)) +
                    member("timestamp", json_string(format_rfc3339(n.opened_at))) +
                    member("custom_details", "{\"details\":" + json_string(lines) + "}") + "}") +
         member("client", json_string("tocsin")) +
         (link.url.empty() ? std::string() : member("client_url", json_string(link.url))) + "}";
}

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  TOCSIN_TRY(const std::string key,
             channels::needed_setting(values, "routing_key", "a service's integration has it"));
  TOCSIN_TRY(const std::string url,
             channels::url_setting(values, "url", "https://events.pagerduty.com"));
  return channels::with_template(values,
                                 channels::posting({key}, [url, key](const Notification& n) {
                                   wire::OutgoingRequest request;
                                   request.url = url + "/v2/enqueue";
                                   request.headers = {{"Content-Type", "application/json"}};
                                   request.body = body_of(key, n);
                                   return request;
                                 }));
}

}  // namespace

extern const ChannelSpec pagerduty_channel;
const ChannelSpec pagerduty_channel = {
    .name = "pagerduty",
    .summary = "forwards to PagerDuty, for those who move over step by step",
    .fields = kFields,
    .example = R"(  - name: pagerduty
    type: pagerduty
    routing_key: "${PAGERDUTY_KEY}"
)",
    .needs_address = false,
    .make = make,
};

}  // namespace tocsin::connectors

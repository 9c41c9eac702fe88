// `pagerduty`: forwards to PagerDuty, for those who move over step by step.
//
// https://developer.pagerduty.com/docs/events-api-v2/trigger-events/: 202 is accepted. The
// incident's id is the dedup_key, so that the word that it is over resolves it there. 400 will
// never work; 429 and 5xx may. What is only for reading is a change event, which wakes nobody:
// https://developer.pagerduty.com/docs/events-api-v2/send-change-events/
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

/// What asks nobody to get up: an event would open an incident there, and page for it.
bool is_for_reading(MessageKind kind) {
  return kind == MessageKind::advice || kind == MessageKind::no_procedure ||
         kind == MessageKind::digest || kind == MessageKind::on_call ||
         kind == MessageKind::resolved_bundle;
}

std::string source_of(const Notification& n) {
  return one_line(n.service).empty() ? "tocsin" : one_line(n.service);
}

std::string lines_of(const Notification& n) {
  std::string lines;
  for (const std::string& line : details(n)) lines += (lines.empty() ? "" : "\n") + line;
  return lines;
}

std::string change_of(const std::string& key, const Notification& n) {
  using wire::member;
  const Link link = link_of(n);
  return "{\"routing_key\":" + json_string(key) +
         member("payload",
                "{\"summary\":" + json_string(cut(headline(n), kMostSummaryBytes)) +
                    member("source", json_string(source_of(n))) +
                    member("timestamp", json_string(format_rfc3339(n.now))) +
                    member("custom_details", "{\"details\":" + json_string(lines_of(n)) + "}") +
                    "}") +
         (link.url.empty() ? std::string()
                           : member("links", "[{\"href\":" + json_string(link.url) +
                                                 member("text", json_string(link.label)) + "}]")) +
         "}";
}

std::string body_of(const std::string& key, const Notification& n) {
  using wire::member;
  const bool over = n.kind == MessageKind::resolved || n.kind == MessageKind::drill_paused;
  const Link link = link_of(n);
  const std::string dedup = "tocsin-" + (n.incident.empty() ? n.id.text.str() : n.incident);
  const std::string_view severity = n.kind == MessageKind::page || is_bundle(n.kind)
                                        ? to_string(n.severity)
                                        : std::string_view("info");
  return "{\"routing_key\":" + json_string(key) +
         member("event_action", json_string(over ? "resolve" : "trigger")) +
         member("dedup_key", json_string(dedup)) +
         member("payload",
                "{\"summary\":" + json_string(cut(headline(n), kMostSummaryBytes)) +
                    member("source", json_string(source_of(n))) +
                    member("severity", json_string(severity)) +
                    member("timestamp", json_string(format_rfc3339(n.opened_at))) +
                    member("custom_details", "{\"details\":" + json_string(lines_of(n)) + "}") +
                    "}") +
         member("client", json_string("tocsin")) +
         (link.url.empty() ? std::string() : member("client_url", json_string(link.url))) + "}";
}

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  TOCSIN_TRY(const std::string key,
             channels::needed_setting(values, "routing_key", "a service's integration has it"));
  TOCSIN_TRY(const std::string url,
             channels::url_setting(values, "url", "https://events.pagerduty.com"));
  return channels::with_template(
      values, channels::posting({key}, [url, key](const Notification& n) {
        wire::OutgoingRequest request;
        request.url = url + (is_for_reading(n.kind) ? "/v2/change/enqueue" : "/v2/enqueue");
        request.headers = {{"Content-Type", "application/json"}};
        request.body = is_for_reading(n.kind) ? change_of(key, n) : body_of(key, n);
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

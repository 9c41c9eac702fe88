// `opsgenie`: forwards to Opsgenie, for those who move over step by step.
//
// https://docs.opsgenie.com/docs/alert-api: 202 is taken. The incident's id is the alias; the word
// that it is over closes it there. 422 will never work; 429 and 5xx may.
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
    {"api_key", true, true, "of an API integration"},
    {"url", false, false, "instead of https://api.opsgenie.com; https://api.eu.opsgenie.com"},
    channels::kTemplateField,
}};

constexpr std::size_t kMostMessageBytes = 125, kMostDescriptionBytes = 14'000;

std::string_view priority_of(const Notification& n) {
  if (n.kind != MessageKind::page && n.kind != MessageKind::bundle) return "P5";
  switch (n.severity) {
    case Severity::critical:
      return "P1";
    case Severity::error:
      return "P2";
    case Severity::warning:
      return "P3";
    case Severity::info:
      return "P5";
  }
  return "P2";
}

std::string alias_of(const Notification& n) {
  return "tocsin-" + (n.incident.empty() ? n.id.text.str() : n.incident);
}

std::string body_of(const Notification& n) {
  using wire::member;
  if (n.kind == MessageKind::resolved || n.kind == MessageKind::drill_paused)
    return "{\"source\":\"tocsin\"" + member("note", json_string(headline(n))) + "}";
  std::string lines = headline(n);
  for (const std::string& line : details(n)) lines += "\n" + line;
  lines = cut(lines, kMostDescriptionBytes);
  if (const Link link = link_of(n); !link.url.empty()) lines += "\n" + link.url;
  return "{\"message\":" + json_string(cut(headline(n), kMostMessageBytes)) +
         member("alias", json_string(alias_of(n))) + member("description", json_string(lines)) +
         member("priority", json_string(priority_of(n))) + member("source", "\"tocsin\"") +
         (n.service.empty() ? std::string() : member("entity", json_string(n.service))) + "}";
}

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  TOCSIN_TRY(const std::string key,
             channels::needed_setting(values, "api_key", "an API integration has it"));
  TOCSIN_TRY(const std::string url,
             channels::url_setting(values, "url", "https://api.opsgenie.com"));
  return channels::with_template(
      values, channels::posting({key}, [url, key](const Notification& n) {
        const bool over = n.kind == MessageKind::resolved || n.kind == MessageKind::drill_paused;
        wire::OutgoingRequest request;
        request.url = url + "/v2/alerts" +
                      (over ? "/" + alias_of(n) + "/close?identifierType=alias" : std::string());
        request.headers = {{"Content-Type", "application/json"},
                           {"Authorization", "GenieKey " + key}};
        request.body = body_of(n);
        return request;
      }));
}

}  // namespace

extern const ChannelSpec opsgenie_channel;
const ChannelSpec opsgenie_channel = {
    .name = "opsgenie",
    .summary = "forwards to Opsgenie, for those who move over step by step",
    .fields = kFields,
    .example = R"(  - name: opsgenie
    type: opsgenie
    api_key: "${OPSGENIE_KEY}"
)",
    .needs_address = false,
    .make = make,
};

}  // namespace tocsin::connectors

// `ntfy`: pushes to phones by an ntfy server, with a button that acknowledges.
//
// https://docs.ntfy.sh/publish/: JSON to the server's root, the topic in it. Priorities 1 to 5;
// three actions at the most, of which `http` is a request that the phone makes. A message over
// 4096 bytes would become an attachment. Whoever knows a topic reads it: use access control or a
// topic that nobody guesses. 200 is accepted; no receipts.
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
    {"url", true, false, "the server, such as https://ntfy.sh"},
    {"token", false, true, "an access token, tk_…"},
    channels::kTemplateField,
}};

constexpr std::size_t kMostMessageBytes = 3800;

int priority_of(const Notification& n) {
  if (n.kind != MessageKind::page && n.kind != MessageKind::bundle) return 3;
  switch (n.severity) {
    case Severity::critical:
      return 5;
    case Severity::error:
      return 4;
    case Severity::warning:
      return 3;
    case Severity::info:
      return 2;
  }
  return 4;
}

std::string lines_of(const Notification& n) {
  std::string text;
  for (const std::string& line : details(n)) {
    if (text.size() + line.size() > kMostMessageBytes) break;
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

std::string body_of(const Notification& n) {
  using wire::member;
  const Link link = link_of(n);
  std::string actions;
  if (n.kind == MessageKind::page && !n.acknowledge_url.empty())
    actions = R"({"action":"http","label":"Acknowledge","method":"POST","clear":true,)"
              R"("headers":{"Content-Type":"application/x-www-form-urlencoded"},)"
              R"("body":"do=acknowledge","url":)" +
              json_string(link.url) + "}";
  return "{\"topic\":" + json_string(n.contact.address) +
         member("title", json_string(headline(n))) + member("message", json_string(lines_of(n))) +
         member("priority", std::to_string(priority_of(n))) +
         member("click", wire::text_or_null(link.url)) + member("actions", "[" + actions + "]") +
         "}";
}

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  TOCSIN_TRY(const std::string url, channels::url_setting(values, "url"));
  const std::string token = values.get("token");
  return channels::with_template(
      values, channels::posting({token}, [url, token](const Notification& n) {
        wire::OutgoingRequest request;
        request.url = url + "/";
        request.headers = {{"Content-Type", "application/json"}};
        if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
        request.body = body_of(n);
        return request;
      }));
}

}  // namespace

extern const ChannelSpec ntfy_channel;
const ChannelSpec ntfy_channel = {
    .name = "ntfy",
    .summary = "pushes to phones by an ntfy server, with a button that acknowledges",
    .fields = kFields,
    .example = R"(  - name: push
    type: ntfy
    url: "http://127.0.0.1:8080"
    token: "${NTFY_TOKEN}"
)",
    .needs_address = true,
    .make = make,
};

}  // namespace tocsin::connectors

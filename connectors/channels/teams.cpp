// `teams`: a Microsoft Teams room, by a workflow's webhook.
//
// A workflow "When a Teams webhook request is received" takes {"type":"message","attachments":[one
// Adaptive Card]}, about 28 KB, and answers 202 with nothing; what goes wrong inside the flow is
// not told. Buttons can only open a URL. https://adaptivecards.io/explorer/
#include <array>

#include "connectors/channels/message_text.hpp"
#include "connectors/channels/posting.hpp"
#include "connectors/wire/json_members.hpp"

namespace tocsin::connectors {
namespace {

using channels::details;
using channels::headline;
using channels::Link;
using channels::link_of;

constexpr std::array<Field, 1> kFields{{
    {"url", true, false, "the workflow's URL, which has its signature in it"},
}};

constexpr std::size_t kMostLines = 40;

std::string block(const std::string& text, const std::string& more) {
  return R"({"type":"TextBlock","wrap":true,"text":)" + json_string(text) + more + "}";
}

std::string card_of(const Notification& n) {
  const Link link = link_of(n);
  std::string body = block(headline(n), R"(,"weight":"Bolder","size":"Medium")");
  std::size_t lines = 0;
  for (const std::string& line : details(n))
    if (lines++ < kMostLines) body += "," + block(line, R"(,"spacing":"Small")");
  const std::string actions =
      link.url.empty() ? std::string()
                       : R"({"type":"Action.OpenUrl","title":)" + json_string(link.label) +
                             wire::member("url", json_string(link.url)) + "}";
  return R"({"type":"AdaptiveCard","version":"1.4","body":[)" + body + R"(],"actions":[)" +
         actions + "]}";
}

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  TOCSIN_TRY(const std::string url, channels::url_setting(values, "url"));
  return channels::posting({}, [url](const Notification& n) {
    wire::OutgoingRequest request;
    request.url = url;
    request.headers = {{"Content-Type", "application/json"}};
    request.body =
        R"({"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":)" +
        card_of(n) + "}]}";
    return request;
  });
}

}  // namespace

extern const ChannelSpec teams_channel;
const ChannelSpec teams_channel = {
    .name = "teams",
    .summary = "a Microsoft Teams room, by a workflow's webhook",
    .fields = kFields,
    .example = R"(  - name: room
    type: teams
    url: "${TEAMS_WORKFLOW}"
)",
    .needs_address = false,
    .make = make,
};

}  // namespace tocsin::connectors

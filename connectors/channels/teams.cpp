// `teams`: a Microsoft Teams room, by a workflow's webhook.
//
// A workflow "When a Teams webhook request is received" takes {"type":"message","attachments":[one
// Adaptive Card]}, about 28 KB, and answers 202 with nothing; what goes wrong inside the flow is
// not told. Buttons can only open a URL. https://adaptivecards.io/explorer/
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

constexpr std::array<Field, 2> kFields{{
    {"url", true, false, "the workflow's URL, which has its signature in it"},
    channels::kTemplateField,
}};

constexpr std::size_t kMostLines = 40;

/// A TextRun is the one text of a card that is not read as Markdown: nothing that an alert says
/// becomes a link to somewhere else.
std::string block(const std::string& text, const std::string& run, const std::string& more) {
  return R"({"type":"RichTextBlock")" + more + R"(,"inlines":[{"type":"TextRun","text":)" +
         json_string(text) + run + "}]}";
}

std::string button(const std::string& label, const std::string& url) {
  return R"({"type":"Action.OpenUrl","title":)" + json_string(label) +
         wire::member("url", json_string(url)) + "}";
}

std::string card_of(const Notification& n) {
  const Link link = link_of(n);
  std::string body = block(headline(n), R"(,"weight":"Bolder","size":"Medium")", "");
  std::size_t lines = 0;
  for (const std::string& line : details(n))
    if (lines++ < kMostLines) body += "," + block(line, "", R"(,"spacing":"Small")");
  std::string actions = link.url.empty() ? "" : button(link.label, link.url);
  for (const auto& [label, url] :
       {std::pair<std::string, std::string>("Runbook", n.runbook_url), {"Manual", n.manual_url}})
    if (wire::check_url(url)) actions += (actions.empty() ? "" : ",") + button(label, url);
  return R"({"type":"AdaptiveCard","version":"1.4","body":[)" + body + R"(],"actions":[)" +
         actions + "]}";
}

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  TOCSIN_TRY(const std::string url, channels::url_setting(values, "url"));
  return channels::with_template(
      values, channels::posting({}, [url](const Notification& n) {
        wire::OutgoingRequest request;
        request.url = url;
        request.headers = {{"Content-Type", "application/json"}};
        request.body =
            R"({"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":)" +
            card_of(n) + "}]}";
        return request;
      }));
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

// `mattermost`: a Mattermost room, by an incoming webhook.
//
// https://developers.mattermost.com/integrate/webhooks/incoming/: {"text"} in Markdown, up to
// 16383 characters, to a URL that is a secret. 200 `ok`; errors are JSON with a status of 4xx.
#include <array>

#include "connectors/channels/buttons.hpp"
#include "connectors/channels/mattermost_ear.hpp"
#include "connectors/channels/message_text.hpp"
#include "connectors/channels/posting.hpp"
#include "connectors/channels/template.hpp"
#include "connectors/wire/json_members.hpp"

namespace tocsin::connectors {
namespace {

constexpr std::array<Field, 4> kFields{{
    {"url", true, false, "the incoming webhook's URL"},
    {"channel", false, false, "a room instead of the webhook's own", "town-square"},
    {"buttons", false, false, "yes: messages have buttons, by which Mattermost calls tocsin",
     "yes"},
    channels::kTemplateField,
}};

constexpr std::size_t kMostTextBytes = 12'000;

std::string body_of(const Notification& n, const std::string& room, bool buttons) {
  using wire::member;
  std::string body = "{\"text\":" + json_string(channels::markdown_text(n, kMostTextBytes)) +
                     (room.empty() ? std::string() : member("channel", json_string(room))) +
                     member("username", json_string("tocsin"));
  if (buttons && channels::has_buttons(n))
    body += member("attachments", channels::mattermost_buttons(
                                      channels::all_buttons(), n.press, n.answer_url,
                                      channels::markdown_text(n, channels::kMostKeptBytes)));
  return body + "}";
}

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  TOCSIN_TRY(const std::string url, channels::url_setting(values, "url"));
  TOCSIN_TRY(const bool buttons, channels::switch_setting(values, "buttons"));
  const std::string room = values.get("channel");
  return channels::with_template(values,
                                 channels::posting({}, [url, room, buttons](const Notification& n) {
                                   wire::OutgoingRequest request;
                                   request.url = url;
                                   request.headers = {{"Content-Type", "application/json"}};
                                   request.body = body_of(n, room, buttons);
                                   return request;
                                 }));
}

}  // namespace

extern const ChannelSpec mattermost_channel;
const ChannelSpec mattermost_channel = {
    .name = "mattermost",
    .summary = "a Mattermost room, by an incoming webhook",
    .fields = kFields,
    .example = R"(  - name: room
    type: mattermost
    url: "${MATTERMOST_WEBHOOK}"
)",
    .needs_address = false,
    .make = make,
    .ear = &channels::kMattermostEar,
};

}  // namespace tocsin::connectors

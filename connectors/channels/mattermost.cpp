// `mattermost`: a Mattermost room, by an incoming webhook.
//
// https://developers.mattermost.com/integrate/webhooks/incoming/: {"text"} in Markdown, up to
// 16383 characters, to a URL that is a secret. 200 `ok`; errors are JSON with a status of 4xx.
#include <array>

#include "connectors/channels/message_text.hpp"
#include "connectors/channels/posting.hpp"
#include "connectors/channels/template.hpp"
#include "connectors/wire/json_members.hpp"

namespace tocsin::connectors {
namespace {

constexpr std::array<Field, 3> kFields{{
    {"url", true, false, "the incoming webhook's URL"},
    {"channel", false, false, "a room instead of the webhook's own", "town-square"},
    channels::kTemplateField,
}};

constexpr std::size_t kMostTextBytes = 12'000;

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  TOCSIN_TRY(const std::string url, channels::url_setting(values, "url"));
  const std::string room = values.get("channel");
  return channels::with_template(
      values, channels::posting({}, [url, room](const Notification& n) {
        wire::OutgoingRequest request;
        request.url = url;
        request.headers = {{"Content-Type", "application/json"}};
        request.body = "{\"text\":" + json_string(channels::markdown_text(n, kMostTextBytes)) +
                       (room.empty() ? std::string() : wire::member("channel", json_string(room))) +
                       wire::member("username", json_string("tocsin")) + "}";
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
};

}  // namespace tocsin::connectors

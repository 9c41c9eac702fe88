// `discord`: a Discord room, by a webhook.
//
// https://discord.com/developers/docs/resources/webhook#execute-webhook: content up to 2000
// characters; nobody is mentioned by what an alert says. 204 is accepted; 429 with Retry-After in
// seconds; 404 means that the webhook was deleted.
#include <array>

#include "connectors/channels/message_text.hpp"
#include "connectors/channels/posting.hpp"
#include "connectors/channels/template.hpp"
#include "connectors/wire/json_members.hpp"

namespace tocsin::connectors {
namespace {

constexpr std::array<Field, 2> kFields{{
    {"url", true, false, "the webhook's URL"},
    channels::kTemplateField,
}};

constexpr std::size_t kMostTextBytes = 1'900;

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  TOCSIN_TRY(const std::string url, channels::url_setting(values, "url"));
  return channels::with_template(
      values, channels::posting({}, [url](const Notification& n) {
        wire::OutgoingRequest request;
        request.url = url;
        request.headers = {{"Content-Type", "application/json"}};
        request.body = "{\"content\":" + json_string(channels::markdown_text(n, kMostTextBytes)) +
                       wire::member("username", json_string("tocsin")) +
                       wire::member("allowed_mentions", "{\"parse\":[]}") + "}";
        return request;
      }));
}

}  // namespace

extern const ChannelSpec discord_channel;
const ChannelSpec discord_channel = {
    .name = "discord",
    .summary = "a Discord room, by a webhook",
    .fields = kFields,
    .example = R"(  - name: room
    type: discord
    url: "${DISCORD_WEBHOOK}"
)",
    .needs_address = false,
    .make = make,
};

}  // namespace tocsin::connectors

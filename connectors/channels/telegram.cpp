// `telegram`: a Telegram chat, by a bot.
//
// https://core.telegram.org/bots/api#sendmessage: text up to 4096 characters, in HTML only & < >
// are escaped; a button of `inline_keyboard` opens a URL. {"ok":true} is accepted; 401 the token is
// wrong, 403 the bot was blocked, 400 the chat is not there, 429 with parameters.retry_after in
// seconds.
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
    {"token", true, true, "the bot's, from @BotFather"},
    {"url", false, false, "instead of https://api.telegram.org"},
    channels::kTemplateField,
}};

constexpr std::size_t kMostTextBytes = 3'500;

std::string body_of(const Notification& n) {
  const Link link = link_of(n);
  std::string text = channels::html_escaped(headline(n));
  // The mark stays the first thing; the headline is bold behind it.
  for (const std::string& line : details(n)) {
    const std::string safe = channels::html_escaped(line);
    if (text.size() + safe.size() > kMostTextBytes) break;
    text += "\n" + safe;
  }
  std::string buttons;
  if (!link.url.empty() && !link.url.starts_with("http://localhost"))
    buttons = "[{\"text\":" + json_string(link.label) + ",\"url\":" + json_string(link.url) + "}]";
  if (!link.url.empty()) text += "\n" + channels::html_escaped(link.url);
  return "{\"chat_id\":" + json_string(n.contact.address) +
         wire::member("text", json_string(text)) + R"(,"parse_mode":"HTML")" +
         R"(,"link_preview_options":{"is_disabled":true})" +
         wire::member("reply_markup", "{\"inline_keyboard\":[" + buttons + "]}") + "}";
}

Attempt judge(const Result<wire::Answer>& answer, const Notification&) {
  Attempt said = wire::to_attempt(answer);
  if (!answer || answer->status != 429) return said;
  const auto wait =
      channels::member_of(channels::member_of(answer->body, "parameters"), "retry_after");
  if (const auto seconds = parse_duration(wait + "s")) said.retry_after = *seconds;
  return said;
}

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  TOCSIN_TRY(const std::string token,
             channels::needed_setting(values, "token", "ask @BotFather for one"));
  TOCSIN_TRY(const std::string url,
             channels::url_setting(values, "url", "https://api.telegram.org"));
  return channels::with_template(values,
                                 channels::posting(
                                     {token},
                                     [url, token](const Notification& n) {
                                       wire::OutgoingRequest request;
                                       request.url = url + "/bot" + token + "/sendMessage";
                                       request.headers = {{"Content-Type", "application/json"}};
                                       request.body = body_of(n);
                                       return request;
                                     },
                                     judge));
}

}  // namespace

extern const ChannelSpec telegram_channel;
const ChannelSpec telegram_channel = {
    .name = "telegram",
    .summary = "a Telegram chat, by a bot",
    .fields = kFields,
    .example = R"(  - name: telegram
    type: telegram
    token: "${TELEGRAM_TOKEN}"
)",
    .needs_address = true,
    .make = make,
};

}  // namespace tocsin::connectors

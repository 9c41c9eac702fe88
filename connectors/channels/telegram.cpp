// `telegram`: a Telegram chat, by a bot.
//
// https://core.telegram.org/bots/api#sendmessage: text up to 4096 characters, in HTML only & < >
// are escaped; a button of `inline_keyboard` opens a URL. {"ok":true} is accepted; 401 the token is
// wrong, 403 the bot was blocked, 400 the chat is not there, 429 with parameters.retry_after in
// seconds.
#include <array>

#include "connectors/channels/buttons.hpp"
#include "connectors/channels/message_text.hpp"
#include "connectors/channels/posting.hpp"
#include "connectors/channels/telegram_ear.hpp"
#include "connectors/channels/template.hpp"
#include "connectors/wire/json_members.hpp"

namespace tocsin::connectors {
namespace {

using channels::details;
using channels::headline;
using channels::Link;
using channels::link_of;

constexpr std::array<Field, 4> kFields{{
    {"token", true, true, "the bot's, from @BotFather"},
    {"webhook_secret", false, true,
     "the secret_token of setWebhook: messages have buttons, which Telegram brings back",
     "a-secret_of-letters-and-digits"},
    {"url", false, false, "instead of https://api.telegram.org"},
    channels::kTemplateField,
}};

constexpr std::size_t kMostTextBytes = 3'500;

constexpr std::size_t kMostSecretBytes = 256;  // Telegram's own bound, as are its characters

Result<bool> hears(const Values& values) {
  const std::string secret = values.get("webhook_secret");
  if (secret.size() > kMostSecretBytes ||
      secret.find_first_not_of(
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != std::string::npos)
    return invalid("channels." + values.name +
                   ".webhook_secret: up to 256 letters, digits, _ and -; make one with: openssl "
                   "rand -hex 32");
  return !secret.empty();
}

std::string body_of(const Notification& n, bool hears) {
  const Link link = link_of(n);
  std::string text = channels::html_escaped(headline(n));
  // The mark stays the first thing; the headline is bold behind it.
  for (const std::string& line : details(n)) {
    const std::string safe = channels::html_escaped(line);
    if (text.size() + safe.size() > kMostTextBytes) break;
    text += "\n" + safe;
  }
  const bool pressed = hears && channels::has_buttons(n);
  std::string buttons = pressed ? channels::telegram_buttons(channels::all_buttons(), n.press) : "";
  if (!link.url.empty() && !link.url.starts_with("http://localhost"))
    buttons +=
        (buttons.empty() ? "" : ",") + ("[{\"text\":" + json_string(pressed ? "Open" : link.label) +
                                        ",\"url\":" + json_string(link.url) + "}]");
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
  TOCSIN_TRY(const bool buttons, hears(values));
  return channels::with_template(values,
                                 channels::posting(
                                     {token},
                                     [url, token, buttons](const Notification& n) {
                                       wire::OutgoingRequest request;
                                       request.url = url + "/bot" + token + "/sendMessage";
                                       request.headers = {{"Content-Type", "application/json"}};
                                       request.body = body_of(n, buttons);
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
    .ear = &channels::kTelegramEar,
};

}  // namespace tocsin::connectors

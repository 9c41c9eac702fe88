// `slack`: a Slack room: an incoming webhook, or a bot.
//
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: JSON to a URL that is
// a secret; 200 `ok`, errors are text with 4xx. With a bot's token
// https://docs.slack.dev/reference/methods/chat.postMessage: always 200, and {"ok":false,"error"};
// 429 has Retry-After. A section has 3000 characters, a button's text 75. In text only & < > are
// escaped, so that nothing an alert says mentions anybody.
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

constexpr std::array<Field, 4> kFields{{
    {"url", false, false, "an incoming webhook's; or token and channel"},
    {"token", false, true, "a bot's, xoxb-…, with the scope chat:write"},
    {"channel", false, false, "with a token: the room, C… or #name", "C0123456789"},
    {"api_url", false, false, "with a token: instead of https://slack.com/api"},
}};

constexpr std::size_t kMostSectionBytes = 2'800;

std::string section(const std::string& text) {
  return R"({"type":"section","text":{"type":"mrkdwn","text":)" +
         json_string(cut(text, kMostSectionBytes)) + "}}";
}

std::string body_of(const Notification& n, const std::string& room) {
  using wire::member;
  const Link link = link_of(n);
  const std::string first = channels::html_escaped(headline(n));
  std::string text = first;
  for (const std::string& line : details(n)) text += "\n" + channels::html_escaped(line);
  std::string blocks = section(text);
  if (!link.url.empty())
    blocks +=
        R"(,{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":)" +
        json_string(link.label) + "}" + member("url", json_string(link.url)) + "}]}";
  return "{\"text\":" + json_string(first) + member("blocks", "[" + blocks + "]") +
         (room.empty() ? std::string() : member("channel", json_string(room))) +
         R"(,"unfurl_links":false})";
}

// What a bot is told with 200.
Attempt judge(const Result<wire::Answer>& answer, const Notification&) {
  Attempt said = wire::to_attempt(answer);
  if (said.outcome != AttemptOutcome::accepted ||
      channels::member_of(answer->body, "ok") != "false")
    return said;
  const std::string error = cut(one_line(channels::member_of(answer->body, "error")), 100);
  constexpr std::array<std::string_view, 5> kForNow{"ratelimited", "internal_error", "fatal_error",
                                                    "service_unavailable", "request_timeout"};
  for (const std::string_view each : kForNow)
    if (error == each) return Attempt::retry_later("Slack says " + error);
  return Attempt::rejected("Slack says " + error);
}

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  const std::string token = values.get("token");
  if (token.empty()) {
    if (values.get("url").empty())
      return invalid("channels." + values.name +
                     ".url: missing; write an incoming webhook's, or a bot's token and channel");
    TOCSIN_TRY(const std::string url, channels::url_setting(values, "url"));
    return channels::posting({}, [url](const Notification& n) {
      wire::OutgoingRequest request;
      request.url = url;
      request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
      request.body = body_of(n, "");
      return request;
    });
  }
  TOCSIN_TRY(const std::string room,
             channels::needed_setting(values, "channel", "the bot posts there: C… or #name"));
  TOCSIN_TRY(const std::string url,
             channels::url_setting(values, "api_url", "https://slack.com/api"));
  return channels::posting(
      {token},
      [url, token, room](const Notification& n) {
        wire::OutgoingRequest request;
        request.url = url + "/chat.postMessage";
        request.headers = {{"Content-Type", "application/json; charset=utf-8"},
                           {"Authorization", "Bearer " + token}};
        request.body = body_of(n, room);
        return request;
      },
      judge);
}

}  // namespace

extern const ChannelSpec slack_channel;
const ChannelSpec slack_channel = {
    .name = "slack",
    .summary = "a Slack room: an incoming webhook, or a bot",
    .fields = kFields,
    .example = R"(  - name: room
    type: slack
    url: "${SLACK_WEBHOOK}"
)",
    .needs_address = false,
    .make = make,
};

}  // namespace tocsin::connectors

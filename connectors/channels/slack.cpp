// `slack`: a Slack room: an incoming webhook, or a bot.
//
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: JSON to a URL that is
// a secret; 200 `ok`, errors are text with 4xx. With a bot's token
// https://docs.slack.dev/reference/methods/chat.postMessage: always 200, and {"ok":false,"error"}
// or {"ok":true,"ts"}, to which `thread_ts` refers; 429 has Retry-After. A section has 3000
// characters, a button's text 75. In text only & < > are escaped, so that nothing an alert says
// mentions anybody.
#include <array>
#include <deque>
#include <map>
#include <mutex>

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

constexpr std::array<Field, 5> kFields{{
    {"url", false, false, "an incoming webhook's; or token and channel"},
    {"token", false, true, "a bot's, xoxb-…, with the scope chat:write"},
    {"channel", false, false, "with a token: the room, C… or #name", "C0123456789"},
    {"api_url", false, false, "with a token: instead of https://slack.com/api"},
    channels::kTemplateField,
}};

constexpr std::size_t kMostSectionBytes = 2'800;
constexpr std::size_t kMostWordBytes = 100;

std::string section(const std::string& text) {
  return R"({"type":"section","text":{"type":"mrkdwn","text":)" +
         json_string(cut(text, kMostSectionBytes)) + "}}";
}

/// Where what is said of an incident goes on: below the first message of it. Known as long as this
/// process and its configuration live; then an incident begins another thread.
class Threads {
 public:
  std::string of(const Notification& n) const {
    const std::lock_guard lock(mutex_);
    const auto found = first_.find(n.incident);
    return found == first_.end() ? "" : found->second;
  }
  void begin(const Notification& n, const std::string& message) {
    if (n.incident.empty() || is_bundle(n.kind) || message.empty()) return;
    const std::lock_guard lock(mutex_);
    if (!first_.emplace(n.incident, message).second) return;
    oldest_first_.push_back(n.incident);
    if (oldest_first_.size() <= kMostThreads) return;
    first_.erase(oldest_first_.front());
    oldest_first_.pop_front();
  }
  void forget(const Notification& n) {
    const std::lock_guard lock(mutex_);
    first_.erase(n.incident);
    std::erase(oldest_first_, n.incident);
  }

 private:
  static constexpr std::size_t kMostThreads = 10'000;
  mutable std::mutex mutex_;  // guards the two below
  std::map<std::string, std::string> first_;
  std::deque<std::string> oldest_first_;
};

/// A page below an older message is shown in the room as well: somebody has to hear it.
std::string in_thread(const std::string& thread, const Notification& n) {
  if (thread.empty()) return {};
  return wire::member("thread_ts", json_string(thread)) +
         (n.kind == MessageKind::page ? R"(,"reply_broadcast":true)" : "");
}

std::string body_of(const Notification& n, const std::string& room,
                    const std::string& thread = {}) {
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
         in_thread(thread, n) + R"(,"unfurl_links":false})";
}

// What a bot is told with 200.
Attempt judge(const Result<wire::Answer>& answer, const Notification& n, Threads& threads) {
  Attempt said = wire::to_attempt(answer);
  if (said.outcome != AttemptOutcome::accepted) return said;
  if (channels::member_of(answer->body, "ok") == "true") {
    said.provider_id = cut(one_line(channels::member_of(answer->body, "ts")), kMostWordBytes);
    threads.begin(n, said.provider_id);
    return said;
  }
  const std::string error =
      cut(one_line(channels::member_of(answer->body, "error")), kMostWordBytes);
  if (error.empty()) return Attempt::retry_later("what answers with HTTP 200 is not Slack");
  if (error == "thread_not_found") threads.forget(n);
  constexpr std::array<std::string_view, 6> kForNow{"ratelimited",     "internal_error",
                                                    "fatal_error",     "service_unavailable",
                                                    "request_timeout", "thread_not_found"};
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
    return channels::with_template(
        values, channels::posting({}, [url](const Notification& n) {
          wire::OutgoingRequest request;
          request.url = url;
          request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
          request.body = body_of(n, "");
          return request;
        }));
  }
  TOCSIN_TRY(const std::string room,
             channels::needed_setting(values, "channel", "the bot posts there: C… or #name"));
  TOCSIN_TRY(const std::string url,
             channels::url_setting(values, "api_url", "https://slack.com/api"));
  const auto threads = std::make_shared<Threads>();
  return channels::with_template(
      values, channels::posting(
                  {token},
                  [url, token, room, threads](const Notification& n) {
                    wire::OutgoingRequest request;
                    request.url = url + "/chat.postMessage";
                    request.headers = {{"Content-Type", "application/json; charset=utf-8"},
                                       {"Authorization", "Bearer " + token}};
                    request.body = body_of(n, room, threads->of(n));
                    return request;
                  },
                  [threads](const Result<wire::Answer>& answer, const Notification& n) {
                    return judge(answer, n, *threads);
                  }));
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

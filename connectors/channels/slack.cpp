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

#include "connectors/channels/buttons.hpp"
#include "connectors/channels/message_text.hpp"
#include "connectors/channels/posting.hpp"
#include "connectors/channels/slack_ear.hpp"
#include "connectors/channels/template.hpp"
#include "connectors/wire/json_members.hpp"

namespace tocsin::connectors {
namespace {

using channels::details;
using channels::headline;
using channels::Link;
using channels::link_of;

constexpr std::array<Field, 6> kFields{{
    {"url", false, false, "an incoming webhook's; or token and channel"},
    {"token", false, true, "a bot's, xoxb-…, with the scope chat:write"},
    {"channel", false, false, "with a token: the room, C… or #name", "C0123456789"},
    {"signing_secret", false, true, "the app's: messages have buttons, which Slack brings back"},
    {"api_url", false, false, "with a token: instead of https://slack.com/api"},
    channels::kTemplateField,
}};

constexpr std::size_t kMostSectionBytes = 2'800;
constexpr std::size_t kMostWordBytes = 100;
constexpr std::size_t kLeastUserBytes = 8;

std::string section(const std::string& text) {
  return R"({"type":"section","text":{"type":"mrkdwn","text":)" +
         json_string(cut(text, kMostSectionBytes)) + "}}";
}

/// Whom a bot writes to alone: a contact whose address is a user's id. Empty: the room.
std::string user_of(const Notification& n) {
  const std::string& id = n.contact.address;
  const bool is_user =
      id.size() >= kLeastUserBytes && (id.front() == 'U' || id.front() == 'W') &&
      id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == std::string::npos;
  return is_user ? id : std::string();
}

/// Where what is said of an incident goes on: below the first message of it there. Known as long as
/// this process and its configuration live; then an incident begins another thread.
class Threads {
 public:
  std::string of(const Notification& n) const {
    const std::lock_guard lock(mutex_);
    const auto found = first_.find(key_of(n));
    return found == first_.end() ? "" : found->second;
  }
  void begin(const Notification& n, const std::string& message) {
    if (n.incident.empty() || is_bundle(n.kind) || message.empty()) return;
    const std::lock_guard lock(mutex_);
    if (!first_.emplace(key_of(n), message).second) return;
    oldest_first_.push_back(key_of(n));
    if (oldest_first_.size() <= kMostThreads) return;
    first_.erase(oldest_first_.front());
    oldest_first_.pop_front();
  }
  void forget(const Notification& n) {
    const std::lock_guard lock(mutex_);
    first_.erase(key_of(n));
    std::erase(oldest_first_, key_of(n));
  }

 private:
  static std::string key_of(const Notification& n) { return n.incident + " " + user_of(n); }

  static constexpr std::size_t kMostThreads = 10'000;
  mutable std::mutex mutex_;                  // guards the two below
  std::map<std::string, std::string> first_;  // by incident and user
  std::deque<std::string> oldest_first_;
};

/// A page below an older message is shown in the room as well: somebody has to hear it.
std::string in_thread(const std::string& thread, const Notification& n) {
  if (thread.empty()) return {};
  return wire::member("thread_ts", json_string(thread)) +
         (n.kind == MessageKind::page ? R"(,"reply_broadcast":true)" : "");
}

/// What can be pressed: buttons that Slack brings back, and one that opens the page's link.
std::string elements_of(const Notification& n, bool hears) {
  const Link link = link_of(n);
  const bool buttons = hears && channels::has_buttons(n);
  std::string all = buttons ? channels::slack_buttons(channels::all_buttons(), n.press) : "";
  if (link.url.empty()) return all;
  return all + (all.empty() ? "" : ",") +
         R"({"type":"button","text":{"type":"plain_text","text":)" +
         json_string(buttons ? "Open" : link.label) + "}" +
         wire::member("url", json_string(link.url)) + "}";
}

struct Room {
  std::string name;    // empty: the webhook's own
  bool hears = false;  // Slack brings back what is pressed
};

std::string body_of(const Notification& n, const Room& room, const std::string& thread = {}) {
  using wire::member;
  const std::string first = channels::html_escaped(headline(n));
  std::string text = first;
  for (const std::string& line : details(n)) text += "\n" + channels::html_escaped(line);
  std::string blocks = section(text);
  if (const std::string elements = elements_of(n, room.hears); !elements.empty())
    blocks += R"(,{"type":"actions","elements":[)" + elements + "]}";
  return "{\"text\":" + json_string(first) + member("blocks", "[" + blocks + "]") +
         (room.name.empty() ? std::string() : member("channel", json_string(room.name))) +
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
  const bool hears = !values.get("signing_secret").empty();
  if (token.empty()) {
    if (values.get("url").empty())
      return invalid("channels." + values.name +
                     ".url: missing; write an incoming webhook's, or a bot's token and channel");
    TOCSIN_TRY(const std::string url, channels::url_setting(values, "url"));
    return channels::with_template(
        values, channels::posting({}, [url, hears](const Notification& n) {
          wire::OutgoingRequest request;
          request.url = url;
          request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
          request.body = body_of(n, {"", hears});
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
                  [url, token, room, hears, threads](const Notification& n) {
                    wire::OutgoingRequest request;
                    request.url = url + "/chat.postMessage";
                    request.headers = {{"Content-Type", "application/json; charset=utf-8"},
                                       {"Authorization", "Bearer " + token}};
                    const std::string user = user_of(n);
                    request.body = body_of(n, {user.empty() ? room : user, hears}, threads->of(n));
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
    .ear = &channels::kSlackEar,
};

}  // namespace tocsin::connectors

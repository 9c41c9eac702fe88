// `webhook`: any HTTP endpoint of one's own, signed as in Standard Webhooks.
//
// What is posted (https://www.standardwebhooks.com):
//   {"id","type":"page|resolved|advice|no_procedure|digest|bundle|resolved_bundle","gameday",
//    "not_the_drill","timestamp","title","person","address","incident":{…},"acknowledge_url",
//    "console_url","receipt_url","digest","bundle","notice"}; what does not apply is null
//   of no incident     type is on_call or contact_test, the incident null, and notice has "about"
//    (a rota, or whose contacts are tested) and "text"
//   type of a drill    drill, or drill_ and the type; drill_paused: and gameday is its set, so that
//    who acts on "page" never takes a drill for one
//   webhook-id         the idempotency key: the same on every retry
//   webhook-timestamp  seconds since 1970, of this attempt
//   webhook-signature  v1,<base64 of HMAC-SHA256 over id.timestamp.body>, when a secret is set
//   receipt_url        with `receipt_within`, in a page: {"status":"delivered"} or
//   {"status":"failed",
//    "detail":…} is posted there within that time, or the person's next contact is tried
// 2xx is accepted; 408, 425, 429 and 5xx are tried again, after Retry-After where it is given;
// anything else, 410 Gone among it, means that this contact does not work. Redirects are not
// followed.
#include <array>
#include <optional>

#include "connectors/channel.hpp"
#include "connectors/channels/message_json.hpp"
#include "connectors/channels/template.hpp"
#include "connectors/wire/signed_endpoint.hpp"

namespace tocsin::connectors {
namespace {

constexpr std::array<Field, 4> kFields{{
    {"url", true, false, "where to post, http or https"},
    {"secret", false, true, "whsec_ and the base64 of 24 to 64 bytes: signs each message"},
    {"receipt_within", false, false,
     "1s to 10m: the receiver says within it at receipt_url that a page was delivered", "30s"},
    {"template", false, false, "a body of JSON of one's own, with {{words}} in its strings",
     R"({"text": "{{headline}}"})"},
}};

constexpr Duration kShortestReceipt = std::chrono::seconds(1);
constexpr Duration kLongestReceipt = std::chrono::minutes(10);

class Webhook final : public Channel {
 public:
  Webhook(wire::SignedEndpoint endpoint, std::optional<Duration> receipt_within,
          std::shared_ptr<const channels::Template> body)
      : endpoint_(std::move(endpoint)), receipt_within_(receipt_within), body_(std::move(body)) {}

  Attempt deliver(const Notification& notification, Duration budget) override {
    std::string body = body_ ? body_->fill_json(notification)
                             : channels::message_json(notification, !!receipt_within_);
    Attempt said = wire::to_attempt(
        endpoint_.post(notification.id.text, notification.now, std::move(body), budget));
    if (said.outcome == AttemptOutcome::accepted && !notification.receipt_url.empty())
      said.receipt_within = receipt_within_;
    return said;
  }

 private:
  wire::SignedEndpoint endpoint_;
  std::optional<Duration> receipt_within_;
  std::shared_ptr<const channels::Template> body_;  // nothing: the documented one
};

Result<std::optional<Duration>> receipt_within(const std::string& text) {
  if (text.empty()) return std::optional<Duration>();
  const auto within = parse_duration(text);
  if (!within || *within < kShortestReceipt || *within > kLongestReceipt)
    return invalid("receipt_within: write a duration from " + format_duration(kShortestReceipt) +
                   " to " + format_duration(kLongestReceipt) + ", such as 30s");
  return std::optional(*within);
}

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  auto endpoint = wire::SignedEndpoint::make(values.get("url"), values.get("secret"));
  if (!endpoint) return invalid("channels." + values.name + "." + endpoint.error().message);
  const auto within = receipt_within(values.get("receipt_within"));
  if (!within) return invalid("channels." + values.name + "." + within.error().message);
  TOCSIN_TRY(auto body, channels::body_template(values));
  return std::unique_ptr<Channel>(
      std::make_unique<Webhook>(std::move(*endpoint), *within, std::move(body)));
}

}  // namespace

extern const ChannelSpec webhook_channel;
const ChannelSpec webhook_channel = {
    .name = "webhook",
    .summary = "any HTTP endpoint of one's own, signed as in Standard Webhooks",
    .fields = kFields,
    .example = R"(  - name: hook
    type: webhook
    url: "http://127.0.0.1:9000/page"
    secret: "${HOOK_SECRET}"
)",
    .needs_address = false,
    .make = make,
};

}  // namespace tocsin::connectors

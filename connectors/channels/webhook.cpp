// `webhook`: any HTTP endpoint of one's own, signed as in Standard Webhooks.
//
// What is posted (https://www.standardwebhooks.com):
//   {"id","type":"page|resolved|advice|no_procedure|digest","gameday","not_the_drill","timestamp",
//    "title","person","address","incident":{…},"acknowledge_url","console_url","digest","notice"};
//    gameday, not_the_drill, person, address, the URLs, the digest and the notice may be null
//   of no incident     type is on_call or contact_test, the incident null, and notice has "about"
//   (a
//    rota, or whose contacts are tested) and "text"
//   type of a drill    drill|drill_resolved|drill_advice|drill_no_procedure|drill_digest|
//    drill_paused, and gameday is its set: who acts on "page" never takes a drill for one
//   webhook-id         the idempotency key: the same on every retry
//   webhook-timestamp  seconds since 1970, of this attempt
//   webhook-signature  v1,<base64 of HMAC-SHA256 over id.timestamp.body>, when a secret is set
// 2xx is accepted; 408, 425, 429 and 5xx are tried again, after Retry-After where it is given;
// anything else, 410 Gone among it, means that this contact does not work. Redirects are not
// followed.
#include <array>

#include "connectors/channel.hpp"
#include "connectors/wire/json_members.hpp"
#include "connectors/wire/signed_endpoint.hpp"

namespace tocsin::connectors {
namespace {

constexpr std::array<Field, 2> kFields{{
    {"url", true, false, "where to post, http or https"},
    {"secret", false, true, "whsec_ and the base64 of 24 to 64 bytes: signs each message"},
}};

// What opened and ended while tocsin was away.
std::string digest_of(const Notification& n) {
  using wire::member;
  if (n.kind != MessageKind::digest) return "null";
  std::string list;
  for (const Passed& passed : n.passed)
    list += (list.empty() ? "" : ",") + ("{\"id\":" + json_string(passed.incident)) +
            member("title", json_string(passed.title)) +
            member("opened_at", json_string(format_rfc3339(passed.opened_at))) +
            member("ended_at", json_string(format_rfc3339(passed.ended_at))) + "}";
  return "{\"count\":" + std::to_string(n.passed_in_all) + member("incidents", "[" + list + "]") +
         "}";
}

// What belongs to no incident.
std::string notice_of(const Notification& n) {
  using wire::member;
  if (!is_of_notice(n.kind)) return "null";
  return "{\"about\":" + json_string(n.about) + member("text", json_string(n.why)) + "}";
}

// None of a drill's is one of a message in earnest.
std::string type_of(const Notification& n) {
  const std::string kind(to_string(n.kind));
  if (n.gameday.empty() || n.kind == MessageKind::drill_paused) return kind;
  return n.kind == MessageKind::page ? "drill" : "drill_" + kind;
}

std::string body_of(const Notification& n) {
  using wire::member;
  using wire::text_or_null;
  return "{\"id\":" + json_string(n.id.text) + member("type", json_string(type_of(n))) +
         member("gameday", text_or_null(n.gameday)) +
         member("not_the_drill", text_or_null(n.not_the_drill)) +
         member("timestamp", json_string(format_rfc3339(n.now))) +
         member("title", json_string(n.title)) + member("person", text_or_null(n.contact.person)) +
         member("address", text_or_null(n.contact.address)) +
         member("incident", n.incident_json.empty() ? "null" : n.incident_json) +
         member("acknowledge_url", text_or_null(n.acknowledge_url)) +
         member("console_url", text_or_null(n.console_url)) + member("digest", digest_of(n)) +
         member("notice", notice_of(n)) + "}";
}

class Webhook final : public Channel {
 public:
  explicit Webhook(wire::SignedEndpoint endpoint) : endpoint_(std::move(endpoint)) {}

  Attempt deliver(const Notification& notification, Duration budget) override {
    return wire::to_attempt(
        endpoint_.post(notification.id.text, notification.now, body_of(notification), budget));
  }

 private:
  wire::SignedEndpoint endpoint_;
};

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  auto endpoint = wire::SignedEndpoint::make(values.get("url"), values.get("secret"));
  if (!endpoint) return invalid("channels." + values.name + "." + endpoint.error().message);
  return std::unique_ptr<Channel>(std::make_unique<Webhook>(std::move(*endpoint)));
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

// `webhook`: any HTTP endpoint of one's own, signed as in Standard Webhooks.
//
// What is posted (https://www.standardwebhooks.com):
//   {"id","type":"page|resolved","timestamp","person","address","incident":{…},"acknowledge_url","console_url"}
//   webhook-id         the idempotency key: the same on every retry
//   webhook-timestamp  seconds since 1970, of this attempt
//   webhook-signature  v1,<base64 of HMAC-SHA256 over id.timestamp.body>, when a secret is set
// 2xx is accepted; 408, 425, 429 and 5xx are tried again, after Retry-After where it is given;
// anything else, 410 Gone among it, means that this contact does not work. Redirects are not
// followed.
#include <algorithm>
#include <array>
#include <vector>

#include "connectors/channel.hpp"
#include "connectors/wire/http_client.hpp"
#include "connectors/wire/standard_webhooks.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors {
namespace {

constexpr std::size_t kLeastSecretBytes = 8;

constexpr std::array<Field, 2> kFields{{
    {"url", true, false, "where to post, http or https"},
    {"secret", false, true, "whsec_ and the base64 of 24 to 64 bytes: signs each message"},
}};

std::string text_or_null(std::string_view text) {
  return text.empty() ? "null" : json_string(text);
}

std::string body_of(const Notification& n) {
  const auto member = [](std::string_view name, const std::string& json) {
    return ",\"" + std::string(name) + "\":" + json;
  };
  return "{\"id\":" + json_string(n.id.text) + member("type", json_string(to_string(n.kind))) +
         member("timestamp", json_string(format_rfc3339(n.now))) +
         member("person", text_or_null(n.contact.person)) +
         member("address", text_or_null(n.contact.address)) +
         member("incident", n.incident_json.empty() ? "null" : n.incident_json) +
         member("acknowledge_url", text_or_null(n.acknowledge_url)) +
         member("console_url", text_or_null(n.console_url)) + "}";
}

/// The words after the host that are long enough to be tokens: people put them into the path and
/// the query.
std::vector<std::string> likely_secrets(const std::string& url) {
  std::vector<std::string> words;
  std::size_t at = url.find_first_of("/?#", url.find("://") + 3);
  while (at < url.size()) {
    const std::size_t end = std::min(url.find_first_of("/?#&=", at + 1), url.size());
    if (end - at - 1 >= kLeastSecretBytes) words.push_back(url.substr(at + 1, end - at - 1));
    at = end;
  }
  return words;
}

class Webhook final : public Channel {
 public:
  Webhook(std::string url, std::string key)
      : url_(std::move(url)), key_(std::move(key)), likely_secrets_(likely_secrets(url_)) {}

  Attempt deliver(const Notification& notification, Duration budget) override {
    wire::OutgoingRequest request;
    request.url = url_;
    request.body = body_of(notification);
    const std::int64_t seconds =
        std::chrono::floor<std::chrono::seconds>(notification.now.time_since_epoch()).count();
    request.headers = {{"Content-Type", "application/json"},
                       {"webhook-id", notification.id.text},
                       {"webhook-timestamp", std::to_string(seconds)}};
    if (!key_.empty())
      request.headers.emplace_back(
          "webhook-signature",
          wire::webhook_signature(key_, notification.id.text, seconds, request.body));
    return without_secrets(wire::to_attempt(wire::send(request, budget)));
  }

 private:
  /// A server that answers with what it was asked would put its own address into our logs.
  Attempt without_secrets(Attempt attempt) const {
    for (const std::string& secret : likely_secrets_)
      if (attempt.detail.find(secret) != std::string::npos)
        attempt.detail =
            attempt.detail.substr(0, attempt.detail.find(':')) + " (its text is not shown)";
    return attempt;
  }

  std::string url_, key_;
  std::vector<std::string> likely_secrets_;
};

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  const auto wrong = [&](const char* field, const std::string& what) {
    return invalid("channels." + values.name + "." + field + ": " + what);
  };
  const std::string url = values.get("url"), secret = values.get("secret");
  if (url.empty()) return wrong("url", "it is required; write where to post");
  if (const Status checked = wire::check_url(url); !checked)
    return wrong("url", checked.error().message);
  std::string key;
  if (!secret.empty()) {
    Result<std::string> read = wire::webhook_key(secret);
    if (!read) return wrong("secret", read.error().message);
    key = std::move(read).value();
  }
  return std::unique_ptr<Channel>(std::make_unique<Webhook>(url, std::move(key)));
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

#include "connectors/wire/signed_endpoint.hpp"

#include <algorithm>

#include "connectors/wire/standard_webhooks.hpp"

namespace tocsin::wire {
namespace {

constexpr std::size_t kLeastSecretBytes = 8;

}  // namespace

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

bool tells(const Answer& answer, const std::vector<std::string>& secrets) {
  return std::any_of(secrets.begin(), secrets.end(), [&](const std::string& secret) {
    return !secret.empty() && answer.body.find(secret) != std::string::npos;
  });
}

SignedEndpoint::SignedEndpoint(std::string url, std::string key)
    : url_(std::move(url)), key_(std::move(key)), likely_secrets_(likely_secrets(url_)) {}

Result<SignedEndpoint> SignedEndpoint::make(const std::string& url, const std::string& secret) {
  if (url.empty()) return invalid("url: it is required; write where to post");
  if (const Status checked = check_url(url); !checked)
    return invalid("url: " + checked.error().message);
  if (secret.empty()) return SignedEndpoint(url, "");
  Result<std::string> key = webhook_key(secret);
  if (!key) return invalid("secret: " + key.error().message);
  return SignedEndpoint(url, std::move(key).value());
}

Result<Answer> SignedEndpoint::post(const std::string& id, WallTime now, std::string body,
                                    Duration budget) const {
  OutgoingRequest request;
  request.url = url_;
  request.body = std::move(body);
  const std::int64_t seconds =
      std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  request.headers = {{"Content-Type", "application/json"},
                     {"webhook-id", id},
                     {"webhook-timestamp", std::to_string(seconds)}};
  if (!key_.empty())
    request.headers.emplace_back("webhook-signature",
                                 webhook_signature(key_, id, seconds, request.body));
  Result<Answer> answer = send(request, budget);
  if (answer && tells(*answer, likely_secrets_)) answer->body = kNotShown;
  return answer;
}

}  // namespace tocsin::wire

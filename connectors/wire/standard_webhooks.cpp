#include "connectors/wire/standard_webhooks.hpp"

#include "router/core/digest.hpp"

namespace tocsin::wire {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::string_view kRemedy = "; make one with: echo whsec_$(openssl rand -base64 32)";

}  // namespace

Result<std::string> webhook_key(std::string_view secret) {
  if (!secret.starts_with(kPrefix))
    return invalid("the secret does not begin with whsec_" + std::string(kRemedy));
  Result<std::string> key = from_base64(secret.substr(kPrefix.size()));
  if (!key)
    return invalid("what follows whsec_ in the secret is not base64" + std::string(kRemedy));
  if (key->size() < kLeastWebhookKeyBytes || key->size() > kMostWebhookKeyBytes)
    return invalid("the secret holds " + std::to_string(key->size()) + " bytes; " +
                   std::to_string(kLeastWebhookKeyBytes) + " to " +
                   std::to_string(kMostWebhookKeyBytes) + " are allowed" + std::string(kRemedy));
  return key;
}

std::string webhook_signature(std::string_view key, std::string_view id, std::int64_t timestamp,
                              std::string_view body) {
  std::string content(id);
  content.append(".").append(std::to_string(timestamp)).append(".").append(body);
  const Sha256 digest = hmac_sha256(key, content);
  return "v1," + base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace tocsin::wire

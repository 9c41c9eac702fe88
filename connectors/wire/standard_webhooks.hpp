// Signatures as in Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over
// "id.timestamp.body".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "router/core/result.hpp"

namespace tocsin::wire {

/// The key inside "whsec_…". Errors: invalid; the message does not hold the secret.
Result<std::string> webhook_key(std::string_view secret);

/// The value of the header webhook-signature: "v1,…". `timestamp` is seconds since 1970, as in the
/// header webhook-timestamp.
std::string webhook_signature(std::string_view key, std::string_view id, std::int64_t timestamp,
                              std::string_view body);

inline constexpr std::size_t kLeastWebhookKeyBytes = 24;  // both bounds are the specification's
inline constexpr std::size_t kMostWebhookKeyBytes = 64;

}  // namespace tocsin::wire

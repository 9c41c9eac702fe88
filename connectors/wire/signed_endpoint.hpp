// An HTTP endpoint of one's own that is posted JSON, signed as in Standard Webhooks when there is a
// secret. What the channel `webhook` and the hook `webhook` have in common.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/wire/http_client.hpp"
#include "router/core/result.hpp"
#include "router/core/time.hpp"

namespace tocsin::wire {

/// The words after the host that are long enough to be tokens: people put them into the path and
/// the query.
std::vector<std::string> likely_secrets(const std::string& url);
/// A server that answers with what it was asked would put its own address into our logs …
bool tells(const Answer& answer, const std::vector<std::string>& secrets);
/// … so that this stands for its text.
inline constexpr std::string_view kNotShown = "(its text is not shown)";

class SignedEndpoint {
 public:
  /// `url` and `secret` as they are configured; without a secret nothing is signed. Errors:
  /// invalid, as "url: what is wrong" or "secret: what is wrong", and never the secret.
  static Result<SignedEndpoint> make(const std::string& url, const std::string& secret);

  /// One request, as send(); `id` is the receiver's idempotency key. A body that repeats a likely
  /// secret of the URL is replaced, so that none gets into logs or pages.
  Result<Answer> post(const std::string& id, WallTime now, std::string body, Duration budget) const;

 private:
  SignedEndpoint(std::string url, std::string key);

  std::string url_, key_;
  std::vector<std::string> likely_secrets_;
};

}  // namespace tocsin::wire

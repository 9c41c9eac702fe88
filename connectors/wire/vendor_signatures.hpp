// Signatures of requests that providers make, each as its provider describes it. What is compared
// is compared in constant time. Pure.
//
//   Twilio  https://www.twilio.com/docs/usage/security: base64 of the HMAC-SHA1, with the account's
//           auth token, of the URL that was called and, sorted by name, each parameter's name and
//           value
//   Slack   https://docs.slack.dev/authentication/verifying-requests-from-slack: "v0=" and in hex
//           the HMAC-SHA256, with the app's signing secret, of "v0:timestamp:body"
#pragma once

#include <string>
#include <string_view>

#include "connectors/wire/form.hpp"
#include "router/core/time.hpp"

namespace tocsin::wire {

/// The value of X-Twilio-Signature.
std::string twilio_signature(std::string_view auth_token, std::string_view url, Form form);

/// Whether it is that of this URL, with its scheme's usual port written out or left out: Twilio
/// signs the URL that it calls, which is not always as it was written. False without a token.
bool is_signed_by_twilio(std::string_view signature, std::string_view auth_token,
                         std::string_view url, const Form& form);

/// A request that is older, or of so far ahead, may be one that somebody kept.
inline constexpr Duration kSlackWindow = std::chrono::minutes(5);

/// The value of X-Slack-Signature.
std::string slack_signature(std::string_view signing_secret, std::string_view timestamp,
                            std::string_view body);

/// `timestamp` is that of X-Slack-Request-Timestamp. False without a secret.
bool is_signed_by_slack(std::string_view signature, std::string_view signing_secret,
                        std::string_view timestamp, std::string_view body, WallTime now);

}  // namespace tocsin::wire

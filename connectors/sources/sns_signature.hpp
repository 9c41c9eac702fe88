// The signature of Amazon SNS over its messages
// (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html). OpenSSL does
// the arithmetic. Pure.
#pragma once

#include <string>
#include <string_view>

#include "connectors/sources/payload.hpp"

namespace tocsin::connectors::sources {

/// https, and the host sns.<region>.amazonaws.com or, in China, sns.<region>.amazonaws.com.cn,
/// without a port or a user.
bool is_sns_url(std::string_view url);
/// The same, and a certificate's name.
bool is_sns_certificate_url(std::string_view url);

/// What is signed: of a Notification or a confirmation, as its Type says.
std::string sns_signed_text(const Json& message);

/// Against the certificate in PEM; SignatureVersion 1 is SHA-1, 2 is SHA-256. Errors: invalid.
Status check_sns_signature(const Json& message, const std::string& certificate);

}  // namespace tocsin::connectors::sources

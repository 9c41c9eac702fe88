// The link of a contact's test: /c/<signed>. Whoever holds it may say that one message reached
// them, until it expires, and nothing else.
//
//   <notice>.<message>.<expires, seconds>.<signature>
#pragma once

#include <string>
#include <string_view>

#include "router/core/ids.hpp"
#include "router/core/result.hpp"
#include "router/core/time.hpp"

namespace tocsin::api {

struct ContactLink {
  NoticeId notice;
  MessageId message;
  WallTime expires{};

  bool operator==(const ContactLink&) const = default;
};

/// The part after /c/.
std::string sign(const ContactLink& link, std::string_view secret);

/// Errors: refused, when the signature is wrong or the link has expired.
Result<ContactLink> verify_contact(std::string_view signed_link, std::string_view secret,
                                   WallTime now);

}  // namespace tocsin::api

// The page's own link: /p/<signed>. Whoever holds it may see and acknowledge one incident, as one
// person, until it expires.
//
//   <incident>.<person, base64url>.<expires, seconds>[.<message>].<HMAC-SHA256, first 20 bytes,
//   base64url>
//
// And the link of a receipt: /r/<signed>. Whoever holds it may say whether one attempt to hand over
// one message got through, and nothing else.
//
//   <incident>.<message>.<attempt>.<expires, seconds>.<the same, of another purpose>
#pragma once

#include <string>
#include <string_view>

#include "router/core/ids.hpp"
#include "router/core/result.hpp"
#include "router/core/time.hpp"

namespace tocsin::api {

inline constexpr Duration kPageLinkLife = std::chrono::hours(24 * 7);

struct PageLink {
  IncidentId incident;
  std::string person;  // who was paged; empty for a channel
  WallTime expires{};
  MessageId message = {};  // that it is in; empty: nobody knows

  bool operator==(const PageLink&) const = default;
};

struct ReceiptLink {
  IncidentId incident;
  MessageId message;
  std::uint32_t attempt = 0;
  WallTime expires{};

  bool operator==(const ReceiptLink&) const = default;
};

/// The part after /p/.
std::string sign(const PageLink& link, std::string_view secret);

/// Errors: refused, when the signature is wrong or the link has expired.
Result<PageLink> verify(std::string_view signed_link, std::string_view secret, WallTime now);

/// The part after /r/.
std::string sign(const ReceiptLink& link, std::string_view secret);
/// Errors: refused, likewise.
Result<ReceiptLink> verify_receipt(std::string_view signed_link, std::string_view secret,
                                   WallTime now);

}  // namespace tocsin::api

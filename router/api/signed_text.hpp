// Signatures of links that work without signing in. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "router/core/time.hpp"

namespace tocsin::api {

/// HMAC-SHA256, its first 20 bytes, base64url. `purpose` keeps each use of the secret apart from
/// any other: what one signed is good for nothing else.
std::string signature(std::string_view purpose, std::string_view text, std::string_view secret);

/// False without a secret: anybody can sign with nothing.
bool is_signed(std::string_view signature, std::string_view purpose, std::string_view text,
               std::string_view secret);

/// The moment that a link says in seconds since 1970, digits and nothing else; nothing: it is none,
/// or past the year 9999.
std::optional<WallTime> moment_of(std::string_view seconds);

}  // namespace tocsin::api

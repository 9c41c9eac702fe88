// Hashes, signatures and the base-32 and base-64 forms they are written in. OpenSSL does the
// arithmetic.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "router/core/result.hpp"

namespace tocsin {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);
Sha256 hmac_sha256(std::string_view key, std::string_view bytes);
std::string hex(const Sha256& digest);

/// Crockford's base 32 in lower case: no i, l, o, u, so that an id can be read out on the phone.
std::string base32(const std::uint8_t* bytes, std::size_t count);
/// What a person typed, as base32() writes it: lower case, o → 0, i and l → 1, dashes dropped.
std::string base32_typed(std::string_view text);

std::string base64(std::string_view bytes);
std::string base64url(std::string_view bytes);
Result<std::string> from_base64(std::string_view text);

/// Takes the same time for every wrong guess of the same length.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace tocsin

// CRC-32C, with which everything that is stored is checked when it is read again: neither SQLite
// nor the disk finds a flipped bit.
#pragma once

#include <cstdint>
#include <string_view>

namespace tocsin {

/// Of `bytes`, after those whose checksum is `before`: crc32c(b, crc32c(a)) is that of a and b.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

}  // namespace tocsin

#include "router/core/checksum.hpp"

#include <isa-l/crc.h>

#include <algorithm>

namespace tocsin {
namespace {

constexpr std::size_t kMostAtOnce = 1u << 30;  // ISA-L counts bytes with an int

}  // namespace

// ISA-L's crc32_iscsi is CRC-32C without the inversions; it does not write through its pointer.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) {
  std::uint32_t crc = ~before;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, std::min(bytes.size(), kMostAtOnce));
    auto* const start = reinterpret_cast<unsigned char*>(const_cast<char*>(part.data()));
    crc = crc32_iscsi(start, static_cast<int>(part.size()), crc);
    bytes.remove_prefix(part.size());
  }
  return ~crc;
}

}  // namespace tocsin

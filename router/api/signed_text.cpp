#include "router/api/signed_text.hpp"

#include <charconv>

#include "router/core/digest.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t kSignatureBytes = 20;
constexpr std::uint64_t kLastSecond = 253'402'300'799;  // of 9999

}  // namespace

std::string signature(std::string_view purpose, std::string_view text, std::string_view secret) {
  std::string whole(purpose);
  whole.append("\n").append(text);
  const Sha256 mac = hmac_sha256(secret, whole);
  return base64url({reinterpret_cast<const char*>(mac.data()), kSignatureBytes});
}

bool is_signed(std::string_view given, std::string_view purpose, std::string_view text,
               std::string_view secret) {
  return !secret.empty() && equal_in_constant_time(signature(purpose, text, secret), given);
}

std::optional<WallTime> moment_of(std::string_view seconds) {
  std::uint64_t value = 0;
  const char* const end = seconds.data() + seconds.size();
  const auto read = std::from_chars(seconds.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || value > kLastSecond) return std::nullopt;
  return WallTime(std::chrono::seconds(value));
}

}  // namespace tocsin::api

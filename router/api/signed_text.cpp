#include "router/api/signed_text.hpp"

#include "router/core/digest.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t kSignatureBytes = 20;

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

}  // namespace tocsin::api

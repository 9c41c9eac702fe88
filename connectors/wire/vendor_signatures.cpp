#include "connectors/wire/vendor_signatures.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "router/core/digest.hpp"

namespace tocsin::wire {
namespace {

constexpr std::size_t kSha1Bytes = 20;

std::string hmac_sha1(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, kSha1Bytes> digest{};
  unsigned int length = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data(), &length);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// The URL as it is, and with its usual port the other way round.
std::vector<std::string> spellings(std::string_view url) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kUsual{
      {{"https://", ":443"}, {"http://", ":80"}}};
  std::vector<std::string> all{std::string(url)};
  for (const auto& [scheme, port] : kUsual) {
    if (!url.starts_with(scheme)) continue;
    const std::size_t end = std::min(url.find_first_of("/?", scheme.size()), url.size());
    const std::string_view host = url.substr(0, end);
    const bool written = host.ends_with(port);
    if (!written && host.find(':', scheme.size()) != std::string_view::npos) continue;
    all.push_back((written ? std::string(host.substr(0, host.size() - port.size()))
                           : std::string(host) + std::string(port)) +
                  std::string(url.substr(end)));
  }
  return all;
}

}  // namespace

std::string twilio_signature(std::string_view auth_token, std::string_view url, Form form) {
  std::sort(form.begin(), form.end());
  form.erase(std::unique(form.begin(), form.end()), form.end());
  std::string whole(url);
  for (const auto& [name, value] : form) whole += name + value;
  return base64(hmac_sha1(auth_token, whole));
}

bool is_signed_by_twilio(std::string_view signature, std::string_view auth_token,
                         std::string_view url, const Form& form) {
  bool good = false;
  for (const std::string& spelling : spellings(url))
    good |= equal_in_constant_time(twilio_signature(auth_token, spelling, form), signature);
  return good && !auth_token.empty();
}

std::string slack_signature(std::string_view signing_secret, std::string_view timestamp,
                            std::string_view body) {
  std::string whole = "v0:";
  whole.append(timestamp).append(":").append(body);
  return "v0=" + hex(hmac_sha256(signing_secret, whole));
}

bool is_signed_by_slack(std::string_view signature, std::string_view signing_secret,
                        std::string_view timestamp, std::string_view body, WallTime now) {
  std::int64_t seconds = 0;
  const char* const end = timestamp.data() + timestamp.size();
  const auto read = std::from_chars(timestamp.data(), end, seconds);
  if (signing_secret.empty() || read.ec != std::errc() || read.ptr != end) return false;
  // Compared as seconds: a time that cannot be is no reason to overflow.
  const std::int64_t present =
      std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  const std::int64_t window =
      std::chrono::duration_cast<std::chrono::seconds>(kSlackWindow).count();
  if (seconds < present - window || seconds > present + window) return false;
  return equal_in_constant_time(slack_signature(signing_secret, timestamp, body), signature);
}

}  // namespace tocsin::wire

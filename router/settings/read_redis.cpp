// store.url: where a Redis is. A password may stand in it, so that no fault shows any of it.
#include <charconv>

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

constexpr std::string_view kScheme = "redis://";
constexpr std::string_view kTlsScheme = "rediss://";
constexpr const char* kRemedy = "write e.g. redis://user:password@127.0.0.1:6379/0";

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

/// With "%40" for "@". Nothing when a % does not begin such a code, or the word is none.
std::optional<std::string> decoded(std::string_view text) {
  std::string word;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      word += text[at];
      continue;
    }
    const auto high = at + 2 < text.size() ? hex_digit(text[at + 1]) : std::nullopt;
    const auto low = high ? hex_digit(text[at + 2]) : std::nullopt;
    if (!low) return std::nullopt;
    word += static_cast<char>(*high * 16 + *low);
    at += 2;
  }
  if (word.find('\0') != std::string::npos) return std::nullopt;
  return word;
}

void read_credentials(const Value& value, std::string_view text, RedisAddress& address) {
  const std::size_t colon = text.find(':');
  const auto user = decoded(text.substr(0, colon));
  const auto password =
      decoded(colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1));
  if (!user || !password)
    return value.fault("has a % that begins no code such as %40; write %25 for the % itself");
  if (password->empty())
    return value.fault(
        "has a user without a password; write redis://user:password@…, or "
        "redis://:password@… for the default user");
  address.user = *user;
  address.password = *password;
}

void read_place(const Value& value, std::string_view text, RedisAddress& address) {
  const std::size_t slash = text.find('/');
  const std::string_view database =
      slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
  std::string place(text.substr(0, slash));
  const std::size_t colon = place.rfind(':');
  if (colon == std::string::npos || place.ends_with(']'))
    place += ":" + std::to_string(address.port);
  if (!is_host_and_port(place) || place.ends_with(":0"))
    return value.fault(std::string("names no host and port; ") + kRemedy);
  address.host = place.substr(0, place.rfind(':'));
  if (address.host.starts_with('[')) address.host = address.host.substr(1, address.host.size() - 2);
  std::from_chars(place.data() + place.rfind(':') + 1, place.data() + place.size(), address.port);
  if (database.empty()) return;
  const char* const end = database.data() + database.size();
  const auto [read, problem] = std::from_chars(database.data(), end, address.database);
  if (problem != std::errc() || read != end || address.database > kMostRedisDatabase)
    value.fault(std::string("ends in no database's number; ") + kRemedy);
}

}  // namespace

// A password may have an @ or a slash in it: the last @ ends it.
void read_redis_url(const Value& value, RedisAddress& address) {
  const auto text = value.some_text();
  if (!text || text->placeholder) return;
  const std::string_view url = text->value;
  if (url.starts_with(kTlsScheme))
    return value.fault(
        "TLS to Redis is not in this version; run a TLS tunnel such as stunnel beside tocsin, and "
        "write its address: redis://127.0.0.1:6379/0");
  if (!url.starts_with(kScheme))
    return value.fault(std::string("is no address of a Redis; ") + kRemedy);
  const std::string_view rest = url.substr(kScheme.size());
  const std::size_t at = rest.rfind('@');
  if (at != std::string_view::npos) read_credentials(value, rest.substr(0, at), address);
  read_place(value, at == std::string_view::npos ? rest : rest.substr(at + 1), address);
}

}  // namespace tocsin::settings

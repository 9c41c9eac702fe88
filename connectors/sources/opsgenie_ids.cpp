#include "connectors/sources/opsgenie_ids.hpp"

#include "router/core/digest.hpp"

namespace tocsin::connectors::sources {
namespace {

constexpr std::string_view kOurs = "tocsin-";
constexpr std::string_view kUuid = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

bool is_uuid(std::string_view text) {
  if (text.size() != kUuid.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (kUuid[i] == '-' ? c != '-' : !digit) return false;
  }
  return true;
}

}  // namespace

std::string opsgenie_id(std::string_view alias) {
  if (is_uuid(alias)) return std::string(alias);
  return std::string(kOurs) + base64url(alias);
}

std::string opsgenie_alias(std::string_view id) {
  if (!id.starts_with(kOurs)) return std::string(id);
  std::string text(id.substr(kOurs.size()));
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  text.append((4 - text.size() % 4) % 4, '=');
  auto alias = from_base64(text);
  // Only what we would write ourselves is ours.
  return alias && opsgenie_id(*alias) == id ? std::move(*alias) : std::string(id);
}

}  // namespace tocsin::connectors::sources

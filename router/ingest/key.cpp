#include <algorithm>

#include "router/core/digest.hpp"
#include "router/ingest/ingest.hpp"

namespace tocsin::ingest {
namespace {

bool same_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string from_authorization(std::string_view header) {
  const std::size_t space = header.find(' ');
  if (space == std::string_view::npos) return {};
  const std::string_view scheme = header.substr(0, space);
  const std::string_view rest = trimmed(header.substr(space));
  if (same_ignoring_case(scheme, "Bearer") || same_ignoring_case(scheme, "GenieKey"))
    return std::string(rest);
  if (!same_ignoring_case(scheme, "Basic")) return {};
  const auto decoded = from_base64(rest);
  const std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
  return colon == std::string::npos ? std::string() : decoded->substr(colon + 1);
}

std::string_view first_of(const Headers& headers, std::string_view name) {
  for (const auto& [each, value] : headers)
    if (each == name) return value;
  return {};
}

}  // namespace

std::string key_in(const Headers& headers) {
  if (std::string key = from_authorization(first_of(headers, "authorization")); !key.empty())
    return key;
  for (const char* name : {"x-routing-key", "x-tocsin-key"})
    if (const std::string_view key = first_of(headers, name); !key.empty())
      return std::string(trimmed(key));
  return {};
}

std::string key_of(const HttpRequest& request) {
  if (std::string key = key_in(request.headers); !key.empty()) return key;
  return std::string(request.query_value("key"));
}

const Integration* find_by_key(const Integrations& integrations, std::string_view key) {
  const Integration* found = nullptr;
  for (const auto& [name, integration] : integrations)
    for (const std::string& own : integration.keys)
      if (equal_in_constant_time(own, key)) found = &integration;
  return found;
}

}  // namespace tocsin::ingest

// Paths of routes: segments, with wildcards.
#include <algorithm>

#include "connectors/source.hpp"

namespace tocsin::connectors {
namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    if (path.front() == '/') path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0 || !path.empty()) segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  while (!segments.empty() && segments.back().empty()) segments.pop_back();
  return segments;
}

}  // namespace

std::optional<std::vector<std::string>> match_route(std::string_view route, std::string_view path) {
  const auto wanted = segments_of(route), given = segments_of(path);
  const auto many = std::find(wanted.begin(), wanted.end(), "**");
  const bool whole = many == wanted.end();
  if (whole ? wanted.size() != given.size() : given.size() < wanted.size()) return std::nullopt;
  std::vector<std::string> parts;
  const auto take = [&](std::size_t from_wanted, std::size_t from_given, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view segment = given[from_given + i];
      if (wanted[from_wanted + i] == "*") {
        if (segment.empty()) return false;
        parts.emplace_back(segment);
      } else if (wanted[from_wanted + i] != segment) {
        return false;
      }
    }
    return true;
  };
  const auto before = static_cast<std::size_t>(many - wanted.begin());
  if (!take(0, 0, whole ? wanted.size() : before)) return std::nullopt;
  if (whole) return parts;
  const std::size_t after = wanted.size() - before - 1;
  std::string joined;
  for (std::size_t i = before; i < given.size() - after; ++i)
    joined += (i > before ? "/" : "") + std::string(given[i]);
  if (joined.empty()) return std::nullopt;
  parts.push_back(std::move(joined));
  if (!take(before + 1, given.size() - after, after)) return std::nullopt;
  return parts;
}

}  // namespace tocsin::connectors

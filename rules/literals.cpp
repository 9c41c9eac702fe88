#include "rules/literals.hpp"

#include <algorithm>

namespace tocsin::rules {
namespace {

/// What has a meaning of its own in RE2's syntax; everything else stands for itself.
constexpr std::string_view kMeaningful = "\\.+*?()[]{}^$|";
/// What a backslash makes plain. Other escapes are classes, anchors and the like.
constexpr std::string_view kEscapable = "\\.+*?()[]{}^$|-/";

/// Without the one pair of parentheses that is around everything, if there is one. Should the last
/// one be escaped, a lone backslash is left, which is no literal.
std::string_view without_group(std::string_view pattern) {
  for (const std::string_view opening : {"(?:", "("})
    if (pattern.starts_with(opening) && pattern.ends_with(')'))
      return pattern.substr(opening.size(), pattern.size() - opening.size() - 1);
  return pattern;
}

}  // namespace

std::optional<std::vector<std::string>> literal_values(std::string_view pattern) {
  pattern = without_group(pattern);
  std::vector<std::string> values(1);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '|') {
      if (values.size() == kMostLiterals) return std::nullopt;
      values.emplace_back();
      continue;
    }
    if (c == '\\') {
      if (++i == pattern.size() || kEscapable.find(pattern[i]) == std::string_view::npos)
        return std::nullopt;
      c = pattern[i];
    } else if (kMeaningful.find(c) != std::string_view::npos) {
      return std::nullopt;
    }
    values.back() += c;
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

std::size_t literal_prefix(std::string_view pattern) {
  if (pattern.find('|') != std::string_view::npos) return 0;
  const std::size_t end = pattern.find_first_of(kMeaningful);
  if (end == std::string_view::npos) return pattern.size();
  std::size_t length = end;
  // The last character may be there several times or not at all.
  if (length > 0 && std::string_view("*?{").find(pattern[end]) != std::string_view::npos) {
    while (length > 1 && (static_cast<unsigned char>(pattern[length - 1]) & 0xc0) == 0x80) --length;
    --length;
  }
  return length;
}

}  // namespace tocsin::rules

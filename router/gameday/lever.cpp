#include "router/gameday/lever.hpp"

#include <algorithm>

#include "router/core/text.hpp"

namespace tocsin::gameday {
namespace {

constexpr std::string_view kBy = "by: ", kAt = "at: ", kWhy = "why: ";
constexpr std::size_t kMostWords = 1u << 10;

}  // namespace

std::string encode(const Lever& lever) {
  std::string text;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) text += std::string(name) + cut(one_line(value), kMostWords) + "\n";
  };
  add(kBy, lever.by);
  if (lever.at) add(kAt, format_rfc3339(*lever.at));
  add(kWhy, lever.why);
  return text;
}

Lever read_lever(std::string_view text) {
  Lever lever;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto value = [&](std::string_view name) {
      return cut(one_line(line.substr(name.size())), kMostWords);
    };
    if (line.starts_with(kBy)) lever.by = value(kBy);
    if (line.starts_with(kWhy)) lever.why = value(kWhy);
    if (line.starts_with(kAt))
      if (const auto at = parse_rfc3339(line.substr(kAt.size()))) lever.at = *at;
  }
  return lever;
}

std::string sentence(const Lever& lever) {
  std::string text = "the GameDay lever is pulled on this node";
  if (!lever.by.empty()) text += ", by " + lever.by;
  if (lever.at) text += " since " + format_rfc3339(*lever.at);
  return lever.why.empty() ? text : text + ": " + lever.why;
}

}  // namespace tocsin::gameday

#include "connectors/sources/zmon_name.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace tocsin::connectors::sources {
namespace {

/// A number as ".1f" has it; anything else as it is.
std::string formatted(const Json& value, std::string_view format) {
  const auto number = value.number();
  const std::size_t point = format.find('.');
  const bool fixed = number && format.ends_with('f') && point != std::string_view::npos &&
                     point + 3 == format.size() && format[point + 1] >= '0' &&
                     format[point + 1] <= '9';
  if (!fixed) return value.text();
  std::array<char, 512> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%.*f", format[point + 1] - '0', *number);
  return std::string(text.data(), static_cast<std::size_t>(std::max(length, 0)));
}

}  // namespace

std::string zmon_name(std::string_view name, const Json& captures, const Json& entity) {
  std::string text;
  while (!name.empty()) {
    const std::size_t open = std::min(name.find('{'), name.size());
    text += name.substr(0, open);
    name.remove_prefix(open);
    const std::size_t close = name.find('}');
    if (close == std::string_view::npos) {
      text += name;
      break;
    }
    const std::string_view field = name.substr(1, close - 1);
    const std::size_t colon = std::min(field.find(':'), field.size());
    const std::string_view key = field.substr(0, colon);
    const bool of_entity = key == "entity" || key == "entities" || key == "entity.id";
    const Json value = of_entity ? entity["id"] : captures[key];
    text += value.is_null() ? std::string(name.substr(0, close + 1))
                            : formatted(value, field.substr(std::min(colon + 1, field.size())));
    name.remove_prefix(close + 1);
  }
  return text;
}

}  // namespace tocsin::connectors::sources

// How bad it is, in the four words of the configuration.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin {

enum class Severity : std::uint8_t { info = 0, warning = 1, error = 2, critical = 3 };

constexpr std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
    case Severity::critical:
      return "critical";
  }
  return "error";
}

constexpr std::optional<Severity> severity_named(std::string_view name) {
  for (const Severity s : {Severity::critical, Severity::error, Severity::warning, Severity::info})
    if (to_string(s) == name) return s;
  return std::nullopt;
}

}  // namespace tocsin

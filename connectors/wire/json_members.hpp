// The few pieces of JSON that a connector writes by hand, around an incident that comes as JSON
// already.
#pragma once

#include <string>
#include <string_view>

#include "router/core/text.hpp"

namespace tocsin::wire {

/// What is not known is null, not "".
inline std::string text_or_null(std::string_view text) {
  return text.empty() ? "null" : json_string(text);
}

/// A member after the first: `,"name":json`.
inline std::string member(std::string_view name, const std::string& json) {
  return "," + json_string(name) + ":" + json;
}

}  // namespace tocsin::wire

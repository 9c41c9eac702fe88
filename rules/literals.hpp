// A pattern that is nothing but alternatives written out is a list of values in truth.
//
// `HighLatency|ErrorRate`, `(?:a|b)` and `10\.0` need no regular expression to be looked up; any
// pattern of which that is not certain gives nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::rules {

/// The values that this pattern matches whole, each once, in order. Nothing for a pattern that says
/// more than that, or has more than kMostLiterals of them.
std::optional<std::vector<std::string>> literal_values(std::string_view pattern);

inline constexpr std::size_t kMostLiterals = 64;

}  // namespace tocsin::rules

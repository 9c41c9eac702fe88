// What of a pattern is written out: known without running the regular expression.
//
// `HighLatency|ErrorRate`, `(?:a|b)` and `10\.0` are lists of values in truth, and what `Slow.*`
// matches begins with `Slow`. A pattern of which that is not certain gives nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::rules {

/// The values that this pattern matches whole, each once, in order. Nothing for a pattern that says
/// more than that, or has more than kMostLiterals of them.
std::optional<std::vector<std::string>> literal_values(std::string_view pattern);

/// How many bytes of this pattern, from its beginning, stand for themselves, so that whatever it
/// matches whole begins with them.
std::size_t literal_prefix(std::string_view pattern);

inline constexpr std::size_t kMostLiterals = 64;

}  // namespace tocsin::rules

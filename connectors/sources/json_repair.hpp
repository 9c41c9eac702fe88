// What is nearly JSON, made JSON. A page must not be lost for a byte in Latin-1 or a line end that
// a shell script put into a string.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::connectors::sources {

/// The text with these put right: in strings invalid UTF-8 and halves of surrogate pairs (each
/// becomes U+FFFD), control characters, backslashes that escape nothing; outside of them NaN and
/// Infinity (null). JSON stays as it is. For what a parser has refused.
std::string repaired_json(std::string_view text);

}  // namespace tocsin::connectors::sources

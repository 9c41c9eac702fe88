// Text from strangers, made fit to be shown, cut or put into JSON. Everything in an alert is
// hostile.
#pragma once

#include <string>
#include <string_view>

namespace tocsin {

/// One line without control characters, escape sequences, text-direction overrides or invalid UTF-8
/// (which becomes U+FFFD); blanks and line ends become single spaces.
std::string one_line(std::string_view text);

/// The same, but line ends stay: each line is a one_line().
std::string plain_lines(std::string_view text);

/// At most `most` bytes, cut between two characters and then ending in "…" (which is counted).
std::string cut(std::string_view text, std::size_t most);

/// A JSON string with its quotes; invalid UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

}  // namespace tocsin

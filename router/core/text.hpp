// Text from strangers, made fit to be shown, cut or put into JSON. Everything in an alert is
// hostile.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tocsin {

/// The character that a text, which is not empty, begins with.
struct Character {
  char32_t code = 0;
  std::size_t length = 1;  // in bytes, at least 1
  bool valid = false;      // UTF-8: no overlong form, no surrogate, nothing past U+10FFFF
};
Character first_character(std::string_view text);

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

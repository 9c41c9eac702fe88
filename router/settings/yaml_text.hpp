// Looks at a file's bytes around the YAML parser: before it, for what it would pass over; after it,
// to say its errors in words.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::settings {

struct BadByte {
  std::size_t offset = 0;
  std::string what;
};

/// The first byte that is no UTF-8, or a control character other than tab, line feed and carriage
/// return before a line feed.
std::optional<BadByte> find_bad_byte(std::string_view text);

/// Where the quoted scalar that begins at `offset` is closed, if the file does that. yaml-cpp 0.7
/// does not mind if it does not.
std::optional<std::size_t> closing_quote(std::string_view text, std::size_t offset);

/// Where yaml-cpp stopped, and inside what.
struct Stop {
  std::string message;     // yaml-cpp's own
  std::size_t offset = 0;  // of the place it names
  int line = 0;
  int column = 0;
  int opened_line = 0;  // of the innermost open [ { list or map; 0: none
  int opened_column = 0;
  std::optional<std::size_t> quote = {};  // where the last quoted scalar before it begins
};

/// The same in words, with a remedy; may move the position to where the mistake was made.
std::string explain(std::string_view text, Stop& stop);

}  // namespace tocsin::settings

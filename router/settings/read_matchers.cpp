// matchers: of a rule or of a maintenance window.
#include <charconv>

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

/// How Matcher::parse begins its message when it knows the place: "at character 12: ".
constexpr std::string_view kAtCharacter = "at character ";

/// Bytes before the character of this number, from 1.
int bytes_before(std::string_view text, int character) {
  int bytes = 0, seen = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80 && ++seen == character) break;
    ++bytes;
  }
  return bytes;
}

/// The matcher's own fault, at the byte of the file it speaks of wherever the file shows that byte.
void refuse(const Value& value, const Text& text, std::string message) {
  if (text.filled)
    return value.fault(
        "not a matcher once its variables are filled in; write e.g. 'service=\"api\"'");
  if (!value.node().quoted) message += "; quote the whole matcher: 'service=\"api\"'";
  Place place = value.place();
  const std::size_t colon = message.find(": ");
  if (message.starts_with(kAtCharacter) && colon != std::string::npos &&
      value.node().text_column > 0) {
    int character = 0;
    std::from_chars(message.data() + kAtCharacter.size(), message.data() + colon, character);
    place.column = value.node().text_column + bytes_before(text.value, character);
    message.erase(0, colon + 2);
  }
  value.fault_at(place, std::move(message));
}

}  // namespace

Matchers read_matchers(const Value& value) {
  Matchers read;
  read.whole = value.node().kind == Node::Kind::sequence;
  for (const Value& matcher : value.list()) {
    const auto text = matcher.some_text();
    auto parsed = text && !text->placeholder ? std::optional(rules::Matcher::parse(text->value))
                                             : std::nullopt;
    if (parsed && *parsed) {
      read.all.push_back(std::move(**parsed));
      read.places.push_back(matcher.place());
      continue;
    }
    read.whole = false;
    if (parsed) refuse(matcher, *text, parsed->error().message);
  }
  return read;
}

}  // namespace tocsin::settings

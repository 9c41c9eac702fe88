#include "connectors/sources/json_repair.hpp"

#include <cstdint>

#include "router/core/text.hpp"

namespace tocsin::connectors::sources {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The number in \u0041 at the beginning of the text; -1: there is none.
int code_unit(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return -1;
  int unit = 0;
  for (std::size_t i = 2; i < 6; ++i) {
    const int value = digit(text[i]);
    if (value < 0) return -1;
    unit = unit * 16 + value;
  }
  return unit;
}

bool is_high(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

/// An escape at the beginning of the text, put right; returns its length.
std::size_t escape(std::string_view text, std::string& out) {
  const int unit = code_unit(text);
  if (is_high(unit) && is_low(code_unit(text.substr(6)))) {
    out += text.substr(0, 12);
    return 12;
  }
  if (unit >= 0) {
    out += is_high(unit) || is_low(unit) ? std::string_view("\\ufffd") : text.substr(0, 6);
    return 6;
  }
  constexpr std::string_view kEscaped = "\"\\/bfnrt";
  if (text.size() > 1 && kEscaped.find(text[1]) != std::string_view::npos) {
    out += text.substr(0, 2);
    return 2;
  }
  out += "\\\\";
  return 1;
}

void control(char c, std::string& out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += "\\u00";
  out += kDigits[static_cast<std::uint8_t>(c) >> 4];
  out += kDigits[static_cast<std::uint8_t>(c) & 15];
}

/// One step inside a string; returns how much of the text it took.
std::size_t inside(std::string_view text, std::string& out) {
  const char c = text.front();
  if (c == '\\') return escape(text, out);
  if (static_cast<std::uint8_t>(c) < 0x20) {
    control(c, out);
    return 1;
  }
  const Character character = first_character(text);
  out += character.valid ? text.substr(0, character.length) : kReplacement;
  return character.valid ? character.length : 1;
}

std::size_t outside(std::string_view text, std::string& out) {
  for (const std::string_view word : {"NaN", "-Infinity", "Infinity"})
    if (text.starts_with(word)) {
      out += "null";
      return word.size();
    }
  out += text.front();
  return 1;
}

}  // namespace

std::string repaired_json(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool in_string = false;
  while (!text.empty()) {
    if (text.front() == '"') {
      in_string = !in_string;
      out += '"';
      text.remove_prefix(1);
    } else {
      text.remove_prefix(in_string ? inside(text, out) : outside(text, out));
    }
  }
  return out;
}

}  // namespace tocsin::connectors::sources

#include "router/core/text.hpp"

#include <cstdio>

namespace tocsin {
namespace {

constexpr std::string_view kReplacement = "\ufffd";
constexpr std::string_view kEllipsis = "…";

bool is_blank(char32_t code) {
  return code == ' ' || (code >= '\t' && code <= '\r') || code == 0x85 || code == 0x2028 ||
         code == 0x2029;
}

/// What a terminal or a browser would obey instead of show.
bool is_control(char32_t code) {
  const bool c0_or_c1 = code < 0x20 || (code >= 0x7f && code <= 0x9f);
  const bool direction = code == 0x61c || code == 0x200e || code == 0x200f ||
                         (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  const bool unseen =
      code == 0xfeff || (code >= 0xfff9 && code <= 0xfffb) || (code >= 0xe0000 && code <= 0xe007f);
  return c0_or_c1 || direction || unseen;
}

}  // namespace

Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {0, 1, false};
  char32_t code = lead & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {0, 1, false};
    code = code << 6 | (byte(i) & 0x3f);
  }
  const char32_t least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {0, 1, false};
  return {code, length, true};
}

std::string one_line(std::string_view text) {
  std::string out;
  bool blank = false;
  while (!text.empty()) {
    const Character c = first_character(text);
    const std::string_view bytes = text.substr(0, c.length);
    text.remove_prefix(c.length);
    if (c.valid && is_blank(c.code)) {
      blank = !out.empty();
      continue;
    }
    if (c.valid && is_control(c.code)) continue;
    if (blank) out += ' ';
    blank = false;
    out += c.valid ? bytes : kReplacement;
  }
  return out;
}

std::string plain_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string line = one_line(text.substr(0, end));
    if (!line.empty()) out += (out.empty() ? "" : "\n") + line;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  if (most < kEllipsis.size()) return {};
  std::size_t end = most - kEllipsis.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)).append(kEllipsis);
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const Character c = first_character(text);
    const std::string_view bytes = text.substr(0, c.length);
    text.remove_prefix(c.length);
    if (!c.valid)
      out += kReplacement;
    else if (c.code == '"' || c.code == '\\')
      out.append({'\\', bytes[0]});
    else if (c.code == '\n')
      out += "\\n";
    else if (c.code < 0x20 || c.code == 0x7f || c.code == 0x2028 || c.code == 0x2029) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned int>(c.code));
      out += escaped;
    } else
      out += bytes;
  }
  return out + '"';
}

}  // namespace tocsin

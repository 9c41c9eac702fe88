#include "router/gameday/clone/yaml_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "router/core/text.hpp"

namespace tocsin::gameday {
namespace {

using settings::Entry;
using settings::Node;

constexpr std::size_t kStep = 2;

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

/// Without a meaning in YAML beside itself, in the version that knows `yes` and in the one that
/// does not.
bool is_plain_key(std::string_view key) {
  constexpr std::array<std::string_view, 9> kMeaning{"null", "true", "false", "yes", "no",
                                                     "on",   "off",  "y",     "n"};
  std::string lower(key);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return !key.empty() && std::all_of(key.begin(), key.end(), is_word_character) &&
         key.find_first_of("0123456789.-") != 0 &&
         std::find(kMeaning.begin(), kMeaning.end(), lower) == kMeaning.end();
}

/// What some parser takes for a line end, refuses, or would drop if it stood there as it is.
bool needs_escape(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff ||
         c == 0xfffe || c == 0xffff;
}

std::string escaped(char32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c == '\r') return "\\r";
  std::array<char, 12> digits{};
  std::snprintf(digits.data(), digits.size(), c > 0xff ? "\\u%04X" : "\\x%02X",
                static_cast<unsigned>(c));
  return digits.data();
}

/// Calls `take` with each character and its bytes; stops when it says false.
template <class Take>
void each_character(std::string_view text, Take take) {
  while (!text.empty()) {
    const Character c = first_character(text);
    if (!take(c.code, text.substr(0, c.length))) return;
    text.remove_prefix(c.length);
  }
}

bool any_needs_escape(std::string_view text, bool lines) {
  bool any = false;
  each_character(text, [&](char32_t code, std::string_view) {
    any = needs_escape(code) && !(lines && (code == '\n' || code == '\t'));
    return !any;
  });
  return any;
}

std::string double_quoted(std::string_view text) {
  std::string all = "\"";
  each_character(text, [&](char32_t code, std::string_view bytes) {
    if (code == '"' || code == '\\')
      all += '\\' + std::string(bytes);
    else
      all += needs_escape(code) ? escaped(code) : std::string(bytes);
    return true;
  });
  return all + '"';
}

std::string single_quoted(std::string_view text) {
  std::string all = "'";
  for (const char c : text) all += c == '\'' ? std::string("''") : std::string(1, c);
  return all + '\'';
}

/// A blank or a tab in a line of nothing else, and a tab or a line end at the beginning, are read
/// differently by different parsers.
bool fits_block(std::string_view text) {
  if (text.find('\n') == std::string_view::npos || any_needs_escape(text, true)) return false;
  if (text.front() == '\t' || text.front() == '\n') return false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (!line.empty() &&
        (line.front() == '\t' || line.find_first_not_of(" \t") == std::string_view::npos))
      return false;
    at = end + 1;
  }
  return true;
}

std::string block(std::string_view text, std::size_t indent) {
  const bool ends = text.ends_with('\n');
  std::string all = "|";
  // Otherwise the first line says how far the block is indented.
  if (text.front() == ' ') all += std::to_string(kStep);
  if (!ends || text.ends_with("\n\n")) all += ends ? '+' : '-';
  if (ends) text.remove_suffix(1);
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    all += '\n';
    if (end > at) all += std::string(indent, ' ') + std::string(text.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

/// Behind "key:" or "-": with the blank or the line end that separates it.
std::string value_of(const Node& node, std::size_t indent) {
  switch (node.kind) {
    case Node::Kind::null:
    case Node::Kind::broken:
      return " null\n";
    case Node::Kind::scalar: {
      const bool plain = !node.quoted && !node.text.empty() && node.text.front() != '-' &&
                         std::all_of(node.text.begin(), node.text.end(), is_word_character);
      return " " + (plain ? node.text : yaml_text(node.text, indent)) + "\n";
    }
    case Node::Kind::sequence: {
      if (node.items.empty()) return " []\n";
      std::string all = "\n";
      for (const Node& item : node.items)
        all += std::string(indent, ' ') + "-" + value_of(item, indent + kStep);
      return all;
    }
    case Node::Kind::map: {
      if (node.entries.empty()) return " {}\n";
      std::string all = "\n";
      for (const Entry& entry : node.entries) all += yaml_entry(entry, indent);
      return all;
    }
  }
  return {};
}

}  // namespace

std::string yaml_text(std::string_view text, std::size_t indent) {
  if (fits_block(text)) return block(text, indent);
  const bool has_quotes = text.find_first_of("\"\\") != std::string_view::npos;
  return has_quotes && !any_needs_escape(text, false) ? single_quoted(text) : double_quoted(text);
}

std::string yaml_key(std::string_view key) {
  return is_plain_key(key) ? std::string(key) : double_quoted(key);
}

std::string yaml_entry(const Entry& entry, std::size_t indent) {
  return std::string(indent, ' ') + yaml_key(entry.key) + ":" +
         value_of(entry.value, indent + kStep);
}

}  // namespace tocsin::gameday

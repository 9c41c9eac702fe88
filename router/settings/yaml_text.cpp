#include "router/settings/yaml_text.hpp"

#include "router/core/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tocsin::settings {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

/// The line that `offset` is in begins with a blank somewhere and has a tab among its blanks.
bool tab_in_indentation(std::string_view text, std::size_t offset) {
  const std::size_t end = text.rfind('\n', offset == 0 ? 0 : offset - 1);
  const std::string_view line = text.substr(end == std::string_view::npos ? 0 : end + 1);
  return line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
}

// The beginnings of yaml-cpp's messages that people meet, and what they mean.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kMeanings{{
    {"end of map not found",
     "this does not belong to what stands before it; check the quotes and the indentation"},
    {"end of sequence not found",
     "this does not belong to the list before it; check the quotes and the indentation"},
    {"illegal map value",
     "a colon cannot stand here; quote a text with \": \" in it, and check the indentation"},
    {"unknown token", "a value cannot begin with this character; quote it"},
    {"illegal flow end", "this bracket closes nothing; remove it, or quote the text"},
    {"illegal block entry", "a list cannot begin here; begin it on a line of its own"},
    {"unknown escape character",
     "an unknown escape in double quotes; write \\\\ for a backslash, or use single quotes"},
    {"the referenced anchor is not defined", "aliases are refused; write the value out"},
    {"illegal EOF in scalar", "a quote is not closed; close it"},
}};

std::size_t line_start(std::string_view text, std::size_t offset) {
  const std::size_t end = text.substr(0, offset).rfind('\n');
  return end == std::string_view::npos ? 0 : end + 1;
}

void point_at(std::string_view text, std::size_t offset, Stop& stop) {
  const std::size_t start = line_start(text, offset);
  const std::string_view before = text.substr(0, start);
  stop.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  stop.column = static_cast<int>(offset - start) + 1;
}

/// Where a line's own text begins, behind its blanks and the dashes of lists.
std::size_t content_of(std::string_view text, std::size_t start, std::size_t end) {
  while (start < end && (text[start] == ' ' || text.substr(start, 2) == "- ")) ++start;
  return start;
}

/// Before a colon that cannot stand where it does: the line before, if that lacks one and is thus
/// taken for the beginning of this line's key.
std::optional<std::string> explain_line_before(std::string_view text, Stop& stop) {
  std::size_t start = line_start(text, stop.offset);
  const std::size_t own = content_of(text, start, stop.offset);
  if (text.substr(own, stop.offset - own).find(": ") != std::string_view::npos) return std::nullopt;
  while (start > 0) {
    const std::size_t end = start - 1;
    start = line_start(text, end);
    const std::size_t begin = content_of(text, start, end);
    std::string_view line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    if (line.find(": ") != std::string_view::npos || line.ends_with(':')) return std::nullopt;
    point_at(text, begin, stop);
    return line.find(':') != std::string_view::npos
               ? "the colon in this line needs a blank behind it; write key: value"
               : "this line has no colon; write key: value";
  }
  return std::nullopt;
}

/// A quote that was meant to be closed in its own line, and ended only at the next one that came.
std::optional<std::string> explain_long_quote(std::string_view text, Stop& stop) {
  if (!stop.quote) return std::nullopt;
  const auto closed = closing_quote(text, *stop.quote);
  const std::size_t start = line_start(text, stop.offset);
  if (!closed || *stop.quote >= start || *closed < start || *closed >= stop.offset)
    return std::nullopt;
  const std::string line = std::to_string(stop.line);
  point_at(text, *stop.quote, stop);
  return "this quote is closed only in line " + line + "; close it where it ends";
}

}  // namespace

std::optional<BadByte> find_bad_byte(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Character next = first_character(text.substr(at));
    if (!next.valid) return BadByte{at, "this is not UTF-8; save the file in UTF-8"};
    const unsigned c = byte_at(text, at);
    const bool line_end = c == '\n' || (c == '\r' && byte_at(text, at + 1) == '\n');
    if ((c < 0x20 && c != '\t' && !line_end) || c == 0x7f)
      return BadByte{at, "a control character; remove it"};
    at += next.length;
  }
  return std::nullopt;
}

std::optional<std::size_t> closing_quote(std::string_view text, std::size_t offset) {
  const char quote = text[offset];
  for (std::size_t at = offset + 1; at < text.size(); ++at) {
    const bool escape = quote == '"' && text[at] == '\\';
    const bool doubled = quote == '\'' && text[at] == quote && byte_at(text, at + 1) == '\'';
    if (escape || doubled)
      ++at;
    else if (text[at] == quote)
      return at;
  }
  return std::nullopt;
}

std::string explain(std::string_view text, Stop& stop) {
  if (stop.offset > 0 && text.substr(stop.offset - 1, 2) == "${") {
    --stop.column;
    return "${…} inside [] or {} needs quotes; quote it: \"${NAME}\"";
  }
  if (tab_in_indentation(text, stop.offset)) return "a tab in the indentation; indent with blanks";
  if (const auto meaning = explain_long_quote(text, stop)) return *meaning;
  const bool list = stop.message.starts_with("end of sequence flow not found");
  if ((list || stop.message.starts_with("end of map flow not found")) && stop.opened_line > 0) {
    const std::string found = std::to_string(stop.line) + ":" + std::to_string(stop.column);
    stop.line = stop.opened_line;
    stop.column = stop.opened_column;
    return std::string(list ? "this [ is" : "this { is") + " not closed before " + found +
           "; close it, or quote a text with a bracket, comma or colon in it";
  }
  if (stop.message.starts_with("illegal map value"))
    if (const auto meaning = explain_line_before(text, stop)) return *meaning;
  for (const auto& [message, meaning] : kMeanings)
    if (stop.message.starts_with(message)) return std::string(meaning);
  return "not YAML: " + stop.message + "; check quotes, brackets and indentation";
}

}  // namespace tocsin::settings

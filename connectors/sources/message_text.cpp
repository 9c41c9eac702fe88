#include "connectors/sources/message_text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace tocsin::connectors::sources {
namespace {

constexpr std::size_t kMostMarks = 6;       // before the text of a line
constexpr std::size_t kMostUnitBytes = 4;   // "ms", "MiB", "req"
constexpr std::size_t kMostMarkBytes = 40;  // of one word for a state

struct Sign {
  std::string_view text;
  State state;
};
constexpr std::array<Sign, 14> kSigns{{
    {"✅", State::resolved},
    {"🟢", State::resolved},
    {"💚", State::resolved},
    {"🔥", State::firing},
    {"🚨", State::firing},
    {"🔴", State::firing},
    {"❌", State::firing},
    {"⚠️", State::firing},
    {":white_check_mark:", State::resolved},
    {":large_green_circle:", State::resolved},
    {":fire:", State::firing},
    {":rotating_light:", State::firing},
    {":red_circle:", State::firing},
    {":warning:", State::firing},
}};
constexpr std::array<Sign, 5> kPhrases{{
    {"NEW ALERT", State::firing},
    {"ALERT ENDED", State::resolved},
    {"ALERT ONGOING", State::firing},
    {"ALERT RESOLVED", State::resolved},
    {"ALERT", State::firing},
}};

bool is_upper(std::string_view word) {
  for (const char c : word)
    if (c < 'A' || c > 'Z') return false;
  return word.size() > 1;
}

void drop(std::string_view& line, std::size_t bytes) {
  line.remove_prefix(bytes);
  while (!line.empty() && (line.front() == ' ' || line.front() == ':' || line.front() == '-' ||
                           line.front() == '*' || line.front() == '|'))
    line.remove_prefix(1);
}

/// A mark at the beginning of the line, taken off it; unknown: an opening one that says nothing.
std::optional<State> take_mark(std::string_view& line) {
  for (const auto& [text, state] : kSigns)
    if (line.starts_with(text)) {
      drop(line, text.size());
      return state;
    }
  for (const auto& [text, state] : kPhrases)
    if (line.starts_with(text) && line.substr(text.size()).starts_with(":")) {
      drop(line, text.size());
      return state;
    }
  if (line.starts_with("[")) {
    const std::size_t end = line.substr(0, kMostMarkBytes).find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view inside = line.substr(1, end - 1);
    const State state = state_of(inside.substr(0, inside.find_first_of(":|")));
    if (state == State::unknown) return std::nullopt;
    drop(line, end + 1);
    return state;
  }
  const std::size_t end = std::min(line.substr(0, kMostMarkBytes).find_first_of(" :"), line.size());
  const std::string_view word = line.substr(0, end);
  const bool marked = end < line.size() && (line[end] == ':' || is_upper(word));
  const State state = marked ? state_of(word) : State::unknown;
  if (state == State::unknown) return std::nullopt;
  drop(line, end);
  return state;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "80.6%", "5", "1,000", "+12ms", "(3)", and neither "db-2" nor "10.0.0.1".
bool is_number(std::string_view word) {
  const auto edge = [](char c) {
    return std::string_view("()[]{},;:.!?\"'+-<>=~").find(c) != std::string_view::npos;
  };
  while (!word.empty() && edge(word.front())) word.remove_prefix(1);
  while (!word.empty() && edge(word.back())) word.remove_suffix(1);
  if (word.empty() || !is_digit(word.front())) return false;
  std::size_t i = 0, points = 0;
  for (; i < word.size() && (is_digit(word[i]) || word[i] == '.' || word[i] == ','); ++i)
    points += word[i] == '.';
  if (points > 1) return false;
  const std::string_view unit = word.substr(i);
  if (unit.size() > kMostUnitBytes) return false;
  for (const char c : unit)
    if (is_digit(c) || c == '-' || c == '_' || c == '.') return false;
  return true;
}

void append_entity(std::string_view inside, std::string& out) {
  const std::size_t bar = inside.find('|');
  const std::string_view target = inside.substr(0, bar);
  const bool link = target.starts_with("http://") || target.starts_with("https://");
  if (bar == std::string_view::npos) {
    out += target;
  } else {
    out += inside.substr(bar + 1);
    if (link) out.append(" (").append(target).append(")");
  }
}

}  // namespace

Marked without_state(std::string_view line) {
  Marked marked;
  std::string_view rest = line;
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '*')) rest.remove_prefix(1);
  for (std::size_t i = 0; i < kMostMarks; ++i) {
    const auto state = take_mark(rest);
    if (!state) break;
    // "✅ [FIRING:1]" is no tool's; of two words the later one is nearer to the text.
    if (*state != State::unknown) marked.state = *state;
  }
  marked.text = rest.empty() ? std::string(line) : std::string(rest);
  return marked;
}

std::string without_numbers(std::string_view line) {
  std::string text;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    if (!word.empty()) {
      if (!text.empty()) text += ' ';
      text += is_number(word) ? "#" : lower(word);
    }
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return text;
}

std::string from_mrkdwn(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 3> kEscapes{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}}};
  std::string out;
  while (!text.empty()) {
    std::size_t taken = 0;
    if (text.front() == '<') {
      const std::size_t end = text.find_first_of("<>\n", 1);
      if (end != std::string_view::npos && text[end] == '>' && end > 1) {
        append_entity(text.substr(1, end - 1), out);
        taken = end + 1;
      }
    } else if (text.front() == '&') {
      for (const auto& [escape, plain] : kEscapes)
        if (text.starts_with(escape)) {
          out += plain;
          taken = escape.size();
          break;
        }
    }
    if (taken == 0) {
      out += text.front();
      taken = 1;
    }
    text.remove_prefix(taken);
  }
  return out;
}

std::string first_url(std::string_view text) {
  for (std::size_t at = text.find("http"); at != std::string_view::npos;
       at = text.find("http", at + 1)) {
    const std::string_view from = text.substr(at);
    if (!from.starts_with("http://") && !from.starts_with("https://")) continue;
    return std::string(from.substr(0, std::min(from.find_first_of(" \t\r\n<>|)\"'"), from.size())));
  }
  return {};
}

}  // namespace tocsin::connectors::sources

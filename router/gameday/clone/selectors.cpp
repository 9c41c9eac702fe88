#include "router/gameday/clone/selectors.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace tocsin::gameday {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string lower(std::string_view text) {
  std::string all(text);
  for (char& c : all)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return all;
}

/// Words that name no metric where they stand, in any case of letters.
bool is_keyword(std::string_view word) {
  constexpr std::array<std::string_view, 7> kWords{"and",  "or",     "unless", "atan2",
                                                   "bool", "offset", "inf"};
  return word == "nan" || std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

/// What stands in brackets behind these are labels.
bool takes_labels(std::string_view word) {
  constexpr std::array<std::string_view, 6> kWords{"by",       "without",    "on",
                                                   "ignoring", "group_left", "group_right"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

class Scanner {
 public:
  explicit Scanner(std::string_view expr) : expr_(expr) {}

  std::vector<std::string> scan() {
    while (skip_blanks(), at_ < expr_.size()) {
      const char c = expr_[at_];
      if (c == '"' || c == '\'' || c == '`')
        skip_quoted();
      else if (c == '{')
        add(at_);
      else if (c == '[')
        skip_past(']');
      else if (is_digit(c) || c == '.')
        skip_number();
      else if (begins_name(c))
        name();
      else
        ++at_;
    }
    return std::move(found_);
  }

 private:
  char here() const { return at_ < expr_.size() ? expr_[at_] : '\0'; }

  /// Blanks and comments.
  void skip_blanks() {
    while (at_ < expr_.size()) {
      if (expr_[at_] == '#')
        at_ = std::min(expr_.find('\n', at_), expr_.size());
      else if (is_blank(expr_[at_]))
        ++at_;
      else
        return;
    }
  }

  void skip_quoted() {
    const char quote = expr_[at_++];
    while (at_ < expr_.size() && expr_[at_] != quote)
      at_ += quote != '`' && expr_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, expr_.size());
  }

  /// From an opening bracket past its end; what is quoted closes nothing.
  void skip_past(char closing) {
    ++at_;
    while (skip_blanks(), at_ < expr_.size()) {
      const char c = expr_[at_];
      if (c == '"' || c == '\'' || c == '`') {
        skip_quoted();
        continue;
      }
      ++at_;
      if (c == closing) return;
    }
  }

  /// A number or a duration: 1e3, 0x1f, 5m, 1h30m.
  void skip_number() {
    while (is_digit(here()) || here() == '.' || begins_name(here())) ++at_;
  }

  void name() {
    const std::size_t begin = at_;
    while (begins_name(here()) || is_digit(here())) ++at_;
    const std::size_t end = at_;
    const std::string word = lower(expr_.substr(begin, end - begin));
    skip_blanks();
    if (here() == '{') return add(begin);
    if (here() == '(') {
      if (takes_labels(word)) skip_past(')');
      return;  // a function, or an operator with its operands
    }
    if (is_keyword(word) || takes_labels(word)) return;
    const std::size_t next = at_;
    std::size_t next_end = next;
    while (next_end < expr_.size() && begins_name(expr_[next_end])) ++next_end;
    const std::string next_word = lower(expr_.substr(next, next_end - next));
    if (next_word == "by" || next_word == "without") return;  // sum by (…) (…)
    add(begin, end);
  }

  /// From `begin` past the braces that open here.
  void add(std::size_t begin) {
    skip_past('}');
    add(begin, at_);
  }
  void add(std::size_t begin, std::size_t end) {
    const std::string_view selector = expr_.substr(begin, end - begin);
    if (known_.insert(selector).second) found_.emplace_back(selector);
  }

  std::string_view expr_;
  std::size_t at_ = 0;
  std::vector<std::string> found_;
  std::set<std::string_view> known_;
};

}  // namespace

std::vector<std::string> selectors(std::string_view expr) { return Scanner(expr).scan(); }

}  // namespace tocsin::gameday

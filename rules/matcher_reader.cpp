#include "rules/matcher_reader.hpp"

#include "router/core/text.hpp"

#include <array>
#include <optional>

namespace tocsin::rules::detail {
namespace {

// Alertmanager's reserved characters: none of them may stand in a bare name or value.
constexpr std::string_view kReserved = "{}!=~,\\\"'`";
constexpr std::string_view kBlanks = " \t\n\r\v\f";

/// What word processors and web pages put in place of quotes and blanks: a matcher with one of them
/// would look right and never match, so outside quotes they are errors.
struct LookAlike {
  std::string_view bytes;
  std::string_view name;
};
constexpr std::array<LookAlike, 8> kLookAlikes{{{"\u00a0", "a no-break space"},
                                                {"\u200b", "an invisible space"},
                                                {"\ufeff", "a byte order mark"},
                                                {"\u2028", "a line separator"},
                                                {"\u201c", "a typographic quote"},
                                                {"\u201d", "a typographic quote"},
                                                {"\u2018", "a typographic quote"},
                                                {"\u2019", "a typographic quote"}}};

const LookAlike* look_alike_at(std::string_view text) {
  for (const LookAlike& candidate : kLookAlikes)
    if (text.starts_with(candidate.bytes)) return &candidate;
  return nullptr;
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<Parts> read() {
    TOCSIN_TRY(const Unit checked, check_encoding());
    static_cast<void>(checked);
    skip_blanks();
    if (at_end()) return fault("the matcher is empty; write one such as service=\"api\"");
    if (peek() == '{')
      return fault("braces are not used here; write each matcher as an entry of its own");
    Parts parts;
    TOCSIN_TRY(parts.name, read_name());
    skip_blanks();
    TOCSIN_TRY(parts.kind, read_operator());
    skip_blanks();
    parts.value_at = character();
    TOCSIN_TRY(parts.value, read_value(parts));
    skip_blanks();
    if (!at_end()) return fault(what_follows());
    return parts;
  }

 private:
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return text_[at_]; }
  void skip_blanks() {
    while (!at_end() && kBlanks.find(peek()) != std::string_view::npos) ++at_;
  }
  /// Where we are, in characters from 1.
  std::size_t character() const {
    std::size_t count = 1;
    for (const char c : text_.substr(0, at_)) count += continues(c) ? 0 : 1;
    return count;
  }
  Error fault(const std::string& what) const {
    return invalid("at character " + std::to_string(character()) + ": " + what);
  }

  Status check_encoding() {
    while (!at_end()) {
      const Character next = first_character(text_.substr(at_));
      if (!next.valid) return fault("this is not UTF-8; save the file as UTF-8");
      at_ += next.length;
    }
    at_ = 0;
    return ok();
  }

  Result<std::string> read_name() {
    const bool is_quoted = peek() == '"';
    TOCSIN_TRY(std::string name, is_quoted ? read_quoted() : read_bare());
    if (!name.empty()) return name;
    if (is_quoted) return fault("the label's name is empty");
    return fault("a label's name is expected; a name with any of " + std::string(kReserved) +
                 " or blanks goes in double quotes");
  }

  Result<MatchKind> read_operator() {
    const std::string_view rest = text_.substr(at_);
    struct Sign {
      std::string_view text;
      MatchKind kind;
    };
    for (const Sign& sign : {Sign{"=~", MatchKind::regex}, Sign{"!~", MatchKind::not_regex},
                             Sign{"!=", MatchKind::not_equal}, Sign{"=", MatchKind::equal}}) {
      if (!rest.starts_with(sign.text)) continue;
      if (rest.starts_with("==")) return fault("== is no operator; write = for equal");
      at_ += sign.text.size();
      return sign.kind;
    }
    if (rest.starts_with("~")) return fault("write =~ for a regular expression");
    return fault("an operator is expected: one of = != =~ !~; a name with blanks goes in quotes");
  }

  Result<std::string> read_value(const Parts& parts) {
    if (at_end())
      return fault("a value is expected; write " + parts.name +
                   "=\"\" for a label that is missing or empty");
    return peek() == '"' ? read_quoted() : read_bare();
  }

  Result<std::string> read_bare() {
    const std::size_t from = at_;
    while (!at_end() && kReserved.find(peek()) == std::string_view::npos &&
           kBlanks.find(peek()) == std::string_view::npos) {
      if (const LookAlike* found = look_alike_at(text_.substr(at_)))
        return fault("this is " + std::string(found->name) + "; type a plain one, or quote it");
      ++at_;
    }
    return std::string(text_.substr(from, at_ - from));
  }

  Result<std::string> read_quoted() {
    const std::size_t opening = character();
    std::string value;
    for (++at_; !at_end(); ++at_) {
      if (peek() == '"') {
        ++at_;
        return value;
      }
      const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
      if (peek() != '\\') {
        value += peek();
      } else if (next == 'n' || next == '"' || next == '\\') {
        value += next == 'n' ? '\n' : next;
        ++at_;
      } else {
        // As Alertmanager does: "10\.0" keeps its backslash, so that regular expressions need not
        // double it.
        value += '\\';
      }
    }
    return fault("the quote opened at character " + std::to_string(opening) +
                 " is not closed; end it with \"");
  }

  std::string what_follows() const {
    if (peek() == ',')
      return "a comma ends a matcher; write each matcher as an entry of its own, or quote the "
             "value";
    if (peek() == '\'' || peek() == '`') return "a value is quoted with double quotes: \"…\"";
    if (kReserved.find(peek()) != std::string_view::npos)
      return std::string(1, peek()) + " may not stand in a bare value; quote it: \"…\"";
    return "nothing may follow the value; quote it if it has blanks: \"…\"";
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<Parts> read_matcher(std::string_view text) { return Reader(text).read(); }

bool can_be_bare(std::string_view name) {
  if (name.find_first_of(kReserved) != std::string_view::npos ||
      name.find_first_of(kBlanks) != std::string_view::npos)
    return false;
  for (std::size_t i = 0; i < name.size(); ++i)
    if (look_alike_at(name.substr(i)) != nullptr) return false;
  return true;
}

}  // namespace tocsin::rules::detail

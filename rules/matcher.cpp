#include "rules/matcher.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "rules/literals.hpp"
#include "rules/matcher_reader.hpp"

namespace tocsin::rules {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '"' || c == '\\')
      out.append({'\\', c});
    else
      out += c;
  }
  return out + '"';
}

std::string_view sign(MatchKind kind) {
  switch (kind) {
    case MatchKind::equal:
      return "=";
    case MatchKind::not_equal:
      return "!=";
    case MatchKind::regex:
      return "=~";
    case MatchKind::not_regex:
      return "!~";
  }
  return "=";
}

bool is_pattern(MatchKind kind) { return kind == MatchKind::regex || kind == MatchKind::not_regex; }

}  // namespace

struct Matcher::Compiled {
  explicit Compiled(const std::string& pattern) : expression(pattern, options()) {}

  static RE2::Options options() {
    RE2::Options options;
    options.set_log_errors(false);  // RE2 would write to stderr; the error is ours to tell
    options.set_max_mem(static_cast<std::int64_t>(kMostPatternMemory));
    return options;
  }
  RE2 expression;
};

Matcher::Matcher(std::string name, MatchKind kind, std::string value,
                 std::shared_ptr<const Compiled> compiled)
    : name_(std::move(name)),
      kind_(kind),
      value_(std::move(value)),
      prefix_(is_pattern(kind) ? literal_prefix(value_) : 0),
      compiled_(std::move(compiled)) {}

Result<Matcher> Matcher::parse(std::string_view text) {
  TOCSIN_TRY(detail::Parts parts, detail::read_matcher(text));
  std::shared_ptr<const Compiled> compiled;
  if (is_pattern(parts.kind)) {
    if (parts.value.size() > kMostPatternBytes)
      return invalid("the regular expression is longer than " + std::to_string(kMostPatternBytes) +
                     " bytes; split it over several rules");
    compiled = std::make_shared<const Compiled>(parts.value);
    if (!compiled->expression.ok())
      return invalid("at character " + std::to_string(parts.value_at) + ": " + quoted(parts.value) +
                     " is no regular expression (" + compiled->expression.error() +
                     "); RE2's syntax is described at " +
                     "https://github.com/google/re2/wiki/Syntax");
  }
  return Matcher(std::move(parts.name), parts.kind, std::move(parts.value), std::move(compiled));
}

std::string Matcher::text() const {
  const std::string name = detail::can_be_bare(name_) ? name_ : quoted(name_);
  return name + std::string(sign(kind_)) + quoted(value_);
}

bool Matcher::matches(const Fields& labels) const {
  const std::string_view value = labels.get(name_);
  switch (kind_) {
    case MatchKind::equal:
      return value == value_;
    case MatchKind::not_equal:
      return value != value_;
    case MatchKind::regex:
    case MatchKind::not_regex:
      break;
  }
  // Most values fail here already, long before a regular expression would have been fetched from
  // memory. Debian's RE2 has a string view of its own.
  const bool found =
      value.starts_with(std::string_view(value_).substr(0, prefix_)) &&
      RE2::FullMatch(re2::StringPiece(value.data(), value.size()), compiled_->expression);
  return found == (kind_ == MatchKind::regex);
}

std::optional<Matcher::Range> Matcher::range() const {
  Range range;
  const bool known = kind_ == MatchKind::regex && compiled_->expression.PossibleMatchRange(
                                                      &range.least, &range.most, kMostRangeBytes);
  return known ? std::optional(std::move(range)) : std::nullopt;
}

bool all_match(const std::vector<Matcher>& matchers, const Fields& labels) {
  return std::all_of(matchers.begin(), matchers.end(),
                     [&](const Matcher& matcher) { return matcher.matches(labels); });
}

}  // namespace tocsin::rules

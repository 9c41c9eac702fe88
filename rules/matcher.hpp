// One matcher in Alertmanager's syntax: a label's name, an operator and a value.
//
//   service="api"   team!="cdp"   alertname=~"High.*|Errors"   "http.status"!~"2.."
//
// Facts of the format (Alertmanager 0.27 and later, UTF-8 names): names are bare ([^{}!=~,\\"'` and
// blanks]) or double-quoted; values are bare or double-quoted with \\ \" \n; regular expressions
// are RE2 and match the whole value; a label that is missing is an empty one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "router/core/fields.hpp"
#include "router/core/result.hpp"

namespace tocsin::rules {

enum class MatchKind : std::uint8_t { equal, not_equal, regex, not_regex };

class Matcher {
 public:
  /// One matcher. Errors: invalid, saying what is wrong at which character, and what to write
  /// instead.
  static Result<Matcher> parse(std::string_view text);

  const std::string& name() const { return name_; }
  MatchKind kind() const { return kind_; }
  const std::string& value() const { return value_; }
  /// As Alertmanager prints it: quoted, escaped.
  std::string text() const;

  bool matches(const Fields& labels) const;

  /// Of a regular expression: no value below `least` or above `most`, in the order of bytes,
  /// matches. Nothing where so much is not known.
  struct Range {
    std::string least;
    std::string most;

    bool holds(std::string_view value) const { return least <= value && value <= most; }
  };
  std::optional<Range> range() const;

 private:
  struct Compiled;  // RE2; immutable, so that copies share it
  Matcher(std::string name, MatchKind kind, std::string value,
          std::shared_ptr<const Compiled> compiled);

  std::string name_;
  MatchKind kind_;
  std::string value_;
  std::size_t prefix_ = 0;  // bytes of a pattern that a value it matches begins with
  std::shared_ptr<const Compiled> compiled_;
};

/// Every one of them; none at all matches everything.
bool all_match(const std::vector<Matcher>& matchers, const Fields& labels);

/// Longest pattern and most memory of one compiled pattern; RE2 has no catastrophic inputs, but
/// large programs.
inline constexpr std::size_t kMostPatternBytes = 4096;
inline constexpr std::size_t kMostPatternMemory = 1u << 20;
/// Enough of a value to tell most of them apart.
inline constexpr int kMostRangeBytes = 16;

}  // namespace tocsin::rules

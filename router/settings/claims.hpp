// Which rules stand before a rule and take its alerts: all of them, or those that both claim.
//
// Two rules of one team are in the order that it wants. Of two teams nobody may have looked at both
// files, so it is worth saying when the first to be read takes what the other counts on.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/rule.hpp"

namespace tocsin::settings {

class Claims {
 public:
  /// `rules` must outlive it.
  explicit Claims(const std::vector<rules::Rule>& rules);

  /// A rule that lets nothing past, in the order of rules.
  void add(std::size_t rule);

  /// A rule that was added and takes all that this one matches.
  std::optional<std::size_t> takes_all(std::size_t rule) const;
  /// A rule of another team that was added, asks for a value that this one asks for, and can match
  /// the same alert. Values that many teams ask for, such as a severity, are no sign that they mean
  /// the same alerts.
  std::optional<std::size_t> takes_some(std::size_t rule) const;

 private:
  using Table = std::unordered_map<std::string, std::vector<std::size_t>>;
  struct Asked {
    std::size_t rules = 0;                // that demand this value
    std::vector<std::string_view> teams;  // each once, the first few
  };

  static std::string key(std::string_view label, std::string_view value);

  const std::vector<rules::Rule>& rules_;
  std::unordered_map<std::string, Asked> asked_;  // by value
  Table by_rarest_;                               // each rule under one of its matchers …
  Table by_label_;                                // … or here, if it demands no value
  Table by_value_;                                // and under all its values that few teams ask for
};

/// Rules looked at for one, so that 100,000 take seconds; beyond, something may go unsaid.
inline constexpr std::size_t kMostCandidates = 64;
/// Values looked up for one rule, and teams that may ask for the same without being many.
inline constexpr std::size_t kMostLookups = 64;
inline constexpr std::size_t kFewTeams = 3;

}  // namespace tocsin::settings

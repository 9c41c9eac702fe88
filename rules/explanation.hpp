// Why an alert was decided as it was: the decision, and what became of every rule on the way to it.
//
// The decision is RuleSet::decide's own. It finds its rules by an index; an explanation tries them
// one after the other, and so costs in proportion to their number: for people, not for every alert.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/rule.hpp"

namespace tocsin::rules {

enum class Verdict : std::uint8_t { matched, not_matched, not_reached };
std::string_view to_string(Verdict verdict);

/// The first matcher of a rule that the alert does not meet.
struct Misfit {
  std::string matcher;               // as Alertmanager prints it, cut
  std::string label;                 // its name
  std::optional<std::string> value;  // what the alert has there, cut; nothing: no such label
  std::size_t others = 0;            // further matchers of the rule that fail too

  bool operator==(const Misfit&) const = default;
};

struct TriedRule {
  std::string name;
  std::string team;
  Verdict verdict = Verdict::not_matched;
  std::string matchers;          // all of them, cut
  std::size_t held = 0;          // of its matchers, how many the alert meets
  bool goes_on = false;          // `continue`: the rules after it speak as well
  std::optional<Misfit> misfit;  // not_matched: why

  bool operator==(const TriedRule&) const = default;
};

struct Explanation {
  Decision decision;
  /// In their order. Where there are more than kMostExplained: those that matched before the
  /// others, the first of each.
  std::vector<TriedRule> rules;
  std::size_t not_shown = 0;    // of those that were tried, or not reached
  std::size_t matched = 0;      // of all, shown or not
  std::size_t not_matched = 0;  // likewise
  std::size_t not_reached = 0;  // likewise: they stand after the rule that ended it

  bool operator==(const Explanation&) const = default;
};

inline constexpr std::size_t kMostExplained = 1'000;
/// Of a label's name or value, and of one matcher: senders and patterns may be as long as they
/// like.
inline constexpr std::size_t kMostExplainedBytes = 200;

/// The same labels, words and rules always give the same explanation.
Explanation explain(const RuleSet& set, const Fields& labels, const SeverityWords& words);

/// What became of the rule, in words, for people: one line, fit for a terminal.
std::string sentence(const TriedRule& rule);

}  // namespace tocsin::rules

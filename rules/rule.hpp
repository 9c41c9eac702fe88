// Rules, and the question they answer: what is to be done about an alert with these labels? Pure.
//
// First form: first match wins in the order of files and lines; severity, impact, page, suppress;
// the default for what no rule claims.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "router/core/decision.hpp"
#include "router/core/fields.hpp"
#include "rules/matcher.hpp"

namespace tocsin::rules {

struct Rule {
  std::string name;
  std::string team;
  std::vector<Matcher> matchers;  // all must match; none matches everything
  std::optional<Severity> severity;
  std::string impact;
  std::string page;      // policy; empty: the default policy
  std::string suppress;  // why nobody needs to know; empty: not suppressed
};

/// What the sender's words for severity stand for, from the integration; anything else in the label
/// `severity` is error.
using SeverityWords = std::map<std::string, Severity, std::less<>>;

class RuleSet {
 public:
  RuleSet() = default;
  /// `default_policy` and its team decide what no rule claims.
  RuleSet(std::vector<Rule> rules, std::string default_policy, std::string default_team)
      : rules_(std::move(rules)),
        default_policy_(std::move(default_policy)),
        default_team_(std::move(default_team)) {}

  /// The same labels, words and rules always give the same decision.
  Decision decide(const Fields& labels, const SeverityWords& words) const;

  const std::vector<Rule>& rules() const { return rules_; }

 private:
  std::vector<Rule> rules_;
  std::string default_policy_;
  std::string default_team_;
};

}  // namespace tocsin::rules

// Rules, and the question they answer: what is to be done about an alert with these labels? Pure.
//
// The first rule that matches decides, in the order of files and lines. One that says `continue`
// lets the next ones speak as well: the first to say severity, impact, runbook, policy, `after` or
// a remedy is heard, and what is told to channels is united; one that suppresses goes before one
// that advises, and that before one that pages. What no rule claims pages the default policy.
//
// A remedy belongs to a page: the policy beside it is what pages if the hook does not help. One
// that runs by itself makes the outcome `remediate`; one that somebody must approve leaves it at
// `page`, because it is a person who is asked.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "router/core/decision.hpp"
#include "router/core/fields.hpp"
#include "rules/index.hpp"
#include "rules/matcher.hpp"

namespace tocsin::rules {

struct Rule {
  std::string name;
  std::string team;
  std::vector<Matcher> matchers;  // all must match; none matches everything
  std::optional<Severity> severity;
  std::string impact;
  std::string page;               // policy; empty: the default policy
  std::string suppress;           // why nobody needs to know; empty: not suppressed
  std::optional<Duration> after;  // page only if it is still firing after that long
  std::optional<Runbook> runbook;
  std::optional<Remedy> remedy;
  std::string manual;  // advise: answered with this page, and nobody is woken; empty: not advised
  std::vector<std::string> tell;  // advise: channels that hear of it
  std::string team_channel;       // the team's own channel; may be empty
  bool go_on = false;             // `continue: true`
};

/// Its matchers as people read them, cut: a pattern may list hundreds of services.
std::string matchers_text(const Rule& rule);

/// What the sender's words for severity stand for, from the integration; anything else in the label
/// `severity` is error.
using SeverityWords = std::map<std::string, Severity, std::less<>>;

/// Copies share one table of rules: copying is cheap, and so is deciding however many there are.
class RuleSet {
 public:
  RuleSet() : RuleSet({}, {}, {}) {}
  /// `default_policy`, its team and that team's channel decide what no rule claims.
  RuleSet(std::vector<Rule> rules, std::string default_policy, std::string default_team,
          std::string default_team_channel = {});

  /// The same labels, words and rules always give the same decision.
  Decision decide(const Fields& labels, const SeverityWords& words) const;

  const std::vector<Rule>& rules() const { return *rules_; }
  const std::string& default_policy() const { return default_policy_; }
  const std::string& default_team() const { return default_team_; }
  const std::string& default_team_channel() const { return default_team_channel_; }

 private:
  /// The rules that speak: those that match, up to the first without `continue`.
  std::vector<const Rule*> speaking(const Fields& labels) const;

  std::shared_ptr<const std::vector<Rule>> rules_;
  std::shared_ptr<const Index> index_;  // of rules_
  std::string default_policy_;
  std::string default_team_;
  std::string default_team_channel_;
};

}  // namespace tocsin::rules

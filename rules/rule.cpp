#include "rules/rule.hpp"

#include <algorithm>

namespace tocsin::rules {
namespace {

constexpr std::string_view kSeverityLabel = "severity";
/// A sender may put anything into the label; what is shown of a word that nobody knows.
constexpr std::size_t kMostWordBytes = 64;

bool claims(const Rule& rule, const Fields& labels) {
  return std::all_of(rule.matchers.begin(), rule.matchers.end(),
                     [&](const Matcher& matcher) { return matcher.matches(labels); });
}

std::string matchers_of(const Rule& rule) {
  std::string text;
  for (const Matcher& matcher : rule.matchers) text += (text.empty() ? "" : ", ") + matcher.text();
  return text.empty() ? "every alert" : text;
}

std::string shown(std::string_view word) {
  if (word.size() <= kMostWordBytes) return std::string(word);
  std::size_t end = kMostWordBytes;
  while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xc0) == 0x80) --end;
  return std::string(word.substr(0, end)) + "…";
}

struct Judged {
  Severity severity;
  Reason reason;
};

Judged severity_of(const Rule* rule, const Fields& labels, const SeverityWords& words) {
  if (rule != nullptr && rule->severity)
    return {*rule->severity,
            {ReasonKind::severity_from_rule, rule->name, std::string(to_string(*rule->severity))}};
  const std::string_view word = labels.get(kSeverityLabel);
  const auto translated = words.find(word);
  const std::optional<Severity> known =
      translated != words.end() ? std::optional(translated->second) : severity_named(word);
  if (!known) return {Severity::error, {ReasonKind::severity_unknown, shown(word), {}}};
  return {*known, {ReasonKind::severity_from_label, shown(word), std::string(to_string(*known))}};
}

}  // namespace

Decision RuleSet::decide(const Fields& labels, const SeverityWords& words) const {
  const auto found = std::find_if(rules_.begin(), rules_.end(),
                                  [&](const Rule& rule) { return claims(rule, labels); });
  const Rule* const rule = found == rules_.end() ? nullptr : &*found;

  Decision decision;
  decision.team = rule != nullptr ? rule->team : default_team_;
  if (rule != nullptr) {
    decision.rule = rule->name;
    decision.impact = rule->impact;
    decision.reasons.push_back({ReasonKind::rule_matched, rule->name, matchers_of(*rule)});
  } else {
    decision.reasons.push_back({ReasonKind::no_rule_matched, {}, {}});
  }

  Judged judged = severity_of(rule, labels, words);
  decision.severity = judged.severity;
  decision.reasons.push_back(std::move(judged.reason));

  if (rule != nullptr && !rule->suppress.empty()) {
    decision.outcome = Outcome::suppress;
    decision.reasons.push_back({ReasonKind::suppressed_by_rule, rule->name, rule->suppress});
  } else if (rule != nullptr && !rule->page.empty()) {
    decision.policy = rule->page;
    decision.reasons.push_back({ReasonKind::policy_from_rule, rule->name, rule->page});
  } else {
    decision.policy = default_policy_;
    decision.reasons.push_back({ReasonKind::policy_default, {}, default_policy_});
  }
  return decision;
}

}  // namespace tocsin::rules

#include "rules/rule.hpp"

#include <algorithm>

#include "router/core/text.hpp"

namespace tocsin::rules {
namespace {

constexpr std::string_view kSeverityLabel = "severity";
/// A sender may put anything into the label; what is shown of a word that nobody knows.
constexpr std::size_t kMostWordBytes = 64;
/// Of a rule's matchers in a reason, which stands in every decision, turn and page: a pattern may
/// list hundreds of services.
constexpr std::size_t kMostMatchersBytes = 500;

using Speaking = std::vector<const Rule*>;

std::string shown(std::string_view word) {
  if (word.size() <= kMostWordBytes) return std::string(word);
  std::size_t end = kMostWordBytes;
  while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xc0) == 0x80) --end;
  return std::string(word.substr(0, end)) + "…";
}

/// The first to say something about what `says` asks for.
template <typename Says>
const Rule* first_to_say(const Speaking& speaking, Says says) {
  const auto found =
      std::find_if(speaking.begin(), speaking.end(), [&](const Rule* rule) { return says(*rule); });
  return found == speaking.end() ? nullptr : *found;
}

void judge_severity(const Speaking& speaking, const Fields& labels, const SeverityWords& words,
                    Decision& decision) {
  const auto judged = [&](Severity severity, Reason reason) {
    decision.severity = severity;
    decision.reasons.push_back(std::move(reason));
  };
  const Rule* rule =
      first_to_say(speaking, [](const Rule& each) { return each.severity.has_value(); });
  if (rule != nullptr)
    return judged(*rule->severity, {ReasonKind::severity_from_rule, rule->name,
                                    std::string(to_string(*rule->severity))});
  const std::string_view word = labels.get(kSeverityLabel);
  const auto translated = words.find(word);
  const std::optional<Severity> known =
      translated != words.end() ? std::optional(translated->second) : severity_named(word);
  if (!known) return judged(Severity::error, {ReasonKind::severity_unknown, shown(word), {}});
  judged(*known, {ReasonKind::severity_from_label, shown(word), std::string(to_string(*known))});
}

void suppress(const Rule& rule, Decision& decision) {
  decision.outcome = Outcome::suppress;
  decision.reasons.push_back({ReasonKind::suppressed_by_rule, rule.name, rule.suppress});
}

void advise(const Rule& rule, const Speaking& speaking, Decision& decision) {
  decision.outcome = Outcome::advise;
  decision.manual = rule.manual;
  for (const Rule* each : speaking)
    for (const std::string& channel : each->tell)
      if (std::find(decision.tell.begin(), decision.tell.end(), channel) == decision.tell.end())
        decision.tell.push_back(channel);
  decision.reasons.push_back({ReasonKind::advised_by_rule, rule.name, rule.manual});
}

void page(const Speaking& speaking, const std::string& default_policy, Decision& decision) {
  auto& reasons = decision.reasons;
  const Rule* rule = first_to_say(speaking, [](const Rule& each) { return !each.page.empty(); });
  decision.policy = rule != nullptr ? rule->page : default_policy;
  if (rule != nullptr)
    reasons.push_back({ReasonKind::policy_from_rule, rule->name, rule->page});
  else
    reasons.push_back({ReasonKind::policy_default, {}, default_policy});

  rule = first_to_say(speaking, [](const Rule& each) { return each.runbook.has_value(); });
  if (rule != nullptr) {
    decision.runbook = rule->runbook;
    reasons.push_back({ReasonKind::runbook_from_rule, rule->name, rule->runbook->name});
  } else {
    reasons.push_back({ReasonKind::no_runbook, {}, {}});
  }

  rule = first_to_say(speaking, [](const Rule& each) { return each.after.has_value(); });
  if (rule != nullptr) {
    decision.after = *rule->after;
    reasons.push_back({ReasonKind::after_from_rule, rule->name, format_duration(*rule->after)});
  }
}

/// Beside what page() decided, which stays as it is: a hook that does not help ends in that page.
void remediate(const Speaking& speaking, Decision& decision) {
  const Rule* rule =
      first_to_say(speaking, [](const Rule& each) { return each.remedy.has_value(); });
  if (rule == nullptr) return;
  decision.remedy = rule->remedy;
  if (rule->remedy->mode == RemedyMode::automatic) decision.outcome = Outcome::remediate;
  decision.reasons.push_back({ReasonKind::remedy_from_rule, rule->name, rule->remedy->hook});
}

}  // namespace

std::string matchers_text(const Rule& rule) {
  std::string text;
  for (const Matcher& matcher : rule.matchers) text += (text.empty() ? "" : ", ") + matcher.text();
  return text.empty() ? "every alert" : cut(text, kMostMatchersBytes);
}

RuleSet::RuleSet(std::vector<Rule> rules, std::string default_policy, std::string default_team,
                 std::string default_team_channel)
    : rules_(std::make_shared<const std::vector<Rule>>(std::move(rules))),
      index_(std::make_shared<const Index>(*rules_)),
      default_policy_(std::move(default_policy)),
      default_team_(std::move(default_team)),
      default_team_channel_(std::move(default_team_channel)) {}

std::vector<const Rule*> RuleSet::speaking(const Fields& labels) const {
  Speaking all;
  Index::Candidates candidates = index_->candidates(labels);
  while (const auto number = candidates.next()) {
    const Rule& rule = (*rules_)[*number];
    if (!all_match(rule.matchers, labels)) continue;
    all.push_back(&rule);
    if (!rule.go_on) break;
  }
  return all;
}

Decision RuleSet::decide(const Fields& labels, const SeverityWords& words) const {
  const Speaking speaking = this->speaking(labels);
  Decision decision;
  if (speaking.empty()) {
    decision.team = default_team_;
    decision.team_channel = default_team_channel_;
    decision.reasons.push_back({ReasonKind::no_rule_matched, {}, {}});
  } else {
    decision.rule = speaking.front()->name;
    decision.team = speaking.front()->team;
    decision.team_channel = speaking.front()->team_channel;
  }
  for (const Rule* rule : speaking)
    decision.reasons.push_back({ReasonKind::rule_matched, rule->name, matchers_text(*rule)});
  judge_severity(speaking, labels, words, decision);
  const Rule* rule = first_to_say(speaking, [](const Rule& each) { return !each.impact.empty(); });
  if (rule != nullptr) decision.impact = rule->impact;

  rule = first_to_say(speaking, [](const Rule& each) { return !each.suppress.empty(); });
  if (rule != nullptr) {
    suppress(*rule, decision);
    return decision;
  }
  rule = first_to_say(speaking, [](const Rule& each) { return !each.manual.empty(); });
  if (rule != nullptr) {
    advise(*rule, speaking, decision);
    return decision;
  }
  page(speaking, default_policy_, decision);
  remediate(speaking, decision);
  return decision;
}

}  // namespace tocsin::rules

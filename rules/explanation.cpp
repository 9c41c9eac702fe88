#include "rules/explanation.hpp"

#include "router/core/text.hpp"

namespace tocsin::rules {
namespace {

std::string shown(std::string_view text) { return cut(text, kMostExplainedBytes); }

Misfit misfit_of(const Matcher& matcher, const Fields& labels) {
  Misfit misfit{shown(matcher.text()), shown(matcher.name()), std::nullopt, 0};
  // To a matcher an empty label is a missing one.
  if (const std::string_view value = labels.get(matcher.name()); !value.empty())
    misfit.value = shown(value);
  return misfit;
}

TriedRule tried(const Rule& rule, const Fields& labels, Verdict verdict) {
  TriedRule told{rule.name, rule.team, verdict, matchers_text(rule), 0, rule.go_on, std::nullopt};
  if (verdict == Verdict::not_reached) return told;
  for (const Matcher& matcher : rule.matchers) {
    if (matcher.matches(labels))
      ++told.held;
    else if (told.misfit)
      ++told.misfit->others;
    else
      told.misfit = misfit_of(matcher, labels);
  }
  return told;
}

bool matches(const Rule& rule, const Fields& labels) {
  for (const Matcher& matcher : rule.matchers)
    if (!matcher.matches(labels)) return false;
  return true;
}

std::vector<Verdict> verdicts(const std::vector<Rule>& rules, const Fields& labels,
                              Explanation& explanation) {
  std::vector<Verdict> all;
  all.reserve(rules.size());
  bool ended = false;
  for (const Rule& rule : rules) {
    const Verdict verdict = ended                   ? Verdict::not_reached
                            : matches(rule, labels) ? Verdict::matched
                                                    : Verdict::not_matched;
    ended = ended || (verdict == Verdict::matched && !rule.go_on);
    ++(verdict == Verdict::matched       ? explanation.matched
       : verdict == Verdict::not_matched ? explanation.not_matched
                                         : explanation.not_reached);
    all.push_back(verdict);
  }
  return all;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::matched:
      return "matched";
    case Verdict::not_matched:
      return "not matched";
    case Verdict::not_reached:
      return "not reached";
  }
  return "not matched";
}

Explanation explain(const RuleSet& set, const Fields& labels, const SeverityWords& words) {
  Explanation explanation;
  explanation.decision = set.decide(labels, words);
  const std::vector<Rule>& rules = set.rules();
  const std::vector<Verdict> became = verdicts(rules, labels, explanation);
  // Room for each kind: those that matched decided it, and must not drown in those that did not.
  std::size_t left = kMostExplained;
  const auto share = [&](std::size_t wanted) {
    const std::size_t given = std::min(wanted, left);
    left -= given;
    return given;
  };
  std::size_t matched = share(explanation.matched);
  std::size_t not_matched = share(explanation.not_matched);
  std::size_t not_reached = share(explanation.not_reached);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    std::size_t& room = became[i] == Verdict::matched       ? matched
                        : became[i] == Verdict::not_matched ? not_matched
                                                            : not_reached;
    if (room == 0) {
      ++explanation.not_shown;
      continue;
    }
    --room;
    explanation.rules.push_back(tried(rules[i], labels, became[i]));
  }
  return explanation;
}

std::string sentence(const TriedRule& rule) {
  switch (rule.verdict) {
    case Verdict::matched:
      return "matched: " + one_line(rule.matchers) +
             (rule.goes_on ? "; it says continue, so the rules after it speak as well" : "");
    case Verdict::not_reached:
      return "not reached: a rule before it decided";
    case Verdict::not_matched:
      break;
  }
  if (!rule.misfit) return "did not match";
  const Misfit& misfit = *rule.misfit;
  std::string text = one_line(misfit.matcher) + " fails: the alert has ";
  text += misfit.value ? one_line(misfit.label) + "=" + one_line(json_string(*misfit.value))
                       : "no " + one_line(misfit.label);
  if (misfit.others > 0)
    text += "; " + std::to_string(misfit.others) +
            (misfit.others == 1 ? " other matcher fails too" : " other matchers fail too");
  return text;
}

}  // namespace tocsin::rules

// Rules that no alert can reach: what stands before them takes it, or they contradict themselves.
#include <algorithm>
#include <unordered_map>

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

using Texts = std::vector<std::string>;  // of a rule's matchers, sorted, each once

Texts texts_of(const rules::Rule& rule) {
  Texts texts;
  for (const rules::Matcher& matcher : rule.matchers) texts.push_back(matcher.text());
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

/// A value that one matcher demands and another refuses: no alert has both.
void note_contradiction(const rules::Rule& rule, const RulePlace& place, Report& report) {
  const auto& matchers = rule.matchers;
  for (std::size_t i = 0; i < matchers.size(); ++i) {
    if (matchers[i].kind() != rules::MatchKind::equal) continue;
    const Fields demanded(std::vector<Fields::Pair>{{matchers[i].name(), matchers[i].value()}});
    for (std::size_t j = 0; j < matchers.size(); ++j) {
      if (matchers[j].name() != matchers[i].name() || matchers[j].matches(demanded)) continue;
      // Their texts may have been filled in from outside, so only their places are named.
      return report.note(place.matchers[std::max(i, j)],
                         "contradicts matchers[" + std::to_string(std::min(i, j)) +
                             "], so the rule can never match; mend one of the two");
    }
  }
}

/// Rules that let nothing past, to be found by what they match.
class Barriers {
 public:
  /// By how often each matcher is written, so that rules can be filed under their rarest.
  explicit Barriers(const std::vector<Texts>& all) {
    for (const Texts& texts : all)
      for (const std::string& text : texts) ++written_[text];
  }

  void add(std::size_t rule, const Texts& texts) {
    if (texts.empty()) return;
    const auto rarest = std::min_element(
        texts.begin(), texts.end(),
        [&](const std::string& a, const std::string& b) { return written_[a] < written_[b]; });
    filed_[*rarest].push_back(rule);
  }

  /// The first that matches whatever these do, having no matcher that they have not.
  std::optional<std::size_t> before(const Texts& texts, const std::vector<Texts>& all) const {
    std::optional<std::size_t> first;
    for (const std::string& text : texts) {
      const auto filed = filed_.find(text);
      if (filed == filed_.end()) continue;
      for (const std::size_t rule : filed->second) {
        if (first && *first < rule) break;
        if (!std::includes(texts.begin(), texts.end(), all[rule].begin(), all[rule].end()))
          continue;
        first = rule;
        break;
      }
    }
    return first;
  }

 private:
  std::unordered_map<std::string, std::size_t> written_;
  std::unordered_map<std::string, std::vector<std::size_t>> filed_;
};

std::string what_stands_before(const rules::Rule& barrier, const Place& place,
                               const rules::Rule& rule) {
  const std::string whose = barrier.team == rule.team ? ""
                            : barrier.team.empty()    ? "the service's "
                                                      : "team " + barrier.team + "'s ";
  return "can never match: " + whose + "rule " + shown(barrier.name) + " in " + short_form(place) +
         " stands before it and takes all that it matches; " +
         (whose.empty() ? "move it before that one" : "agree whose it is") +
         ", or let that one say continue: true";
}

}  // namespace

void note_rules_never_reached(Draft& draft) {
  const auto& rules = draft.settings.rules;
  std::vector<Texts> texts(rules.size());
  std::transform(rules.begin(), rules.end(), texts.begin(), texts_of);
  Barriers barriers(texts);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const RulePlace& place = draft.rule_places[i];
    if (!place.whole) continue;
    note_contradiction(rules[i], place, draft.report);
    if (const auto barrier = barriers.before(texts[i], texts)) {
      draft.report.note(place.rule, what_stands_before(rules[*barrier],
                                                       draft.rule_places[*barrier].rule, rules[i]));
      continue;  // what this one would stop is stopped already
    }
    if (rules[i].go_on) continue;
    if (texts[i].empty()) {
      const std::size_t after = rules.size() - i - 1;
      if (after == 0) return;
      // One note for all of them, instead of one for each.
      return draft.report.note(
          place.rule, "matches every alert, so " + std::to_string(after) +
                          (after == 1 ? " rule" : " rules") +
                          " after it can never match; give it matchers, or move it to the end");
    }
    barriers.add(i, texts[i]);
  }
}

}  // namespace tocsin::settings

// Rules that no alert can reach: what stands before them takes it, or they contradict themselves.
// And rules of one team that stand in another's way.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "router/settings/claims.hpp"

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

std::string team_of(const rules::Rule& rule) {
  return rule.team.empty() ? "the service's rules" : "team " + rule.team + "'s rules";
}

/// One team's rules that take some of another's alerts: a note for each pair of teams, at the first
/// place, as what is to be agreed is the same for all of them.
class Trespasses {
 public:
  explicit Trespasses(Draft& draft) : draft_(draft) {}

  void add(std::size_t before, std::size_t rule) {
    const auto& rules = draft_.settings.rules;
    const auto [pair, is_new] =
        found_.emplace(std::pair(rules[before].team, rules[rule].team), Found{before, rule, 0});
    if (!is_new) ++pair->second.more;
  }

  void note() const {
    for (const auto& [teams, found] : found_) {
      const rules::Rule& before = draft_.settings.rules[found.before];
      const rules::Rule& rule = draft_.settings.rules[found.rule];
      const std::string more = found.more == 0 ? ""
                                               : " (and of " + std::to_string(found.more) +
                                                     " more of " + team_of(rule) + ")";
      draft_.report.note(draft_.rule_places[found.rule].rule,
                         "team " + before.team + "'s rule " + shown(before.name) + " in " +
                             short_form(draft_.rule_places[found.before].rule) +
                             " stands before it and takes the alerts that both match" + more +
                             "; agree whose they are, or let that one say continue: true");
    }
  }

 private:
  struct Found {
    std::size_t before, rule, more;
  };
  Draft& draft_;
  std::map<std::pair<std::string, std::string>, Found> found_;
};

}  // namespace

void note_rules_never_reached(Draft& draft) {
  const auto& rules = draft.settings.rules;
  std::vector<Texts> texts(rules.size());
  std::transform(rules.begin(), rules.end(), texts.begin(), texts_of);
  Barriers barriers(texts);
  Claims claims(rules);
  Trespasses trespasses(draft);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const RulePlace& place = draft.rule_places[i];
    if (!place.whole) continue;
    note_contradiction(rules[i], place, draft.report);
    auto barrier = barriers.before(texts[i], texts);
    if (!barrier) barrier = claims.takes_all(i);
    if (barrier) {
      draft.report.note(place.rule, what_stands_before(rules[*barrier],
                                                       draft.rule_places[*barrier].rule, rules[i]));
      continue;  // what this one would stop is stopped already
    }
    if (const auto before = claims.takes_some(i)) trespasses.add(*before, i);
    if (rules[i].go_on) continue;
    if (texts[i].empty()) {
      const std::size_t after = rules.size() - i - 1;
      // One note for all of them, instead of one for each.
      if (after > 0)
        draft.report.note(place.rule,
                          "matches every alert, so " + std::to_string(after) +
                              (after == 1 ? " rule" : " rules") +
                              " after it can never match; give it matchers, or move it to the end");
      break;
    }
    barriers.add(i, texts[i]);
    claims.add(i);
  }
  trespasses.note();
}

}  // namespace tocsin::settings

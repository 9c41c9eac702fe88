// The index against a walk over every rule: the same decisions, and few rules tried.
#include "rules/index.hpp"

#include <algorithm>
#include <random>

#include "rules/rule.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::rules;

namespace {

constexpr int kCases = 10'000;

/// Every kind of matcher over few labels and values, so that rules often overlap.
std::vector<Matcher> pool() {
  std::vector<Matcher> all;
  for (const std::string name : {"a", "b", "c"})
    for (const std::string_view rest :
         {R"(="x")", R"(="y")", R"(="")", R"(!="x")", R"(!="")", R"(=~"x|y")", "=~(y|z)",
          R"(=~"x|")", R"(=~"x|x")", R"(=~"")", R"(=~".*")", R"(=~".+")", R"(=~"x.*")", "=~(?i)X",
          R"(=~"x\.y|z")", R"(!~"x|y")", R"(!~".+")", R"(!~"")", R"(!~".*")"})
      all.push_back(Matcher::parse(name + std::string(rest)).value());
  return all;
}

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t most) { return engine_() % most; }
  bool one_in(std::size_t count) { return below(count) == 0; }

 private:
  std::mt19937 engine_;
};

std::vector<Rule> some_rules(Dice& dice, const std::vector<Matcher>& pool) {
  std::vector<Rule> rules(dice.below(13));
  for (std::size_t i = 0; i < rules.size(); ++i) {
    Rule& rule = rules[i];
    rule.name = "r" + std::to_string(i);
    rule.team = "t" + std::to_string(i);
    const std::size_t matchers = dice.one_in(12) ? 0 : 1 + dice.below(3);
    for (std::size_t m = 0; m < matchers; ++m)
      rule.matchers.push_back(pool[dice.below(pool.size())]);
    if (dice.one_in(4)) rule.severity = Severity::warning;
    if (dice.one_in(4)) rule.impact = "impact " + rule.name;
    if (dice.one_in(6)) rule.suppress = "because " + rule.name;
    if (dice.one_in(6)) rule.manual = "https://manual/" + rule.name;
    if (!rule.manual.empty()) rule.tell = {"room-" + rule.name, "room"};
    if (dice.one_in(2)) rule.page = "p-" + rule.name;
    rule.go_on = dice.one_in(2);
  }
  return rules;
}

Fields some_labels(Dice& dice) {
  std::vector<Fields::Pair> pairs;
  for (const std::string_view name : {"a", "b", "c", "d"}) {
    constexpr std::string_view kValues[] = {"x", "y", "z", "", "X", "xx", "x.y", "xay"};
    if (!dice.one_in(3)) pairs.emplace_back(name, kValues[dice.below(std::size(kValues))]);
  }
  return Fields(std::move(pairs));
}

bool matches(const Rule& rule, const Fields& labels) {
  for (const Matcher& matcher : rule.matchers)
    if (!matcher.matches(labels)) return false;
  return true;
}

/// What the rules of the house say, by trying every one of them.
void check_against_a_walk(const std::vector<Rule>& rules, const Fields& labels,
                          const Decision& decision) {
  std::vector<std::string> spoke;
  Outcome outcome = Outcome::page;
  std::string team = "ops", policy, impact, manual;
  std::vector<std::string> tell;
  for (const Rule& rule : rules) {
    if (!matches(rule, labels)) continue;
    if (spoke.empty()) team = rule.team;
    spoke.push_back(rule.name);
    if (impact.empty()) impact = rule.impact;
    if (policy.empty()) policy = rule.page;
    if (manual.empty()) manual = rule.manual;
    for (const std::string& channel : rule.tell)
      if (std::count(tell.begin(), tell.end(), channel) == 0) tell.push_back(channel);
    if (!rule.suppress.empty())
      outcome = Outcome::suppress;
    else if (!rule.manual.empty() && outcome == Outcome::page)
      outcome = Outcome::advise;
    if (!rule.go_on) break;
  }
  std::vector<std::string> said;
  for (const Reason& reason : decision.reasons)
    if (reason.kind == ReasonKind::rule_matched) said.push_back(reason.subject);
  CHECK(said == spoke);
  CHECK(decision.rule == (spoke.empty() ? "" : spoke.front()));
  CHECK(decision.team == team);
  CHECK(decision.impact == impact);
  CHECK(decision.outcome == outcome);
  CHECK(decision.policy == (outcome != Outcome::page ? "" : policy.empty() ? "default" : policy));
  if (outcome != Outcome::advise) tell.clear();
  CHECK(decision.tell == tell);
  CHECK(decision.manual == (outcome == Outcome::advise ? manual : ""));
}

std::vector<Index::Number> candidates(const std::vector<Rule>& rules, const Fields& labels) {
  const Index index(rules);
  Index::Candidates found = index.candidates(labels);
  std::vector<Index::Number> all;
  while (const auto number = found.next()) all.push_back(*number);
  return all;
}

Fields labels(std::vector<Fields::Pair> pairs) { return Fields(std::move(pairs)); }

Rule rule(std::initializer_list<std::string> matchers) {
  Rule made;
  for (const std::string& text : matchers) made.matchers.push_back(Matcher::parse(text).value());
  return made;
}

}  // namespace

TEST_CASE("the index decides as a walk over every rule would") {
  const std::vector<Matcher> matchers = pool();
  Dice dice(20260301);
  for (int i = 0; i < kCases; ++i) {
    const std::vector<Rule> rules = some_rules(dice, matchers);
    const Fields labels = some_labels(dice);
    INFO("case " << i);
    check_against_a_walk(rules, labels, RuleSet(rules, "default", "ops").decide(labels, {}));
  }
}

TEST_CASE("every rule that matches is met once and in order") {
  const std::vector<Matcher> matchers = pool();
  Dice dice(7);
  for (int i = 0; i < kCases; ++i) {
    const std::vector<Rule> rules = some_rules(dice, matchers);
    const Fields labels = some_labels(dice);
    const auto met = candidates(rules, labels);
    INFO("case " << i);
    CHECK(std::is_sorted(met.begin(), met.end(), std::less_equal<>()));
    for (std::size_t r = 0; r < rules.size(); ++r)
      if (matches(rules[r], labels))
        CHECK(std::find(met.begin(), met.end(), static_cast<Index::Number>(r)) != met.end());
  }
}

TEST_CASE("an alert meets only rules filed under its labels and those that are always tried") {
  const std::vector<Rule> rules = {
      rule({R"(service="api")", R"(x!="1")"}),  // 0: by service
      rule({R"(service="web")"}),               // 1
      rule({R"(alertname=~"Down|Slow")"}),      // 2: by either name
      rule({R"(team=~".*cdp")"}),               // 3: needs a team
      rule({R"(team!="cdp")"}),                 // 4: matches without one
      rule({R"(service="")"}),                  // 5: as does this
      rule({}),                                 // 6
      rule({R"(team=~"x.*")"}),                 // 7: needs a team within x to y
  };
  using Numbers = std::vector<Index::Number>;
  CHECK(candidates(rules, labels({{"service", "api"}})) == Numbers{0, 4, 5, 6});
  CHECK(candidates(rules, labels({{"alertname", "Slow"}, {"team", "x"}})) ==
        Numbers{2, 3, 4, 5, 6, 7});
  CHECK(candidates(rules, labels({{"team", "w"}})) == Numbers{3, 4, 5, 6});
  CHECK(candidates(rules, labels({{"service", ""}, {"team", ""}})) == Numbers{4, 5, 6});
}

TEST_CASE("a rule is filed under the rarest of its values") {
  std::vector<Rule> rules;
  for (int i = 0; i < 100; ++i)
    rules.push_back(rule({R"(environment="production")", "service=s" + std::to_string(i)}));
  CHECK(candidates(rules, labels({{"environment", "production"}, {"service", "s42"}})) ==
        std::vector<Index::Number>{42});
}

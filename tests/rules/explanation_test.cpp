// Explanations: the decision as it is made, and the truth about every rule on the way to it.
#include "rules/explanation.hpp"

#include <algorithm>
#include <random>

#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::rules;

namespace {

Rule rule(std::string name, const std::vector<std::string>& matchers, bool go_on = false) {
  Rule made;
  made.name = std::move(name);
  made.team = "cdp";
  for (const std::string& text : matchers) made.matchers.push_back(Matcher::parse(text).value());
  made.page = "cdp";
  made.go_on = go_on;
  return made;
}

Fields labels(const std::vector<Fields::Pair>& pairs) { return Fields(pairs); }

Explanation explained(std::vector<Rule> rules, const Fields& alert) {
  return explain(RuleSet(std::move(rules), "platform", "ops"), alert, {});
}

std::vector<std::string> sentences(const Explanation& explanation) {
  std::vector<std::string> all;
  for (const TriedRule& tried : explanation.rules)
    all.push_back(tried.name + " " + sentence(tried));
  return all;
}

using Texts = std::vector<std::string>;
using Random = std::mt19937;

std::vector<Rule> some_rules(Random& random) {
  static const Texts kMatchers{R"(a="x")",   R"(a!="x")",     R"(a="")",     R"(a=~"x|y")",
                               R"(b="x")",   R"(b=~"x.*")",   R"(b!~"y|z")", R"(b!="")",
                               R"(c=~".+")", R"(c=~"(?i)X")", R"(c!~".+")"};
  std::vector<Rule> rules;
  for (std::size_t i = random() % 9; i > 0; --i) {
    Texts matchers;
    for (std::size_t m = random() % 4; m > 0; --m)
      matchers.push_back(kMatchers[random() % kMatchers.size()]);
    rules.push_back(rule("r" + std::to_string(i), matchers, random() % 2 == 0));
    if (random() % 4 == 0) rules.back().suppress = "known";
    if (random() % 4 == 0) rules.back().severity = Severity::warning;
    if (random() % 2 == 0) rules.back().page.clear();
  }
  return rules;
}

Fields some_labels(Random& random) {
  static constexpr std::string_view kValues[] = {"x", "y", "z", "", "X", "xx"};
  std::vector<Fields::Pair> pairs;
  for (const std::string_view name : {"a", "b", "c", "severity"})
    if (random() % 3 != 0) pairs.emplace_back(name, kValues[random() % std::size(kValues)]);
  return Fields(std::move(pairs));
}

}  // namespace

TEST_CASE("an explanation has the very decision and the rules that spoke are those it names") {
  Random random(20260105);
  std::size_t spoke = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::vector<Rule> rules = some_rules(random);
    const RuleSet set(rules, "platform", "ops");
    const Fields alert = some_labels(random);
    const Explanation explanation = explain(set, alert, {});
    REQUIRE(explanation.decision == set.decide(alert, {}));
    Texts named, matched;
    for (const Reason& reason : explanation.decision.reasons)
      if (reason.kind == ReasonKind::rule_matched) named.push_back(reason.subject);
    REQUIRE(explanation.rules.size() == rules.size());
    for (std::size_t r = 0; r < rules.size(); ++r) {
      const TriedRule& tried = explanation.rules[r];
      REQUIRE(tried.name == rules[r].name);
      if (tried.verdict == Verdict::matched) matched.push_back(tried.name);
      // Whoever did not match names a matcher that fails, and meets as many as it says.
      REQUIRE((tried.verdict == Verdict::not_matched) == tried.misfit.has_value());
      if (!tried.misfit) continue;
      REQUIRE(tried.held + 1 + tried.misfit->others == rules[r].matchers.size());
      const Matcher failing = Matcher::parse(tried.misfit->matcher).value();
      REQUIRE_FALSE(failing.matches(alert));
      REQUIRE(tried.misfit->value.value_or("") == alert.get(failing.name()));
    }
    REQUIRE(matched == named);
    REQUIRE(explanation.matched == matched.size());
    spoke += matched.size();
  }
  CHECK(spoke > 5'000);
}

TEST_CASE("every rule says why it did not match with what the alert has instead") {
  const Explanation explanation = explained(
      {rule("latency", {R"(service="api")", R"(alertname=~"HighLatency|ErrorRate")"}),
       rule("team", {R"(team="cdp")", R"(service="web")"}), rule("web", {R"(service="web")"}, true),
       rule("any", {}), rule("never", {R"(service="web")"})},
      labels({{"alertname", "Down"}, {"service", "web"}, {"team", ""}}));
  CHECK(
      sentences(explanation) ==
      Texts{
          R"(latency service="api" fails: the alert has service="web"; 1 other matcher fails too)",
          R"(team team="cdp" fails: the alert has no team)",
          R"(web matched: service="web"; it says continue, so the rules after it speak as well)",
          "any matched: every alert", "never not reached: a rule before it decided"});
  CHECK(explanation.rules[1].held == 1);
  CHECK((explanation.matched == 2 && explanation.not_matched == 2 && explanation.not_reached == 1));
  CHECK((explanation.not_shown == 0 && explanation.decision.rule == "web"));
}

TEST_CASE("an alert that no rule claims hears from every rule") {
  const Explanation explanation =
      explained({rule("one", {R"(a="1")"}), rule("two", {R"(a!~"3")"})}, labels({{"a", "3"}}));
  CHECK(sentences(explanation) == Texts{R"(one a="1" fails: the alert has a="3")",
                                        R"(two a!~"3" fails: the alert has a="3")"});
  CHECK(explanation.not_reached == 0);
  CHECK(explanation.decision.reasons.front().kind == ReasonKind::no_rule_matched);
  CHECK(explained({}, labels({})).rules.empty());
}

TEST_CASE("of very many rules those that spoke are shown first and the rest is counted") {
  std::vector<Rule> rules(100'000, rule("other", {R"(service="api")"}));
  rules[70'000] = rule("first", {R"(service="web")"}, true);
  rules[80'000] = rule("second", {R"(service="web")"});
  const Explanation explanation = explained(rules, labels({{"service", "web"}}));
  CHECK(explanation.rules.size() == kMostExplained);
  CHECK(explanation.not_shown == rules.size() - kMostExplained);
  CHECK(explanation.not_matched == 79'999);
  CHECK(explanation.not_reached == 19'999);
  Texts spoke;
  for (const TriedRule& tried : explanation.rules)
    if (tried.verdict == Verdict::matched) spoke.push_back(tried.name);
  CHECK(spoke == Texts{"first", "second"});
}

TEST_CASE("a sentence about a hostile alert is one line and short") {
  const std::string value = "\x1b[2J\n" + std::string(100'000, 'x') + "\xff";
  const std::string name = "na\"me\n" + std::string(5'000, 'n');
  const Explanation explanation =
      explained({rule("r", {R"(service="api")"}), rule("s", {R"("na\"me\n")" + std::string("=x")})},
                labels({{"service", value}, {name, "x"}}));
  for (const std::string& text : sentences(explanation)) {
    CHECK(text.size() < 4 * kMostExplainedBytes);
    CHECK(text.find_first_of("\n\x1b") == std::string::npos);
  }
}

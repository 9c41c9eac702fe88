// A matcher's text, and what is known of its pattern without running it: lists of literals,
// prefixes, ranges, what two matchers have to do with each other, and the index over rules.
#include "rules/matcher.hpp"

#include <optional>

#include "router/core/text.hpp"
#include "rules/literals.hpp"
#include "rules/relation.hpp"
#include "rules/rule.hpp"
#include "rules/silence.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tocsin::fuzz {
namespace {

using namespace rules;

constexpr std::size_t kMostRules = 24, kMostMatchers = 6;

Fields labels_of(std::string_view text) {
  std::vector<Fields::Pair> pairs;
  Input in(text);
  while (!in.empty()) {
    const std::string_view name = in.until('=');
    pairs.emplace_back(name, in.until(';'));
  }
  return Fields(std::move(pairs));
}

std::vector<Matcher> matchers_of(std::string_view text) {
  std::vector<Matcher> all;
  Input in(text);
  while (!in.empty() && all.size() < kMostMatchers)
    if (auto matcher = Matcher::parse(in.until(';'))) all.push_back(std::move(*matcher));
  return all;
}

std::string quoted(std::string_view text) {
  std::string all = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') all += '\\';
    all += c;
  }
  return all + '"';
}

/// What the pattern itself says of the value, whatever else is known of it.
void check_value(const Matcher& matcher, std::string_view value) {
  const Fields labels(std::vector<Fields::Pair>{{matcher.name(), value}});
  const bool is_pattern =
      matcher.kind() == MatchKind::regex || matcher.kind() == MatchKind::not_regex;
  if (!is_pattern) return;
  const bool found = matcher.matches(labels) == (matcher.kind() == MatchKind::regex);
  const std::string detail = matcher.text() + " and " + std::string(value);
  if (const auto literals = literal_values(matcher.value())) {
    PROMISE(literals->size() <= kMostLiterals, detail);
    const bool listed = std::find(literals->begin(), literals->end(), value) != literals->end();
    PROMISE(listed == found, detail);
  }
  // The same pattern in a form of which no literal can be seen.
  if (const auto same = Matcher::parse("x=~" + quoted("(?:" + matcher.value() + ")"))) {
    const Fields other(std::vector<Fields::Pair>{{"x", value}});
    PROMISE(same->matches(other) == found, detail);
  }
  if (!found || matcher.kind() != MatchKind::regex) return;
  if (const auto range = matcher.range()) PROMISE(range->holds(value), detail);
}

void check_relations(const std::vector<Matcher>& one, const std::vector<Matcher>& other,
                     const Fields& labels) {
  const bool first = all_match(one, labels), second = all_match(other, labels);
  if (takes_all_of(one, other)) PROMISE(first || !second, "takes all of it, but not this");
  if (takes_all_of(other, one)) PROMISE(second || !first, "takes all of it, but not this");
  const bool apart = exclude_each_other(one, other);
  PROMISE(apart == exclude_each_other(other, one), "not the same both ways");
  if (apart) PROMISE(!first || !second, "exclude each other, but for this");
}

std::vector<std::string> matcher_seeds() {
  return {"service=\"api\"\napi",
          "team!=cdp\n",
          "a=\"b\\\\\"\nb\\",
          "alertname=~\"High.*|Errors\"\nHighLatency",
          "\"http.status\"!~\"2..\"\n200",
          "a=~\"(?i)abc\"\nABC",
          "a=~\"a\\\\.b|[xy]z{2,3}\"\na.b",
          "a=~\"(?:api|web)-[0-9]+\"\napi-7",
          "a=~\"^ab?$\"\na",
          "\xc3\xa4=\"\xe2\x80\x9c\"\nx",
          "a=~\"\\\\Qa.b\\\\E|(?s:.)\"\nx",
          "a=~\"(a|b|c|d){1,9}\"\nabcd",
          "a=~\"(((((((((a)))))))))*\"\na"};
}

std::vector<std::string> rule_seeds() {
  return {"service=api;severity=critical\n.service=api\n+service=~\"api|web\";team!=x\n.",
          "a=1;b=2\n.a=~\"1|2\";b=2\n+a=~\"1.*\"\n.a!=3\n.b!~\"x.*\"\n.b=\"\"",
          "alertname=HighLatency\n.alertname=~\"High.*\"\n.alertname=~\"High.+|Low.+\"\n.alertname!"
          "=\"\"",
          "a=\n.a=\"\"\n.a=~\".*\"\n.a=~\".+\"\n.a!~\".+\""};
}

}  // namespace

// A line with a matcher, then a value.
TOCSIN_FUZZ_TARGET(matcher, matcher_seeds) {
  Input in(input);
  const std::string_view text = in.line();
  const std::string value(in.rest());
  auto matcher = Matcher::parse(text);
  if (!matcher) return check_error_text(matcher.error().message);
  const std::string printed = matcher->text();
  PROMISE(is_utf8(printed), printed);
  const auto again = Matcher::parse(printed);
  PROMISE(again, printed);
  PROMISE(again->name() == matcher->name() && again->kind() == matcher->kind() &&
              again->value() == matcher->value() && again->text() == printed,
          printed);
  check_value(*matcher, value);
  check_value(*matcher, matcher->value());
  check_value(*matcher, "");
  if (const auto demanded = demanded_values(*matcher)) {
    const Fields labels(std::vector<Fields::Pair>{{matcher->name(), value}});
    if (matcher->matches(labels))
      PROMISE(std::find(demanded->begin(), demanded->end(), value) != demanded->end(), printed);
  }
  control::Silence asked{
      {"s"}, {std::string(text)}, WallTime(), WallTime(std::chrono::hours(1)), "ada", "why"};
  if (const auto made = make_silence(asked))
    PROMISE(!all_match(made->matchers, Fields()), "a silence of everything: " + printed);
  else
    check_error_text(made.error().message);
}

// A line with an alert's labels, then a rule a line: '+' for `continue`, and its matchers.
TOCSIN_FUZZ_TARGET(rule, rule_seeds) {
  Input in(input);
  const Fields labels = labels_of(in.line());
  std::vector<Rule> all;
  while (!in.empty() && all.size() < kMostRules) {
    Rule rule;
    rule.name = std::to_string(all.size());
    rule.team = "team";
    const std::string_view line = in.line();
    rule.go_on = line.starts_with('+');
    rule.matchers = matchers_of(line.substr(std::min<std::size_t>(1, line.size())));
    rule.page = "policy-" + rule.name;
    all.push_back(std::move(rule));
  }
  for (std::size_t i = 1; i < all.size(); ++i)
    check_relations(all[i - 1].matchers, all[i].matchers, labels);
  // By trying every rule.
  std::optional<std::string> first;
  for (const Rule& rule : all)
    if (!first && all_match(rule.matchers, labels)) first = rule.name;
  const Decision decision = RuleSet(all, "default", "team").decide(labels, {});
  PROMISE(decision.rule == first.value_or(""), decision.rule + " instead of " + first.value_or(""));
  PROMISE(decision.policy == (first ? "policy-" + *first : "default"), decision.policy);
}

}  // namespace tocsin::fuzz

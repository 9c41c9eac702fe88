#include "rules/rule.hpp"

#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::rules;

namespace {

Rule rule(std::string name, std::initializer_list<std::string_view> matchers) {
  Rule made;
  made.name = std::move(name);
  made.team = "cdp";
  for (const std::string_view text : matchers)
    made.matchers.push_back(Matcher::parse(text).value());
  return made;
}

RuleSet sample() {
  std::vector<Rule> rules;
  Rule latency = rule("api-latency", {R"(service="api")", R"(alertname=~"High.*|Errors")"});
  latency.severity = Severity::critical;
  latency.impact = "Profile pages are slow for customers";
  latency.page = "cdp";
  Rule informational = rule("informational", {R"(severity="info")"});
  informational.suppress = "nobody needs to know";
  rules.push_back(std::move(latency));
  rules.push_back(rule("api-rest", {R"(service="api")"}));
  rules.push_back(std::move(informational));
  return RuleSet(std::move(rules), "platform", "platform-team");
}

Decision decide(std::vector<Fields::Pair> labels, const SeverityWords& words = {}) {
  return sample().decide(Fields(std::move(labels)), words);
}

}  // namespace

TEST_CASE("the first rule whose matchers all match decides", "[rule]") {
  const Decision decision = decide({{"service", "api"}, {"alertname", "HighLatency"}});
  CHECK(decision == Decision{Outcome::page,
                             "api-latency",
                             "cdp",
                             Severity::critical,
                             "Profile pages are slow for customers",
                             "cdp",
                             {{ReasonKind::rule_matched, "api-latency",
                               R"(service="api", alertname=~"High.*|Errors")"},
                              {ReasonKind::severity_from_rule, "api-latency", "critical"},
                              {ReasonKind::policy_from_rule, "api-latency", "cdp"},
                              {ReasonKind::no_runbook, "", ""}}});
}

TEST_CASE("a rule that names no policy pages the default one and keeps its team", "[rule]") {
  const Decision decision = decide({{"service", "api"}, {"severity", "warning"}});
  CHECK(decision.rule == "api-rest");
  CHECK(decision.team == "cdp");
  CHECK(decision.policy == "platform");
  CHECK(decision.severity == Severity::warning);
  CHECK(decision.reasons.at(2) == Reason{ReasonKind::policy_default, "", "platform"});
}

TEST_CASE("an alert that no rule claims pages the default policy and its team", "[rule]") {
  const Decision decision = decide({{"alertname", "Unheard"}, {"severity", "critical"}});
  CHECK(decision == Decision{Outcome::page,
                             "",
                             "platform-team",
                             Severity::critical,
                             "",
                             "platform",
                             {{ReasonKind::no_rule_matched, "", ""},
                              {ReasonKind::severity_from_label, "critical", "critical"},
                              {ReasonKind::policy_default, "", "platform"},
                              {ReasonKind::no_runbook, "", ""}}});
}

TEST_CASE("a suppressed alert pages nobody and says why", "[rule]") {
  const Decision decision = decide({{"severity", "info"}});
  CHECK(decision.outcome == Outcome::suppress);
  CHECK(decision.policy.empty());
  CHECK(decision.rule == "informational");
  CHECK(decision.reasons.back() ==
        Reason{ReasonKind::suppressed_by_rule, "informational", "nobody needs to know"});
}

TEST_CASE("severity comes from the rule and else from the sender's word", "[rule]") {
  const SeverityWords words = {
      {"page", Severity::critical}, {"none", Severity::info}, {"warning", Severity::error}};
  struct Row {
    std::string_view word;
    Severity severity;
    ReasonKind kind;
  };
  const std::vector<Row> rows = {
      {"page", Severity::critical, ReasonKind::severity_from_label},
      {"none", Severity::info, ReasonKind::severity_from_label},
      {"warning", Severity::error,
       ReasonKind::severity_from_label},  // the integration's word first
      {"info", Severity::info, ReasonKind::severity_from_label},
      {"critical", Severity::critical, ReasonKind::severity_from_label},
      {"CRITICAL", Severity::error, ReasonKind::severity_unknown},
      {"sev1", Severity::error, ReasonKind::severity_unknown},
      {"", Severity::error, ReasonKind::severity_unknown},
  };
  for (const Row& row : rows) {
    const Decision decision =
        RuleSet({}, "platform", "ops").decide(Fields({{"severity", row.word}}), words);
    INFO(row.word);
    CHECK(decision.severity == row.severity);
    CHECK(decision.reasons.at(1).kind == row.kind);
    CHECK(decision.reasons.at(1).subject == row.word);
  }
}

TEST_CASE("alerts decided alike have equal decisions whatever else their labels say", "[rule]") {
  CHECK(decide({{"service", "api"}, {"alertname", "HighLatency"}, {"instance", "a:1"}}) ==
        decide({{"service", "api"}, {"alertname", "HighErrors"}, {"pod", "x"}}));
}

TEST_CASE("a rule without matchers claims every alert", "[rule]") {
  std::vector<Rule> rules;
  rules.push_back(rule("all", {}));
  const Decision decision = RuleSet(std::move(rules), "platform", "ops").decide(Fields(), {});
  CHECK(decision.rule == "all");
  CHECK(decision.reasons.front().detail == "every alert");
}

TEST_CASE("an endless severity word is shown cut between two characters", "[rule]") {
  const std::string word = std::string(63, 'x') + "é" + std::string(5'000, 'y');
  const Decision decision = RuleSet({}, "platform", "ops").decide(Fields({{"severity", word}}), {});
  CHECK(decision.reasons.at(1).subject == std::string(63, 'x') + "…");
}

TEST_CASE("a rule with very long matchers gives a reason of a bounded size", "[rule]") {
  const std::string names(4'000, 'a');
  const RuleSet rules({rule("long", {"alertname=~\"b|" + names + "\""})}, "p", "team");
  const Decision decision = rules.decide(Fields(std::vector<Fields::Pair>{{"alertname", "b"}}), {});
  CHECK(decision.reasons.front().detail.starts_with("alertname=~\"b|aaa"));
  CHECK(decision.reasons.front().detail.size() <= 500);
}

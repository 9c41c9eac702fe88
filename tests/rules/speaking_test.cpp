// What several rules say together: `continue`, advice, runbooks and `after`.
#include "rules/rule.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::rules;

namespace {

using Channels = std::vector<std::string>;

Rule every(std::string name, bool go_on = false) {
  Rule made;
  made.name = std::move(name);
  made.team = "team-" + made.name;
  made.team_channel = "room-" + made.name;
  made.go_on = go_on;
  return made;
}

Decision decide(std::vector<Rule> rules) {
  return RuleSet(std::move(rules), "platform", "ops", "ops-room")
      .decide(Fields(std::vector<Fields::Pair>{{"severity", "info"}}), {});
}

Runbook runbook(std::string name) { return {name, "How to " + name, "https://books/" + name}; }

}  // namespace

TEST_CASE("a rule that goes on lets the next speak and the first to say a thing is heard") {
  Rule first = every("first", true), second = every("second", true), third = every("third"),
       never = every("never");
  first.severity = Severity::critical;
  first.matchers.push_back(Matcher::parse("severity=info").value());
  second.severity = Severity::warning;
  second.impact = "everybody";
  second.after = std::chrono::minutes(2);
  third.impact = "nobody";
  third.page = "cdp";
  third.after = std::chrono::minutes(9);
  third.runbook = runbook("restart");
  never.page = "other";
  const Decision decision = decide({first, second, third, never});
  CHECK(decision == Decision{Outcome::page,
                             "first",
                             "team-first",
                             Severity::critical,
                             "everybody",
                             "cdp",
                             {{ReasonKind::rule_matched, "first", "severity=\"info\""},
                              {ReasonKind::rule_matched, "second", "every alert"},
                              {ReasonKind::rule_matched, "third", "every alert"},
                              {ReasonKind::severity_from_rule, "first", "critical"},
                              {ReasonKind::policy_from_rule, "third", "cdp"},
                              {ReasonKind::runbook_from_rule, "third", "restart"},
                              {ReasonKind::after_from_rule, "second", "2m"}},
                             std::chrono::minutes(2),
                             runbook("restart"),
                             "",
                             {},
                             "room-first"});
}

TEST_CASE("rules that all go on leave the default policy to page") {
  const Decision decision = decide({every("only", true)});
  CHECK(decision.outcome == Outcome::page);
  CHECK(decision.rule == "only");
  CHECK(decision.policy == "platform");
  CHECK(decision.team_channel == "room-only");
}

TEST_CASE("advice names the manual and tells every channel once and wakes nobody") {
  Rule first = every("first", true), second = every("second");
  first.manual = "https://manual/first";
  first.tell = {"a", "b"};
  first.page = "cdp";
  first.after = std::chrono::minutes(1);
  first.runbook = runbook("restart");
  second.manual = "https://manual/second";
  second.tell = {"b", "c"};
  const Decision decision = decide({first, second});
  CHECK(decision.outcome == Outcome::advise);
  CHECK(decision.manual == "https://manual/first");
  CHECK(decision.tell == Channels{"a", "b", "c"});
  CHECK(decision.policy.empty());
  CHECK(decision.after == Duration::zero());
  CHECK_FALSE(decision.runbook);
  CHECK(decision.reasons.back() ==
        Reason{ReasonKind::advised_by_rule, "first", "https://manual/first"});
}

TEST_CASE("suppressing goes before advising and advising before paging whatever the order") {
  Rule paging = every("paging", true), advising = every("advising", true),
       suppressing = every("suppressing", true);
  paging.page = "cdp";
  advising.manual = "https://manual";
  advising.tell = {"a"};
  suppressing.suppress = "known";
  for (const auto& rules :
       {std::vector{paging, advising, suppressing}, std::vector{suppressing, advising, paging}}) {
    const Decision decision = decide(rules);
    CHECK(decision.outcome == Outcome::suppress);
    CHECK((decision.policy.empty() && decision.manual.empty() && decision.tell.empty()));
    CHECK(decision.reasons.back() ==
          Reason{ReasonKind::suppressed_by_rule, "suppressing", "known"});
  }
  CHECK(decide({paging, advising}).outcome == Outcome::advise);
}

TEST_CASE("the default has its team's channel and no procedure") {
  const Decision decision = decide({});
  CHECK(decision.team == "ops");
  CHECK(decision.team_channel == "ops-room");
  CHECK(decision.reasons.back() == Reason{ReasonKind::no_runbook, "", ""});
}

TEST_CASE("a copied set of rules decides by the same table") {
  const RuleSet set({every("all")}, "platform", "ops");
  const RuleSet copy = set;
  CHECK(&copy.rules() == &set.rules());
  CHECK(RuleSet().rules().empty());
  CHECK(RuleSet().decide(Fields(), {}).rule.empty());
}

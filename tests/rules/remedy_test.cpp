// What a rule says about an automated fix, and what else is decided beside it.
#include "rules/rule.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::rules;

namespace {

Rule every(std::string name, bool go_on = false) {
  Rule made;
  made.name = std::move(name);
  made.go_on = go_on;
  return made;
}

Remedy remedy(std::string hook, RemedyMode mode = RemedyMode::automatic) {
  return {std::move(hook), mode, std::chrono::minutes(2), 5, std::chrono::hours(6)};
}

Decision decide(std::vector<Rule> rules) {
  return RuleSet(std::move(rules), "platform", "ops", "ops-room").decide(Fields(), {});
}

Rule mended(RemedyMode mode) {
  Rule rule = every("mended");
  rule.page = "cdp";
  rule.runbook = Runbook{"restart", "How to restart", "https://books/restart"};
  rule.after = std::chrono::minutes(1);
  rule.remedy = remedy("restart-api", mode);
  return rule;
}

}  // namespace

TEST_CASE(
    "a rule with a remedy tries it first and keeps the whole page for when it does not help") {
  const Decision decision = decide({mended(RemedyMode::automatic)});
  CHECK(decision.outcome == Outcome::remediate);
  CHECK(decision.remedy == remedy("restart-api"));
  CHECK(decision.policy == "cdp");
  CHECK(decision.after == std::chrono::minutes(1));
  REQUIRE(decision.runbook);
  CHECK(decision.runbook->name == "restart");
  CHECK(decision.reasons.back() == Reason{ReasonKind::remedy_from_rule, "mended", "restart-api"});
  CHECK(sentence(decision.reasons.back()) == "hook restart-api can mend it: rule mended says so");
}

TEST_CASE("a remedy that somebody must approve pages them at once and is offered to them") {
  const Decision decision = decide({mended(RemedyMode::approve)});
  CHECK(decision.outcome == Outcome::page);
  CHECK(decision.remedy == remedy("restart-api", RemedyMode::approve));
  CHECK(decision.policy == "cdp");
  CHECK(decision.reasons.back() == Reason{ReasonKind::remedy_from_rule, "mended", "restart-api"});
}

TEST_CASE("nothing but the outcome and the remedy differs from the page without a hook") {
  Rule plain = mended(RemedyMode::automatic);
  plain.remedy.reset();
  const Decision without = decide({plain});
  CHECK(without.outcome == Outcome::page);
  CHECK_FALSE(without.remedy);
  Decision with = decide({mended(RemedyMode::automatic)});
  with.outcome = Outcome::page;
  with.remedy.reset();
  with.reasons.pop_back();
  CHECK(with == without);
}

TEST_CASE("of several remedies the first is heard and the default policy is kept behind it") {
  Rule first = every("first", true), second = every("second", true), last = every("last");
  second.remedy = remedy("second-hook", RemedyMode::approve);
  last.remedy = remedy("last-hook");
  const Decision decision = decide({first, second, last});
  CHECK(decision.outcome == Outcome::page);
  REQUIRE(decision.remedy);
  CHECK(decision.remedy->hook == "second-hook");
  CHECK(decision.policy == "platform");
  CHECK(decision.reasons.back() == Reason{ReasonKind::remedy_from_rule, "second", "second-hook"});
}

TEST_CASE("nothing is run for what is suppressed or answered with the manual") {
  Rule mending = every("mending", true), quiet = every("quiet"), advising = every("advising");
  mending.remedy = remedy("restart-api");
  quiet.suppress = "known";
  advising.manual = "https://manual/";
  for (const auto& [other, outcome] :
       {std::pair(quiet, Outcome::suppress), std::pair(advising, Outcome::advise)}) {
    const Decision decision = decide({mending, other});
    CHECK(decision.outcome == outcome);
    CHECK_FALSE(decision.remedy);
    for (const Reason& reason : decision.reasons)
      CHECK(reason.kind != ReasonKind::remedy_from_rule);
  }
}

TEST_CASE("a rule after the one that decides runs nothing") {
  Rule first = every("first"), second = every("second");
  second.remedy = remedy("restart-api");
  CHECK_FALSE(decide({first, second}).remedy);
}

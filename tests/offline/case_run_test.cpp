// Tests of a configuration: those that come with tocsin pass, and every expectation can fail.
#include "tests/offline/ground.hpp"

using namespace tocsin;
using namespace tocsin::offline;

namespace {

std::vector<CaseResult> run(const std::string& text) {
  const settings::Settings settings = example();
  const CaseGround ground = ground_of(settings);
  const settings::Cases cases = settings::read_cases({{"teams/t_test.yaml", text}}, settings);
  for (const settings::Fault& fault : cases.faults) FAIL(fault.text());
  std::vector<CaseResult> results;
  for (const settings::Case& test : cases.cases) {
    INFO(test.name);
    results.push_back(run_case(test, ground));
  }
  return results;
}

const std::string kLatency =
    "{alert: {alertname: HighLatency, service: api}}, {after: 6m, acknowledge: ada}, "
    "{after: 20m, resolve: {alertname: HighLatency, service: api}}";

/// "expected | instead" of each failure.
std::vector<std::string> failures(const std::string& given, const std::string& expect) {
  std::vector<std::string> all;
  const auto results =
      run("tests:\n  - name: n\n    integration: prometheus-production\n    given: [" + given +
          "]\n    expect: [" + expect + "]\n");
  REQUIRE(results.size() == 1);
  CHECK(results[0].passed() == results[0].failures.empty());
  for (const Failure& failure : results[0].failures)
    all.push_back(failure.expected + " | " + failure.instead);
  return all;
}

std::string only_failure(const std::string& expect, const std::string& given = kLatency) {
  INFO(expect);
  const auto all = failures(given, expect);
  REQUIRE(all.size() == 1);
  return all[0];
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("the tests of the example configuration and of the manual pass") {
  const std::string manual = content("router/settings/README.md");
  const std::size_t from = manual.find("# teams/cdp_test.yaml\n");
  REQUIRE(from != std::string::npos);
  const std::string example_of_manual = manual.substr(from, manual.find("```", from) - from);
  for (const std::string& text : {content("config/teams/cdp_test.yaml"), example_of_manual}) {
    const auto results = run(text);
    CHECK(results.size() >= 1);
    for (const CaseResult& result : results)
      for (const Failure& failure : result.failures)
        FAIL_CHECK(failure.place.line << ": " << failure.expected << " | " << failure.instead);
  }
}

TEST_CASE("an expectation about a decision fails with what was decided instead") {
  CHECK(only_failure("{rule: queue-lag, outcome: page}") ==
        "rule queue-lag | rule api-latency (HighLatency)");
  CHECK(only_failure("{outcome: suppress, severity: info, team: platform, policy: platform}") ==
        "outcome suppress, severity info, team platform, policy platform | outcome page, severity "
        "critical, team cdp, policy cdp (HighLatency)");
  CHECK(only_failure("{no_rule: true, no_policy: true, no_runbook: true}") ==
        "no rule, no policy, no runbook | rule api-latency, policy cdp, runbook api-latency "
        "(HighLatency)");
  CHECK(only_failure("{runbook: api-latency}", "{alert: {alertname: Unknown}}") ==
        "runbook api-latency | no runbook (Unknown)");
  CHECK(only_failure("{outcome: page, of: {service: web}}") ==
        "of service=web: outcome page | no such alert was decided");
}

TEST_CASE("every decision must be as expected unless it is said of which alerts") {
  const std::string two =
      "{alert: {alertname: HighLatency, service: api}}, {alert: {alertname: Unknown}}";
  CHECK(only_failure("{rule: api-latency}", two) == "rule api-latency | no rule (Unknown)");
  CHECK(failures(two,
                 "{rule: api-latency, of: {service: api}}, {no_rule: true, of: {alertname: "
                 "Unknown}}")
            .empty());
}

TEST_CASE("an expectation about a message fails with what went out instead") {
  const std::string sent =
      "at once page ada by terminal; +5m page ada by terminal; +5m page grace by terminal; +20m "
      "resolved ada by terminal; +20m resolved grace by terminal";
  CHECK(only_failure("{page: grace, after: 0s}") == "page grace at once | " + sent);
  CHECK(only_failure("{page: linus}") == "page linus | " + sent);
  CHECK(only_failure("{page: grace, before: 5m}") == "page grace before +5m | " + sent);
  CHECK(only_failure("{page: ada, from: 5m1s}") == "page ada from +5m1s on | " + sent);
  CHECK(only_failure("{page: ada, times: 1}") == "page ada, times: 1 | times: 2; " + sent);
  CHECK(only_failure("{page: ada, times: 0}") == "page ada, times: 0 | times: 2; " + sent);
  CHECK(only_failure("{resolved: linus}") == "resolved linus | " + sent);
  CHECK(only_failure("{no_procedure: terminal}") == "no_procedure terminal | " + sent);
  CHECK(only_failure("{page: ada}", "{alert: {alertname: X, severity: info}}") ==
        "page ada | nobody is told anything");
  CHECK(failures(kLatency,
                 "{page: ada, times: 2}, {page: grace, from: 5m, before: 5m1s}, {page: "
                 "linus, times: 0}, {resolved: grace, after: 20m, times: 1}")
            .empty());
}

TEST_CASE("nobody is nobody in the time that is said and no longer") {
  CHECK(only_failure("{nobody: told, from: 6m}") ==
        "nobody is told anything from +6m on | +20m resolved ada by terminal; +20m resolved grace "
        "by terminal");
  CHECK(only_failure("{nobody: paged, before: 5m}") ==
        "nobody is paged before +5m | at once page ada by terminal");
  CHECK(failures(kLatency, "{nobody: paged, from: 5m1s}, {nobody: told, from: 6m, before: 20m}")
            .empty());
}

TEST_CASE("incidents are counted at the end and by their state") {
  CHECK(only_failure("{incidents: 2}") == "2 incidents | 1 incident: HighLatency (resolved)");
  CHECK(only_failure("{incidents: 1, state: open}") == "1 open incident | 0 open incidents");
  CHECK(failures(kLatency,
                 "{incidents: 1}, {incidents: 1, state: resolved}, {incidents: 0, state: "
                 "acknowledged}")
            .empty());
}

TEST_CASE("what is given and cannot happen fails the test at its own line") {
  const std::string any = "{incidents: 0}";
  CHECK(only_failure(any, "{resolve: {alertname: Never}}") ==
        "an alert with exactly these labels to resolve: alertname=Never | it ended, and was not "
        "known to fire");
  CHECK(only_failure(any, "{acknowledge: ada}") ==
        "an open incident for ada to acknowledge | there is none");
  CHECK(only_failure("{incidents: 1}",
                     "{alert: {alertname: HighLatency, service: api}}, {acknowledge: ada, of: "
                     "{service: web}}") ==
        "an open incident for ada to acknowledge | there is none");
  CHECK(only_failure(any, "{payload: none.json}") ==
        "a payload in teams/none.json | teams/none.json: cannot be read");
}

TEST_CASE("a payload is read as its sender's and an alert of it that cannot be used is a mistake") {
  CHECK(only_failure("{rule: api-latency}", "{payload: two.json}") ==
        "a payload whose every alert can be used | alert 2: at least one label pair required");
  CHECK(failures("{payload: two.json}", "{rejected: 1}, {rule: api-latency}").empty());
  CHECK(only_failure("{rejected: 2}", "{payload: two.json}") == "2 rejected | 1 rejected");
}

TEST_CASE("a failed test tells what was decided and why the rule it hoped for did not speak") {
  const auto results =
      run("tests:\n  - name: n\n    integration: prometheus-production\n    given: [" + kLatency +
          "]\n    expect: [{rule: queue-lag}]\n");
  CHECK(results.at(0).failures.at(0).place.line == 5);
  CHECK(results.at(0).decided ==
        Texts{"at once HighLatency: page: policy cdp, severity critical, team cdp",
              R"(  rule api-latency matched: service="api", alertname=~"HighLatency|ErrorRate")",
              "  severity critical: rule api-latency says so",
              "  policy cdp: rule api-latency pages it",
              "  runbook api-latency: rule api-latency names it",
              "  rule queue-lag: not reached: a rule before it decided"});
}

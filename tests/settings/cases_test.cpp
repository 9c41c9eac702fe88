// Tests beside a configuration, as their writer meets them: what they say, and every slip of the
// pen with its place.
#include "router/settings/cases.hpp"

#include <fstream>
#include <set>

#include "router/settings/case_keys.hpp"
#include "tests/settings/world.hpp"
#include "tests/source_dir.hpp"

using namespace tocsin;
using namespace tocsin::settings;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;

const Settings& ground() {
  static const Loaded kLoaded = load_files({{"tocsin.yaml", with_the_rest(R"(integrations:
  - {name: prod, source: prometheus, key: "${KEY_A}"}
  - {name: staging, source: prometheus, key: "${KEY_B}"}
channels: [{name: terminal, type: log}, {name: phones, type: pager}]
people: [{name: ada, contacts: {terminal: ada}}, {name: grace, contacts: {phones: "+44"}}]
)")},
                                            {"teams/cdp.yaml", R"(team: cdp
policies: [{name: cdp, steps: [{page: [{person: ada}]}]}]
rules: [{name: api, matchers: ['a="b"'], page: cdp, runbook: api}]
runbooks: [{name: api, url: "https://books/api"}]
)"}});
  REQUIRE(texts(kLoaded.faults) == Texts{});
  return *kLoaded.settings;
}

Cases read(const std::string& text) { return read_cases({{"teams/t_test.yaml", text}}, ground()); }

/// One test with these lists; what is given stands in line 4, what is expected in line 5.
std::string test_of(const std::string& given, const std::string& expect) {
  return "tests:\n  - name: it holds\n    integration: prod\n    given: " + given +
         "\n    expect: " + expect + "\n";
}
const std::string kGiven = "[{alert: {a: b}}]";
const std::string kExpect = "[{rule: api}]";

/// What is said of it, without the place before the key.
Texts said(const std::string& text) {
  Texts all;
  const Cases cases = read(text);
  for (const Fault& fault : cases.faults) {
    CHECK((fault.file == "teams/t_test.yaml" && fault.line > 0 && fault.column > 0));
    all.push_back(fault.key + ": " + fault.what);
  }
  CHECK(cases.cases.empty() == !all.empty());
  return all;
}
Texts of_given(const std::string& entry) { return said(test_of("[" + entry + "]", kExpect)); }
Texts of_expect(const std::string& entry) { return said(test_of(kGiven, "[" + entry + "]")); }

}  // namespace

TEST_CASE("a test becomes exactly what it says") {
  const Cases cases = read(R"(tests:
  - name: all of it
    at: 2026-03-01T02:00:00+01:00
    integration: staging
    given:
      - {alert: {a: b, "no": "0123"}, annotations: {summary: slow}}
      - {after: 5m, acknowledge: ada, of: {a: b}}
      - {after: 5m, payload: seen.json}
      - {after: 20m, resolve: {a: b}}
    expect:
      - {outcome: page, severity: critical, rule: api, team: cdp, policy: cdp, runbook: api, of: {a: b}}
      - {no_rule: true, no_policy: true, no_runbook: true}
      - {page: ada, after: 5m, channel: terminal}
      - {resolved: terminal, from: 1m, before: 2h, times: 0}
      - {nobody: paged, from: 6m}
      - {nobody: told}
      - {incidents: 2, state: resolved}
      - {rejected: 1}
)");
  CHECK(texts(cases.faults) == Texts{});
  REQUIRE(cases.cases.size() == 1);
  const Case& test = cases.cases[0];
  CHECK((test.name == "all of it" && test.integration == "staging" && test.place.line == 2));
  CHECK(format_rfc3339(test.at) == "2026-03-01T01:00:00.000Z");
  CHECK(test.watch == 2h);
  REQUIRE(test.given.size() == 4);
  CHECK(test.given[0].labels == Labels{{"a", "b"}, {"no", "0123"}});
  CHECK(test.given[0].annotations == Labels{{"summary", "slow"}});
  CHECK((test.given[1].by == "ada" && test.given[1].labels == Labels{{"a", "b"}}));
  CHECK((test.given[2].payload == "teams/seen.json" && test.given[2].after == 5min));
  CHECK(test.given[3].what == Given::What::resolve);
  REQUIRE(test.expect.size() == 8);
  const Expected& decision = test.expect[0];
  CHECK((decision.outcome == Outcome::page && decision.severity == Severity::critical));
  CHECK((decision.rule == "api" && decision.team == "cdp" && decision.policy == "cdp"));
  CHECK((decision.runbook == "api" && decision.of == Labels{{"a", "b"}}));
  CHECK((test.expect[1].rule == "" && test.expect[1].policy == "" && test.expect[1].runbook == ""));
  CHECK((test.expect[2].whom == "ada" && test.expect[2].channel == "terminal"));
  CHECK((test.expect[2].after == 5min && !test.expect[2].times));
  CHECK((test.expect[3].kind == MessageKind::resolved && test.expect[3].times == 0));
  CHECK((test.expect[3].from == 1min && test.expect[3].before == 2h));
  CHECK((test.expect[4].only_pages && test.expect[4].from == 6min && !test.expect[5].only_pages));
  CHECK((test.expect[6].count == 2 && test.expect[6].state == "resolved"));
  CHECK((test.expect[7].what == Expected::What::rejected && test.expect[7].count == 1));
}

TEST_CASE("what a test leaves out has its default") {
  const Cases cases = read(test_of(kGiven, kExpect));
  REQUIRE(cases.cases.size() == 1);
  CHECK(format_rfc3339(cases.cases[0].at) == "2026-01-05T10:00:00.000Z");
  CHECK(cases.cases[0].watch == 1h);
  CHECK(read(test_of("[{after: 2h, alert: {a: b}}]", "[{page: ada, after: 5h}]")).cases[0].watch ==
        5h);
  CHECK(read(test_of(kGiven, "[{nobody: told, from: 5h}]")).cases[0].watch == 6h);
  Settings one = ground();
  one.integrations.pop_back();
  const auto alone = read_cases(
      {{"a_test.yaml", "tests: [{name: n, given: [{alert: {a: b}}], expect: [{rule: api}]}]\n"}},
      one);
  REQUIRE(alone.cases.size() == 1);
  CHECK(alone.cases[0].integration == "prod");
}

TEST_CASE("a file that is no list of tests says so") {
  CHECK(texts(read("").faults) == Texts{"teams/t_test.yaml: found nothing; wanted a map"});
  CHECK(said("{}\n") == Texts{"tests: missing; write tests: and a list of them"});
  CHECK(said("tests: x\n") == Texts{"tests: found text; wanted a list"});
  CHECK(said("test: []\ntests: [{name: n, integration: prod, given: [{alert: {a: b}}], expect: "
             "[{rule: api}]}]\n") == Texts{"test: unknown key; did you mean \"tests\"?"});
  CHECK(said("tests: [\n").size() == 1);
  CHECK(said("tests:\n  - {}\n") ==
        Texts{"tests[0].name: missing; say in plain words what is promised",
              "tests[0].integration: missing; say as whose sender: one of integrations",
              "tests[0].given: missing; say what happens: a list of alerts and times",
              "tests[0].expect: missing; a test that expects nothing cannot fail"});
  CHECK(read("tests: []\n").cases.empty());
}

TEST_CASE("every slip in a test is a fault with its key and remedy") {
  CHECK(said(test_of(kGiven, "[]")) ==
        Texts{"tests[0].expect: empty; a test that expects nothing cannot fail"});
  CHECK(said(test_of(kGiven, kExpect) + "    at: noon\n")
            .at(0)
            .starts_with("tests[0].at: \"noon\" is no time ("));
  CHECK(said(test_of("[{after: 2h, alert: {a: b}}]", kExpect) + "    watch: 1h\n") ==
        Texts{"tests[0].watch: ends before 2h, which the test speaks of; make it longer"});
  CHECK(said(test_of(kGiven, kExpect) + "    integratoin: x\n") ==
        Texts{"tests[0].integratoin: unknown key; did you mean \"integration\"?"});
  CHECK(said("tests: [{name: n, integration: prd, given: [{alert: {a: b}}], expect: [{rule: "
             "api}]}]\n") == Texts{"tests[0].integration: no integration of the configuration is "
                                   "called \"prd\"; did you mean \"prod\"?"});
}

TEST_CASE("every slip in what is given is a fault") {
  const std::string at = "tests[0].given[0]";
  CHECK(
      of_given("{after: 5m}") ==
      Texts{at + ": says nothing that happens; write alert:, resolve:, acknowledge: or payload:"});
  CHECK(of_given("{alert: {a: b}, resolve: {a: b}}") ==
        Texts{at + ".resolve: does not go with the others here; make it an entry of its own"});
  CHECK(of_given("{alert: {a: b}, by: ada}") ==
        Texts{at + ".by: unknown key; known here: after, alert, annotations"});
  CHECK(of_given("{alert: {}}") ==
        Texts{at + ".alert: empty; write e.g. {alertname: HighLatency, service: api}"});
  CHECK(of_given("{alert: [a]}") == Texts{at + ".alert: found a list; wanted a map"});
  CHECK(of_given("{alert: {a: [b]}}") == Texts{at + ".alert.a: found a list; wanted text"});
  CHECK(of_given("{alert: {a: \"${KEY_A}\"}}") ==
        Texts{at + ".alert.a: variables are not filled in here; write the word itself"});
  CHECK(of_given("{alert: {a: b}, after: soon}").size() == 1);
  CHECK(of_given("{alert: {a: b}, after: 8d}") ==
        Texts{at + ".after: \"8d\" is out of range; write 0s to 7d"});
  CHECK(of_given("{acknowledge: true}") ==
        Texts{at +
              ".acknowledge: no person of the configuration is called \"true\"; write the name "
              "of one"});
  CHECK(of_given("{after: 5m, alert: {a: b}}, {after: 4m, alert: {a: c}}") ==
        Texts{"tests[0].given[1]: earlier than the entry before it; write them in the order of "
              "time"});
}

TEST_CASE("every slip in what is expected is a fault") {
  const std::string at = "tests[0].expect[0]";
  CHECK(of_expect("{after: 5m}").at(0).starts_with(at + ": expects nothing; write e.g. "));
  CHECK(of_expect("{rule: apo}") ==
        Texts{at + ".rule: no rule of the configuration is called \"apo\"; did you mean \"api\"?"});
  CHECK(of_expect("{rule: api, no_rule: true}") == Texts{at + ": both rule and no_rule; keep one"});
  CHECK(of_expect("{no_rule: false}") ==
        Texts{at + ".no_rule: false says nothing; write true, or leave it out"});
  CHECK(of_expect("{outcome: pages}") ==
        Texts{at + ".outcome: \"pages\" is no outcome; did you mean \"page\"?"});
  CHECK(of_expect("{rule: api, page: ada}") ==
        Texts{at + ".rule: does not go with the others here; make it an entry of its own"});
  CHECK(of_expect("{page: bob}") ==
        Texts{at + ".page: no person or channel of the configuration is "
                   "called \"bob\"; write the name of one"});
  CHECK(of_expect("{page: phones}").size() == 1);  // it needs an address
  CHECK(of_expect("{page: ada, resolved: ada}") ==
        Texts{at + ".resolved: one message an entry; make it an entry of its own"});
  CHECK(of_expect("{page: ada, channel: mail}").size() == 1);
  CHECK(of_expect("{page: ada, after: 1m, before: 2m}") ==
        Texts{at + ": after is one moment; leave out from and before"});
  CHECK(of_expect("{page: ada, from: 2m, before: 2m}") ==
        Texts{at + ": no moment is from 2m and before 2m; mend one"});
  CHECK(of_expect("{page: ada, times: many}").size() == 1);
  CHECK(of_expect("{nobody: true}") ==
        Texts{at + ".nobody: \"true\" is no way of being told; choose told or paged"});
  CHECK(of_expect("{nobody: told, after: 5m}") ==
        Texts{at + ".after: does not go with the others here; make it an entry of its own"});
  CHECK(of_expect("{incidents: 1, state: closed}").size() == 1);
  CHECK(of_expect("{team: api}").size() == 1);
  CHECK(of_expect("{policy: api}").size() == 1);
  CHECK(of_expect("{runbook: cdp}").size() == 1);
}

TEST_CASE("the manual has a row for every key of a test and for no other") {
  std::set<std::string> known;
  for (const Keys* keys : all_case_keys())
    for (const std::string_view key : keys->known)
      known.insert((keys->where.empty() ? "" : std::string(keys->where) + ".") + std::string(key));
  std::ifstream file(tocsin::tests::source_dir() + "/router/settings/README.md");
  std::set<std::string> rows;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) inside = line == "## Tests of a configuration";
    if (inside && line.starts_with("| `")) rows.insert(line.substr(3, line.find('`', 3) - 3));
  }
  CHECK(rows == known);
}

#include "router/gameday/clone/clone.hpp"

#include <set>

#include "router/gameday/clone/plan.hpp"
#include "tests/catch.hpp"
#include "tests/clone/rules.hpp"

using namespace tocsin;
using namespace tocsin::gameday;
using namespace tocsin::tests;

namespace {

/// Appends the matcher to every expression, and so counts its calls.
Result<std::string> append_matcher(const std::string& expr, const Retarget& retarget) {
  const std::size_t at = expr.find('{');
  const std::string matcher = retarget.label + "=\"" + retarget.value + "\"";
  if (at != std::string::npos) return expr.substr(0, at + 1) + matcher + "," + expr.substr(at + 1);
  const std::size_t end = expr.find_first_of(" \n");
  return expr.substr(0, end) + "{" + matcher + "}" +
         (end == std::string::npos ? "" : expr.substr(end));
}

CloneRequest request_of(std::vector<settings::File> files) {
  CloneRequest request;
  request.files = std::move(files);
  request.set = "cdp";
  request.command = "tocsin gameday clone";
  request.retargets = {{"environment", "staging"}};
  request.set_matcher = append_matcher;
  return request;
}

std::vector<RuleGroup> groups_of(const Clone& clone) {
  settings::Report report;
  auto groups = read_rule_file({"clone.yml", clone.text}, report);
  CHECK(texts_of(report.faults({})).empty());
  return groups;
}

std::string text_of(const Texts& texts, const char* name) {
  const std::string* const value = find(texts, name);
  return value ? *value : "none";
}

std::vector<std::string> faults_of(const std::string& text) {
  const Clone clone = make_clone(request_of({rule_file(text)}));
  CHECK(clone.text.empty());
  return texts_of(clone.faults);
}

}  // namespace

TEST_CASE("the clone of a rule file is written as it is documented") {
  const Clone clone = make_clone(request_of({rule_file(kShop)}));
  CHECK(clone.copies == 2);
  CHECK(clone.unedited.empty());
  const std::vector<RuleGroup> originals = groups_of({kShop, 0, {}, {}, {}});
  CHECK(clone.text ==
        R"yaml(# Copies of alerting rules for the GameDay set cdp.
# Do not edit: edit the originals, and write this file again.
# Made by: tocsin gameday clone
# With --check it tells which originals were edited, are gone or are new since.
groups:
  - name: "shop (gameday cdp)"
    interval: 30s
    limit: 10
    rules:
      - alert: "CheckoutFails"
        expr: 'checkout_failing{environment="staging",environment="production"} == 1'
        for: 5m
        keep_firing_for: 10m
        labels:
          severity: "critical"
          service: "checkout"
          gameday: "cdp"
        annotations:
          summary: "Nobody can pay on {{ $labels.instance }}: {{ $value }}"
          gameday_original: ")yaml" +
            fingerprint(originals[0], originals[0].rules[1]) + R"yaml("
      - alert: "Slow"
        expr: |
          latency{environment="staging"}
            > 1
        labels:
          gameday: "cdp"
        annotations:
          gameday_original: ")yaml" +
            fingerprint(originals[0], originals[0].rules[2]) + "\"\n");
  CHECK(texts_of(clone.notes) ==
        std::vector<std::string>{"rules.yml:6:9: groups[0].rules[0]: the recording rule "
                                 "\"job:failing:sum\" is left out: it would be recorded twice"});
}

TEST_CASE("what an alert says reaches its copy byte for byte") {
  const std::string yaml = R"(groups:
- name: "a \"b\""
  rules:
  - alert: Odd
    expr: up
    annotations:
      template: |
        {{ range query "up{job=\"a\"}" }}
          {{ .Labels.job }}: '{{ .Value }}' \n

        {{ end }}
      cost: costs ${{ $value }} or ${NAME}
      folded: >-
        one
        two
      escapes: "tab\t bell\a nul\u2028 \\ é"
      empty:
      "odd key": 'it''s'
)";
  const Clone clone = make_clone(request_of({rule_file(yaml)}));
  REQUIRE(clone.faults.empty());
  const std::vector<RuleGroup> groups = groups_of(clone);
  const MonitorRule& copy = groups.at(0).rules.at(0);
  CHECK(groups[0].name == "a \"b\" (gameday cdp)");
  CHECK(text_of(copy.annotations, "template") ==
        "{{ range query \"up{job=\\\"a\\\"}\" }}\n  {{ .Labels.job }}: '{{ .Value }}' \\n\n\n{{ "
        "end }}\n");
  CHECK(text_of(copy.annotations, "cost") == "costs ${{ $value }} or ${NAME}");
  CHECK(text_of(copy.annotations, "folded") == "one two");
  CHECK(text_of(copy.annotations, "escapes") == "tab\t bell\a nul\xe2\x80\xa8 \\ é");
  CHECK(text_of(copy.annotations, "empty").empty());
  CHECK(text_of(copy.annotations, "odd key") == "it's");
}

TEST_CASE("labels of the copies win over those of the originals and the tag is the set") {
  const std::string yaml =
      "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: up\n"
      "    labels: {environment: production, severity: page}\n";
  CloneRequest request = request_of({rule_file(yaml)});
  const Clone kept = make_clone(request);
  CHECK(
      texts_of(kept.notes) ==
      std::vector<std::string>{
          "rules.yml:4:5: groups[0].rules[0]: \"A\" keeps its own label "
          "environment=\"production\"; with --label environment=staging the copies have another"});
  request.labels = {{"environment", "staging"}};
  const Clone clone = make_clone(request);
  CHECK(clone.notes.empty());
  const Texts labels = groups_of(clone).at(0).rules.at(0).labels;
  CHECK(labels == Texts{{"severity", "page"}, {"environment", "staging"}, {"gameday", "cdp"}});
}

TEST_CASE("without a tool each selector is listed and marked and the expression stays") {
  CloneRequest request = request_of({rule_file(kShop)});
  request.set_matcher = nullptr;
  const Clone clone = make_clone(request);
  CHECK(
      texts_of(clone.unedited) ==
      std::vector<std::string>{
          "rules.yml:9:15: CheckoutFails: checkout_failing{environment=\"production\"}: set "
          "environment=\"staging\"; there is no promtool that can do it",
          "rules.yml:16:15: Slow: latency: set environment=\"staging\"; there is no promtool that "
          "can do it"});
  CHECK(clone.text.find("      # to be edited: latency: set environment=\"staging\"\n"
                        "      - alert: \"Slow\"\n") != std::string::npos);
  CHECK(clone.text.find("Do not edit") == std::string::npos);
  CHECK(groups_of(clone).at(0).rules.at(0).expr ==
        "checkout_failing{environment=\"production\"} == 1");
  request.retargets.clear();
  CHECK(make_clone(request).unedited.size() == 2);
}

TEST_CASE("a tool that fails or does something else leaves the expression to be edited") {
  const auto unedited_by = [](SetMatcher tool) {
    CloneRequest request = request_of({rule_file(kShop)});
    request.set_matcher = std::move(tool);
    const Clone clone = make_clone(request);
    CHECK(groups_of(clone).at(0).rules.at(1).expr == "latency\n  > 1\n");
    REQUIRE(clone.unedited.size() == 2);
    return clone.unedited[1].what;
  };
  CHECK(unedited_by([](const std::string&, const Retarget&) -> Result<std::string> {
          return refused("it is tired");
        }) == "latency: set environment=\"staging\"; it is tired");
  CHECK(unedited_by([](const std::string& expr, const Retarget&) -> Result<std::string> {
          return expr;
        }).find("promtool answered something else") != std::string::npos);
  CHECK(unedited_by([](const std::string&, const Retarget&) -> Result<std::string> {
          return std::string();
        }).find("promtool answered something else") != std::string::npos);
}

TEST_CASE("every matcher is set one after the other") {
  CloneRequest request = request_of({rule_file(kShop)});
  request.retargets.push_back({"region", "eu"});
  CHECK(groups_of(make_clone(request)).at(0).rules.at(1).expr ==
        "latency{region=\"eu\",environment=\"staging\"}\n  > 1\n");
}

TEST_CASE("copies are not copied again and groups keep names of their own") {
  const Clone first = make_clone(request_of({rule_file(kShop)}));
  const Clone again = make_clone(request_of(
      {rule_file(kShop), rule_file(first.text, "clone.yml"), rule_file(kShop, "b.yml")}));
  CHECK(again.copies == 4);
  const std::vector<RuleGroup> groups = groups_of(again);
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].name == "shop (gameday cdp)");
  CHECK(groups[1].name == "shop (gameday cdp, 2)");
  CHECK(again.notes.size() == 4);
  const Clone none = make_clone(request_of({rule_file(first.text)}));
  CHECK((none.text.empty() && none.faults.empty() && none.copies == 0));
  CHECK(texts_of(none.notes).at(0).find("it has the label gameday=\"cdp\" already") !=
        std::string::npos);
}

TEST_CASE("any change of a rule or its group changes the fingerprint and its form does not") {
  const auto print_of = [](const std::string& text) {
    const std::vector<RuleGroup> groups = groups_of({text, 0, {}, {}, {}});
    return fingerprint(groups.at(0), groups.at(0).rules.at(1));
  };
  const std::string original = print_of(kShop);
  CHECK(original.size() == 16);
  std::set<std::string> prints{original};
  const std::vector<std::pair<std::string, std::string>> changes{
      {"CheckoutFails", "CheckoutFailed"},
      {"== 1", "== 2"},
      {"for: 5m", "for: 6m"},
      {"        for: 5m\n", ""},
      {"keep_firing_for: 10m", "keep_firing_for: 5m"},
      {"severity: critical", "severity: error"},
      {"severity: critical, ", ""},
      {"service: checkout", "service: checkout, x: y"},
      {"Nobody", "Somebody"},
      {"          summary", "          text"},
      {"interval: 30s", "interval: 60s"},
      {"interval: 30s", "labels: {a: b}"}};
  for (const auto& [what, with] : changes) {
    INFO(what << " " << with);
    CHECK(prints.insert(print_of(replaced(kShop, what, with))).second);
  }
  CHECK(print_of(replaced(kShop, "{severity: critical, service: checkout}",
                          "{service: 'checkout', \"severity\": critical} # said")) == original);
  CHECK(print_of(replaced(kShop, "name: shop", "name: other")) == original);
}

TEST_CASE("what is no rule file is told with its place and what to do") {
  const std::vector<std::pair<std::string, std::string>> table{
      {"- a\n", "rules.yml:1:1: this must be a map with the key groups; check the indentation"},
      {"apiVersion: v1\n",
       "rules.yml:1:1: apiVersion: this is an object of Kubernetes; give a file of what stands "
       "below "
       "its spec"},
      {"groups: []\nx: 1\n",
       "rules.yml:2:1: x: a rule file has only the key groups; remove this one"},
      {"\"gro\\nups\": []\n",
       "rules.yml:1:1: gro ups: a rule file has only the key groups; remove this one"},
      {"\"x\\e[31m\\u202e\": 1\n",
       "rules.yml:1:1: x[31m: a rule file has only the key groups; remove this one"},
      {"groups: {a: b}\n",
       "rules.yml:1:9: groups: this must be a list of groups; check the indentation"},
      {"groups:\n- rules: []\n", "rules.yml:2:3: groups[0]: this group has no name; write name: …"},
      {"groups:\n- name: a\n  rules:\n  - expr: up\n",
       "rules.yml:4:5: groups[0].rules[0]: neither alert nor record; give the alert its name"},
      {"groups:\n- name: a\n  rules:\n  - {alert: A, record: b, expr: up}\n",
       "rules.yml:4:5: groups[0].rules[0]: both alert and record; write two rules of it"},
      {"groups:\n- name: a\n  rules:\n  - alert: A\n",
       "rules.yml:4:5: groups[0].rules[0]: this rule has no expr; write one"},
      {"groups:\n- name: a\n  rules:\n  - {alert: A, expr: [up]}\n",
       "rules.yml:4:22: groups[0].rules[0].expr: this must be text; check the indentation"},
      {"groups:\n- name: a\n  rules:\n  - {alert: A, expr: up, labels: {a: [b]}}\n",
       "rules.yml:4:38: groups[0].rules[0].labels.a: this must be text; check the indentation"},
      {"groups:\n- name: a\n  rules:\n  - alert: A\n    expr: up\n    expr: down\n",
       R"(rules.yml:6:5: the key "expr" of line 5 again; keep one of the two)"},
      {"groups:\n- name: a\n  rules:\n  - {alert: &x A, expr: up}\n",
       "rules.yml:4:13: anchors are refused; remove it and write the value out where it is used"},
      {"groups: [\n", "rules.yml:"},
      {std::string(settings::kMostFileBytes + 1, ' '),
       "rules.yml: larger than 1 MiB; split the file"}};
  for (const auto& [text, expected] : table) {
    INFO(text.substr(0, 100));
    const std::vector<std::string> faults = faults_of(text);
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].substr(0, expected == "rules.yml:" ? 10 : std::string::npos) == expected);
  }
}

TEST_CASE("a set says what its copies look at by the labels in which it differs") {
  Set set;
  set.as = {{"environment", "production"}, {"region", "eu"}, {"stage", "x"}};
  for (const char* matcher :
       {"team=\"cdp\"", "environment=\"staging\"", "region=~\"us.*\"", "stage!=\"x\""})
    set.copies.push_back(*rules::Matcher::parse(matcher));
  const SetRetargets says = retargets_of(set);
  CHECK(says.all == std::vector<Retarget>{{"environment", "staging"}});
  CHECK(says.unsaid == std::vector<std::string>{"region", "stage"});
}

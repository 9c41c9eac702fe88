// What a rule says is to be done: advice, runbooks, after and continue.
#include "tests/settings/world.hpp"

using namespace tocsin;
using namespace tocsin::settings;

namespace {

std::string advise(const std::string& rest) {
  return "rules: [{name: a, advise: {manual: \"https://m/\"" + rest + "}}]";
}

}  // namespace

TEST_CASE("a rule says one of page and suppress and advise") {
  check_faults({
      {"rules: [{name: a, advise: {manual: \"https://m/\", tell: [{channel: terminal}]}, page: "
       "base}]",
       {"tocsin.yaml:1:27: rules[0].advise: page stands in this rule as well; keep one of the "
        "two"}},
      {"rules: [{name: a, suppress: x, page: base, advise: {manual: \"https://m/\", tell: "
       "[{channel: terminal}]}}]",
       {"tocsin.yaml:1:29: rules[0].suppress: page stands in this rule as well; keep one of the "
        "two",
        "tocsin.yaml:1:52: rules[0].advise: page stands in this rule as well; keep one of the "
        "two"}},
      {"rules: [{name: a, suppress: x, after: 1m, runbook: r}]\nrunbooks: [{name: r, url: "
       "\"https://r/\"}]",
       {"tocsin.yaml:1:39: rules[0].after: belongs to a page, and suppress pages nobody; remove "
        "one of the two",
        "tocsin.yaml:1:52: rules[0].runbook: belongs to a page, and suppress pages nobody; remove "
        "one of the two"}},
      {R"(rules: [{name: a, advise: {manual: "https://m/", tell: [{channel: terminal}]}, after: 1m}])",
       {"tocsin.yaml:1:87: rules[0].after: belongs to a page, and advise pages nobody; remove one "
        "of the two"}},
  });
}

TEST_CASE("advice has a page of the manual and somebody who hears of it") {
  check_faults({
      {"rules: [{name: a, advise: \"https://m/\"}]",
       {"tocsin.yaml:1:27: rules[0].advise: found text; wanted a map"}},
      {"rules: [{name: a, advise: {tell: [{channel: terminal}]}}]",
       {"tocsin.yaml:1:27: rules[0].advise.manual: missing; say which page of the manual answers "
        "it"}},
      {"rules: [{name: a, advise: {manual: ftp://m/x, tell: [{channel: terminal}]}}]",
       {"tocsin.yaml:1:36: rules[0].advise.manual: not a web address; write e.g. "
        "https://playbooks.example.com/api"}},
      {"rules: [{name: a, advise: {manual: \"https://m/a b\", tell: [{channel: terminal}]}}]",
       {"tocsin.yaml:1:36: rules[0].advise.manual: not a web address; write e.g. "
        "https://playbooks.example.com/api"}},
      {advise(""),
       {"tocsin.yaml:1:27: rules[0].advise.tell: missing; write e.g. tell: [{channel: NAME}], or "
        "give the team a channel"}},
      {advise(", tell: []"),
       {"tocsin.yaml:1:56: rules[0].advise.tell: empty; leave it out to tell the team's channel"}},
      {advise(", tell: [terminal]"),
       {"tocsin.yaml:1:57: rules[0].advise.tell[0]: found text; wanted a map"}},
      {advise(", tell: [{}]"),
       {"tocsin.yaml:1:57: rules[0].advise.tell[0].channel: missing; write e.g. {channel: NAME}"}},
      {advise(", tell: [{person: ada}]"),
       {"tocsin.yaml:1:57: rules[0].advise.tell[0].channel: missing; write e.g. {channel: NAME}",
        "tocsin.yaml:1:58: rules[0].advise.tell[0].person: unknown key; known here: channel"}},
      {advise(", tell: [{channel: terminl}]"),
       {R"(tocsin.yaml:1:67: rules[0].advise.tell[0].channel: no channel is called "terminl"; did you mean "terminal"?)"}},
      {advise(", tell: [{channel: terminal}, {channel: terminal}]"),
       {R"(tocsin.yaml:1:88: rules[0].advise.tell[1].channel: "terminal" stands here twice; remove one)"}},
      {"channels: [{name: terminal, type: log}, {name: phones, type: pager}]\n" +
           advise(", tell: [{channel: phones}]"),
       {R"(tocsin.yaml:2:67: rules[0].advise.tell[0].channel: only channels that need no address; "phones" needs one; choose one that is a room or a log)"}},
  });
}

TEST_CASE("a runbook has a name and an address and a rule names one that there is") {
  const std::string known = "runbooks: [{name: restart, url: \"https://r/\"}]\n";
  check_faults({
      {"runbooks: [{url: \"https://r/\"}]",
       {"tocsin.yaml:1:12: runbooks[0].name: missing; rules refer to it"}},
      {"runbooks: [{name: r}]",
       {"tocsin.yaml:1:12: runbooks[0].url: missing; say where it is to be read"}},
      {"runbooks: [{name: r, url: r.example.com}]",
       {"tocsin.yaml:1:27: runbooks[0].url: not a web address; write e.g. "
        "https://playbooks.example.com/api"}},
      {"runbooks: [{name: r, url: \"https://r/" + std::string(2048, 'r') + "\"}]",
       {"tocsin.yaml:1:27: runbooks[0].url: longer than 2048 bytes; link to a shorter one"}},
      {"runbooks: [{name: r, file: runbooks/r.md}]",
       {"tocsin.yaml:1:22: runbooks[0].file: not in this version"}},
      {known + "rules: [{name: a, runbook: restrat}]",
       {R"(tocsin.yaml:2:28: rules[0].runbook: no runbook is called "restrat"; did you mean "restart"?)"}},
      {"runbooks:\n  - {name: r, url: \"https://r/\"}\n  - {name: r, url: \"https://s/\"}",
       {R"(tocsin.yaml:3:12: runbooks[1].name: another runbook is called "r" in tocsin.yaml:2; rename one of the two)"}},
  });
}

TEST_CASE("after is a time within a day and continue is true or false") {
  check_faults({
      {"rules: [{name: a, after: 0s}]",
       {R"(tocsin.yaml:1:26: rules[0].after: "0s" is out of range; write 1s to 1d)"}},
      {"rules: [{name: a, after: 25h}]",
       {R"(tocsin.yaml:1:26: rules[0].after: "25h" is out of range; write 1s to 1d)"}},
      {"rules: [{name: a, continue: yes}]",
       {R"(tocsin.yaml:1:29: rules[0].continue: "yes" is neither true nor false; write one of the two, without quotes)"}},
      {R"(rules: [{name: a, continue: "true"}])",
       {R"(tocsin.yaml:1:29: rules[0].continue: "true" is neither true nor false; write one of the two, without quotes)"}},
      {"rules: [{name: a, continue: True}]",
       {R"(tocsin.yaml:1:29: rules[0].continue: "True" is neither true nor false; write one of the two, without quotes)"}},
      {"rules: [{name: a, continue: [true]}]",
       {"tocsin.yaml:1:29: rules[0].continue: found a list; wanted text"}},
      {"rules: [{name: a, continue: }]",
       {"tocsin.yaml:1:19: rules[0].continue: found nothing; wanted text"}},
  });
}

TEST_CASE("what rules say is to be done becomes exactly that") {
  const Loaded whole = load_files({{"tocsin.yaml", with_the_rest(R"(channels:
  - {name: terminal, type: log}
  - {name: room, type: log}
rules:
  - {name: service, matchers: [s=1], after: 90s, runbook: late, continue: true}
)")},
                                   {"teams/a.yaml", R"(rules:
  - {name: told, matchers: [a=1], advise: {manual: "http://m/?q=1#x"}, continue: false}
  - {name: others, matchers: [a=2], advise: {manual: "https://m/", tell: [{channel: terminal}]}}
team: a
channel: room
runbooks:
  - {name: late, title: What is late, url: "https://r/late"}
  - {name: untitled, url: "https://r/untitled"}
)"},
                                   {"teams/b.yaml", R"(team: b
rules: [{name: b, matchers: [b=1], runbook: untitled}]
)"}});
  CHECK(texts(whole.faults) == std::vector<std::string>{});
  REQUIRE(whole.settings);
  const auto& rules = whole.settings->rules;
  REQUIRE(rules.size() == 4);
  CHECK((rules[0].go_on && rules[0].after == std::chrono::seconds(90)));
  CHECK((rules[0].team.empty() && rules[0].team_channel.empty()));
  CHECK(rules[0].runbook == Runbook{"late", "What is late", "https://r/late"});
  CHECK((rules[1].manual == "http://m/?q=1#x" && !rules[1].go_on && !rules[1].after));
  CHECK(rules[1].tell == std::vector<std::string>{"room"});
  CHECK((rules[1].team == "a" && rules[1].team_channel == "room"));
  CHECK(rules[2].tell == std::vector<std::string>{"terminal"});
  CHECK(rules[3].runbook == Runbook{"untitled", "untitled", "https://r/untitled"});
  CHECK(rules[3].team_channel.empty());
  CHECK(whole.settings->team_channels ==
        std::map<std::string, std::string, std::less<>>{{"a", "room"}});
}

TEST_CASE("a team whose channel is wrong is not told so again at its advice") {
  const Loaded loaded = load_files(
      {{"tocsin.yaml", with_the_rest("")},
       {"teams/a.yaml",
        "team: a\nchannel: []\nrules: [{name: a, advise: {manual: \"https://m/\"}}]\n"}});
  CHECK(texts(loaded.faults) ==
        std::vector<std::string>{"teams/a.yaml:2:10: channel: found a list; wanted text"});
}

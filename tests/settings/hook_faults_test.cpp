// Hooks, their limits, and the rules that want them.
#include "tests/settings/world.hpp"

using namespace tocsin;
using namespace tocsin::settings;

namespace {

std::string hook(const std::string& rest) {
  return "hooks: [{name: fix, type: webhook, url: \"http://h/\"" + rest + "}]";
}
std::string rule(const std::string& remediate) {
  return "hooks: [{name: fix, type: webhook, url: \"http://h/\"}]\nrules: [{name: a, remediate: " +
         remediate + "}]";
}

}  // namespace

TEST_CASE("a hook has a name and a type and what its type requires") {
  check_faults({
      {"hooks: [{type: webhook, url: \"http://h/\"}]",
       {"tocsin.yaml:1:9: hooks[0].name: missing; rules refer to it"}},
      {"hooks: [{name: fix}]", {"tocsin.yaml:1:9: hooks[0].type: missing; say what runs it"}},
      {"hooks: [{name: fix, type: webhook}]",
       {"tocsin.yaml:1:9: hooks[0].url: missing; where to post"}},
      {"hooks: [{name: fix, type: webhok, url: \"http://h/\"}]",
       {R"(tocsin.yaml:1:27: hooks[0].type: "webhok" is no hook type; did you mean "webhook"?)"}},
      {"hooks: [{name: fix, type: rundeck, job: x}, {name: b, type: awx}]",
       {"tocsin.yaml:1:27: hooks[0].type: not in this version",
        "tocsin.yaml:1:61: hooks[1].type: not in this version"}},
      {hook(", user: x"),
       {"tocsin.yaml:1:54: hooks[0].user: unknown key; known here: name, type, limit, timeout, "
        "gameday, url, secret"}},
      {hook("}, {name: fix, type: webhook, url: \"http://h/\""),
       {R"(tocsin.yaml:1:62: hooks[1].name: another hook is called "fix" in tocsin.yaml:1; rename one of the two)"}},
      {"hooks: {name: fix}", {"tocsin.yaml:1:8: hooks: found a map; wanted a list"}},
  });
}

TEST_CASE("the limits of a hook are within limits") {
  check_faults({
      {hook(", limit: 3"), {"tocsin.yaml:1:61: hooks[0].limit: found text; wanted a map"}},
      {hook(", limit: {}"),
       {"tocsin.yaml:1:61: hooks[0].limit.runs: missing; write e.g. {runs: 3, per: 1h}",
        "tocsin.yaml:1:61: hooks[0].limit.per: missing; write e.g. {runs: 3, per: 1h}"}},
      {hook(", limit: {runs: 0, per: 1h}"),
       {R"(tocsin.yaml:1:68: hooks[0].limit.runs: "0" is no such number; write 1 to 1000 without leading zeros)"}},
      {hook(", limit: {runs: 1001, per: 1h}"),
       {R"(tocsin.yaml:1:68: hooks[0].limit.runs: "1001" is no such number; write 1 to 1000 without leading zeros)"}},
      {hook(", limit: {runs: 3, per: 59s}"),
       {R"(tocsin.yaml:1:76: hooks[0].limit.per: "59s" is out of range; write 1m to 7d)"}},
      {hook(", limit: {runs: 3, per: 8d, in: x}"),
       {R"(tocsin.yaml:1:76: hooks[0].limit.per: "8d" is out of range; write 1m to 7d)",
        "tocsin.yaml:1:80: hooks[0].limit.in: unknown key; known here: runs, per"}},
      {hook(", timeout: 51s"),
       {R"(tocsin.yaml:1:63: hooks[0].timeout: "51s" is out of range; write 1s to 50s)"}},
      {hook(", timeout: 0s"),
       {R"(tocsin.yaml:1:63: hooks[0].timeout: "0s" is out of range; write 1s to 50s)"}},
      {hook(", gameday: dryrun"),
       {R"(tocsin.yaml:1:63: hooks[0].gameday: "dryrun" is no way of drilling; did you mean "dry-run"?)"}},
  });
}

TEST_CASE("a rule's remedy names a hook that there is and belongs to a page") {
  check_faults({
      {"rules: [{name: a, remediate: {hook: restart-api}}]",
       {R"(tocsin.yaml:1:37: rules[0].remediate.hook: no hook is called "restart-api"; define it under hooks)"}},
      {rule("{hook: fx}"),
       {R"(tocsin.yaml:2:37: rules[0].remediate.hook: no hook is called "fx"; did you mean "fix"?)"}},
      {rule("fix"), {"tocsin.yaml:2:30: rules[0].remediate: found text; wanted a map"}},
      {rule("{mode: automatic}"),
       {"tocsin.yaml:2:30: rules[0].remediate.hook: missing; name the hook that mends it"}},
      {rule("{hook: fix, mode: auto}"),
       {R"(tocsin.yaml:2:48: rules[0].remediate.mode: "auto" is no mode; choose automatic or approve)"}},
      {rule("{hook: fix, wait: 2h}"),
       {R"(tocsin.yaml:2:48: rules[0].remediate.wait: "2h" is out of range; write 1s to 1h)"}},
      {rule("{hook: fix, wait: 500ms}"),
       {R"(tocsin.yaml:2:48: rules[0].remediate.wait: "500ms" is out of range; write 1s to 1h)"}},
      {rule("{hook: fix}, suppress: x"),
       {"tocsin.yaml:2:30: rules[0].remediate: belongs to a page, and suppress pages nobody; "
        "remove "
        "one of the two"}},
      {rule("{hook: fix}, advise: {manual: \"https://m/\", tell: [{channel: terminal}]}"),
       {"tocsin.yaml:2:30: rules[0].remediate: belongs to a page, and advise pages nobody; remove "
        "one of the two"}},
  });
}

TEST_CASE("a hook of any file is filled into the remedies that name it") {
  const Loaded loaded =
      load_files({{"tocsin.yaml",
                   with_the_rest("rules: [{name: a, matchers: [a=1], remediate: {hook: fix}}]\n"
                                 "hooks: [{name: unused, type: webhook, url: \"http://u/\"}]\n")},
                  {"teams/cdp.yaml", R"(team: cdp
rules:
  - {name: b, matchers: [a=2], page: base, remediate: {hook: fix, mode: approve, wait: 90s}}
hooks:
  - name: fix
    type: webhook
    url: "http://fix/"
    secret: "${KEY_A}"
    limit: {runs: 7, per: 6h}
    timeout: 20s
    gameday: dry-run
)"}});
  CHECK(texts(loaded.faults).empty());
  CHECK(texts(loaded.notes).empty());
  REQUIRE(loaded.settings);
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  const auto& rules = loaded.settings->rules;
  CHECK(rules[0].remedy == Remedy{"fix", RemedyMode::automatic, minutes(3), 7, hours(6)});
  CHECK(rules[1].remedy == Remedy{"fix", RemedyMode::approve, seconds(90), 7, hours(6)});
  const auto& hooks = loaded.settings->hooks;
  REQUIRE(hooks.size() == 2);
  const HookSettings& fix = hooks.at("fix");
  CHECK((fix.type == "webhook" && fix.values.name == "fix"));
  CHECK((fix.values.get("url") == "http://fix/" &&
         fix.values.get("secret") == variables().at("KEY_A")));
  CHECK((fix.runs == 7 && fix.per == hours(6) && fix.timeout == seconds(20)));
  CHECK(fix.gameday == HookInDrill::dry_run);
  const HookSettings& unused = hooks.at("unused");
  CHECK((unused.runs == 3 && unused.per == hours(1) && unused.timeout == seconds(10)));
  CHECK(unused.gameday == HookInDrill::never);
}

TEST_CASE("a page that cannot wait for its hook is noted") {
  const Loaded loaded = load_service(rule("{hook: fix, wait: 9s}") + "\n");
  REQUIRE(loaded.settings);
  CHECK(texts(loaded.notes) ==
        std::vector<std::string>{
            "tocsin.yaml:2:48: rules[0].remediate.wait: the page is held for 9s, but the hook may "
            "take 10s to answer; wait longer, or give the hook less time"});
}

TEST_CASE("what a connector finds wrong with itself is told at its place") {
  const Loaded loaded = load_service(
      "channels:\n  - {name: terminal, type: log}\n"
      "  - {name: page, type: webhook, url: \"${WORD}\"}\n"
      "hooks:\n  - {name: fix, type: webhook, url: x}\n");
  REQUIRE(loaded.settings);
  const Settings& all = *loaded.settings;
  CHECK(connector_fault(all, "channels.page.url: no URL; mend it").text() ==
        "tocsin.yaml:3:38: channels[1].url: no URL; mend it");
  CHECK(connector_fault(all, "channels.page: no: use").text() ==
        "tocsin.yaml:3:5: channels[1]: no: use");
  CHECK(connector_fault(all, "hooks.fix.url: no URL").text() ==
        "tocsin.yaml:5:37: hooks[0].url: no URL");
  CHECK(connector_fault(all, "channels.page.secret: wrong").text() ==
        "tocsin.yaml:3:5: channels[1].secret: wrong");
  CHECK(connector_fault(all, "nobody knows").text() == "tocsin.yaml: nobody knows");
}

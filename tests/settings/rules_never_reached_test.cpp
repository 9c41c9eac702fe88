// Notes of rules that no alert can reach.
#include "tests/settings/world.hpp"

using namespace tocsin;
using namespace tocsin::settings;

namespace {

using Texts = std::vector<std::string>;

Loaded load_texts(const std::string& service, const std::string& team) {
  return load_files({{"tocsin.yaml", with_the_rest(service)}, {"teams/cdp.yaml", team}});
}

/// What is noted about these rules of one team.
Texts noted(const std::string& rules) {
  const Loaded loaded = load_texts("", "team: cdp\nrules:\n" + rules);
  CHECK(texts(loaded.faults) == Texts{});
  return texts(loaded.notes);
}

}  // namespace

TEST_CASE("a rule that claims everything is noted unless it is the last") {
  const std::string service = "rules: [{name: all}, {name: b, matchers: [a=b]}]\n";
  const Loaded loaded = load_texts(
      service, "team: cdp\nrules: [{name: c, matchers: [c=d]}, {name: rest, matchers: []}]\n");
  REQUIRE(loaded.settings);
  CHECK(
      texts(loaded.notes) ==
      Texts{"tocsin.yaml:1:9: rules[0]: matches every alert, so 3 rules after it can never match; "
            "give it matchers, or move it to the end"});
  // A matcher that is wrong leaves none, and is a fault but no catch-all.
  CHECK(load_service("rules: [{name: a, matchers: ['=']}, {name: b}]\n").notes.empty());
}

TEST_CASE("a rule is noted when one before it takes all that it matches") {
  CHECK(
      noted(R"(  - {name: a, matchers: ['service="api"']}
  - {name: b, matchers: [severity=info, service=api]}
  - {name: c, matchers: [severity=info]}
)") ==
      Texts{
          R"(teams/cdp.yaml:4:5: rules[1]: can never match: rule "a" in teams/cdp.yaml:3 stands before it and takes all that it matches; move it before that one, or let that one say continue: true)"});
  // The same matchers in another order, twice, and the first of two that stand before.
  CHECK(
      noted(R"(  - {name: a, matchers: [x=1, y=~"2|3"]}
  - {name: b, matchers: [x=1]}
  - {name: c, matchers: ['y=~"2|3"', 'x="1"', x=1]}
)") ==
      Texts{
          R"(teams/cdp.yaml:5:5: rules[2]: can never match: rule "a" in teams/cdp.yaml:3 stands before it and takes all that it matches; move it before that one, or let that one say continue: true)"});
}

TEST_CASE("a rule that may still match is not noted") {
  CHECK(noted(R"(  - {name: a, matchers: [service=api, severity=info]}
  - {name: b, matchers: [service=api], continue: true}
  - {name: c, matchers: [service=api, alertname=Down]}
  - {name: d, matchers: [service!=api]}
  - {name: e, matchers: ['service=~"api|.+-api"']}
  - {name: f, continue: true}
  - {name: g}
)") == Texts{});
}

TEST_CASE("a rule of another team that stands before is named as that team's") {
  const Loaded loaded = load_files(
      {{"tocsin.yaml", with_the_rest("rules: [{name: first, matchers: [a=b]}]\n")},
       {"teams/a.yaml", "team: a\nrules: [{name: second, matchers: [c=d]}]\n"},
       {"teams/b.yaml",
        "team: b\nrules: [{name: x, matchers: [a=b, e=f]}, {name: y, matchers: [c=d]}]\n"}});
  CHECK(
      texts(loaded.notes) ==
      Texts{
          R"(teams/b.yaml:2:9: rules[0]: can never match: the service's rule "first" in tocsin.yaml:1 stands before it and takes all that it matches; agree whose it is, or let that one say continue: true)",
          R"(teams/b.yaml:2:42: rules[1]: can never match: team a's rule "second" in teams/a.yaml:2 stands before it and takes all that it matches; agree whose it is, or let that one say continue: true)"});
}

TEST_CASE("a rule is noted when wider values or a pattern before it take all that it matches") {
  const auto covered = [](const std::string& wide, const std::string& narrow) {
    const Texts notes = noted("  - {name: a, matchers: [" + wide + "]}\n  - {name: b, matchers: [" +
                              narrow + "]}\n");
    return notes ==
           Texts{
               R"(teams/cdp.yaml:4:5: rules[1]: can never match: rule "a" in teams/cdp.yaml:3 stands before it and takes all that it matches; move it before that one, or let that one say continue: true)"};
  };
  CHECK(covered(R"('service=~"api|web"')", "service=web, severity=info"));
  CHECK(covered(R"('service=~"api.*"')", "severity=info, service=api-eu"));
  CHECK(covered("environment!=production", "environment=staging"));
  CHECK(covered(R"('service=~"api|web|db"', x!=1)", R"('service=~"db|api"', x=2)"));
  CHECK_FALSE(covered(R"('service=~"api|web"')", "service=db"));
  CHECK_FALSE(covered(R"('service=~"api|web"', x=1)", "service=api"));
}

TEST_CASE("one team's rule that takes some of another's alerts is noted once for the two teams") {
  const auto notes = [](const std::string& first, const std::string& second) {
    const Loaded loaded = load_files({{"tocsin.yaml", with_the_rest("")},
                                      {"teams/a.yaml", "team: a\nrules:\n" + first},
                                      {"teams/b.yaml", "team: b\nrules:\n" + second}});
    CHECK(texts(loaded.faults) == Texts{});
    return texts(loaded.notes);
  };
  const std::string taken =
      R"(team a's rule "x" in teams/a.yaml:3 stands before it and takes the alerts that both match)";
  const std::string agree = "; agree whose they are, or let that one say continue: true";
  CHECK(notes("  - {name: x, matchers: [service=api, severity=info]}\n",
              "  - {name: y, matchers: [service=api]}\n") ==
        Texts{"teams/b.yaml:3:5: rules[0]: " + taken + agree});
  CHECK(
      notes(
          "  - {name: x, matchers: ['service=~\"api|web\"', 'alertname=~\"High.*\"']}\n",
          "  - {name: w, matchers: [service=db]}\n"
          "  - {name: y, matchers: ['service=~\"web|db\"', severity=info]}\n"
          "  - {name: z, matchers: [service=api, alertname=HighLatency, severity=info], continue: "
          "true}\n"
          "  - {name: v, matchers: [service=api]}\n") ==
      Texts{"teams/b.yaml:4:5: rules[1]: " + taken + " (and of 1 more of team b's rules)" + agree,
            "teams/b.yaml:5:5: rules[2]: can never match: team a's rule \"x\" in teams/a.yaml:3 "
            "stands before it and takes all that it matches; agree whose it is, or let that one "
            "say continue: true"});
  // What cannot match the same alert, asks for nothing in common, or lets others speak as well.
  for (const char* first :
       {"[service=api, severity=info]", "[service=web]", "[alertname=Down]", "[service!=web]"})
    CHECK(notes("  - {name: x, matchers: " + std::string(first) + "}\n",
                "  - {name: y, matchers: [service=api, severity=error, environment=production]}\n")
              .size() == (std::string(first) == "[service!=web]" ? 1 : 0));
  // What many teams ask for is no sign.
  std::vector<File> files{{"tocsin.yaml", with_the_rest("")}};
  for (const std::string team : {"a", "b", "c", "d"})
    files.push_back({"teams/" + team + ".yaml", "team: " + team + "\nrules: [{name: " + team +
                                                    ", matchers: [severity=info, label-" + team +
                                                    "=x]}]\n"});
  CHECK(texts(load_files(files).notes) == Texts{});
  CHECK(notes("  - {name: x, matchers: [service=api, severity=info], continue: true}\n",
              "  - {name: y, matchers: [service=api]}\n") == Texts{});
}

TEST_CASE("a rule that contradicts itself is noted at the matcher that does") {
  const auto contradicts = [](const std::string& matchers) {
    return noted("  - {name: a, matchers: [" + matchers + "]}\n") ==
           Texts{"teams/cdp.yaml:3:" + std::to_string(26 + matchers.rfind(' ') + 1) +
                 ": rules[0].matchers[1]: contradicts matchers[0], so the rule can never match; "
                 "mend one of the two"};
  };
  CHECK(contradicts("a=x, a=y"));
  CHECK(contradicts("a=x, a!=x"));
  CHECK(contradicts("a!=x, a=x"));
  CHECK(contradicts("a=x, 'a=~\"y|z\"'"));
  CHECK(contradicts("a=x, 'a!~\"x.*\"'"));
  CHECK(contradicts("'a=\"\"', a!=\"\""));
  CHECK(noted("  - {name: a, matchers: [a=x, a=x, a!=y, b=y, 'a=~\"x|y\"', 'c=~\"1\"', "
              "'c=~\"2\"']}\n") == Texts{});
}

TEST_CASE("a rule with a matcher that is wrong or unknown is left out of what is noted") {
  const std::string rules =
      "rules: [{name: a, matchers: [a=b, 'c=\"${NONE}\"']}, {name: b, matchers: [a=b]}]\n";
  const Loaded loaded = load_service(rules, Unset::note);
  REQUIRE(loaded.notes.size() == 1);
  CHECK(loaded.notes[0].key == "rules[0].matchers[1]");
  CHECK(load_service("rules: [{name: a, matchers: ['=']}, {name: b}]\n").notes.empty());
}

TEST_CASE("what is noted of matchers shows nothing that was filled in") {
  const Loaded loaded = load_service(
      R"(rules: [{name: a, matchers: ['a="${KEY_A}"', 'a="${KEY_B}"']}, {name: b, matchers: ['a="${KEY_A}"', 'a="${KEY_B}"', c=d]}])"
      "\n");
  CHECK(loaded.notes.size() == 3);
  check_no_secret(loaded);
}

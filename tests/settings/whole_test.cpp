#include "tests/settings/world.hpp"

using namespace tocsin;
using namespace tocsin::settings;

namespace {

Loaded load_texts(const std::string& service, const std::string& team) {
  return load_files({{"tocsin.yaml", with_the_rest(service)}, {"teams/cdp.yaml", team}});
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a configuration without mistakes becomes exactly what it says") {
  const Loaded loaded = load_files({{"tocsin.yaml", with_the_rest(R"(server:
  listen: "[::1]:9000"
  external_url: https://tocsin.example.com/pager//
  secret: "${KEY_A}"
  tokens:
    - {name: ops, role: admin, token: "${KEY_A}"}
    - {name: look, role: viewer, token: "${KEY_B}"}
    - {name: act, role: responder, token: cccc-0123456789abcdef}
journal: {type: sqlite, path: log/journal/, retention: 1w}
store: {type: sqlite, path: history/}
integrations:
  - name: prod
    source: prometheus
    keys: ["${KEY_A}", "${KEY_B}"]
    labels: {environment: production, b: "0123"}
    group_by: [alertname, service]
    severities: {page: critical, none: info}
    resolve_after: 6h
    reopen_within: 0s
    limit: 5000/s
  - {name: staging, source: prometheus, key: dddd-0123456789abcdef}
channels:
  - {name: terminal, type: log}
  - {name: phones, type: pager}
people:
  - name: ada
    contacts: {terminal: ada, phones: "+353"}
    notify: [{channel: phones}, {after: 2m, channel: terminal}]
  - {name: grace, contacts: {phones: "+44", terminal: grace}}
)")},
                                    {"teams/cdp.yaml", R"(team: cdp
policies:
  - name: cdp
    steps:
      - {page: [{person: ada}, {channel: terminal}], wait: 90s}
      - {page: [{person: grace}]}
    repeat: 2
rules:
  - {name: one, matchers: ['a="b"', c=~d], severity: warning, impact: nobody cares, page: cdp}
  - {name: two, matchers: ['a="c"'], suppress: not now}
)"}});
  CHECK(texts(loaded.faults) == Texts{});
  CHECK(texts(loaded.notes) == Texts{});
  REQUIRE(loaded.settings);
  const Settings& all = *loaded.settings;
  CHECK(all.server.listen == "[::1]:9000");
  CHECK(all.server.external_url == "https://tocsin.example.com/pager");
  CHECK(all.server.secret == variables().at("KEY_A"));
  REQUIRE(all.server.tokens.size() == 3);
  CHECK((all.server.tokens[0].role == Role::admin && all.server.tokens[0].name == "ops"));
  CHECK(
      (all.server.tokens[1].role == Role::viewer && all.server.tokens[2].role == Role::responder));
  CHECK((all.journal.path == "log/journal" && all.journal.retention == std::chrono::hours(7 * 24)));
  CHECK((all.store.type == "sqlite" && all.store.path == "history"));
  REQUIRE(all.integrations.size() == 2);
  const Integration& prod = all.integrations[0];
  CHECK((prod.name == "prod" && prod.source == "prometheus" && prod.keys.size() == 2));
  CHECK(prod.labels == std::vector<std::pair<std::string, std::string>>{
                           {"environment", "production"}, {"b", "0123"}});
  CHECK(prod.group_by == Texts{"alertname", "service"});
  CHECK(prod.severities ==
        rules::SeverityWords{{"page", Severity::critical}, {"none", Severity::info}});
  CHECK((prod.resolve_after == std::chrono::hours(6) && prod.reopen_within == Duration::zero()));
  CHECK((!all.integrations[1].resolve_after && !all.integrations[1].reopen_within));
  CHECK((prod.limit == Rate{5000, std::chrono::seconds(1)} && !all.integrations[1].limit));
  CHECK(all.integrations[1].group_by == Texts{"alertname"});
  CHECK(all.channel_types ==
        std::map<std::string, std::string>{{"terminal", "log"}, {"phones", "pager"}});
  CHECK(all.directory.channels == std::set<std::string, std::less<>>{"terminal"});
  using std::chrono::minutes;
  using std::chrono::seconds;
  CHECK(all.directory.people.at("ada").notify ==
        std::vector<oncall::Way>{{"phones", "+353", {}}, {"terminal", "ada", minutes(2)}});
  CHECK(all.directory.people.at("grace").notify ==
        std::vector<oncall::Way>{{"phones", "+44", {}}, {"terminal", "grace", {}}});
  const Policy expected{
      "cdp",
      "cdp",
      {{{{Target::Kind::person, "ada"}, {Target::Kind::channel, "terminal"}}, seconds(90)},
       {{{Target::Kind::person, "grace"}}, kDefaultStepWait}},
      2};
  CHECK(all.policies.at("cdp") == expected);
  CHECK(all.default_policy == "base");
  REQUIRE(all.rules.size() == 2);
  CHECK((all.rules[0].team == "cdp" && all.rules[0].severity == Severity::warning));
  CHECK((all.rules[0].impact == "nobody cares" && all.rules[0].page == "cdp"));
  CHECK((all.rules[0].matchers.size() == 2 && all.rules[0].matchers[1].text() == "c=~\"d\""));
  CHECK((all.rules[1].suppress == "not now" && all.rules[1].page.empty()));
}

TEST_CASE("what is left out has its default") {
  const Loaded loaded = load_service("server:\njournal:\nrules:\n");
  REQUIRE(loaded.settings);
  CHECK(loaded.settings->server.listen == "127.0.0.1:8321");
  CHECK(loaded.settings->server.external_url == "http://localhost:8321");
  CHECK(loaded.settings->server.secret.empty());
  CHECK((loaded.settings->journal.type == "sqlite" && loaded.settings->journal.path == "journal"));
  CHECK(loaded.settings->journal.retention == std::chrono::hours(30 * 24));
  CHECK((loaded.settings->store.type == "sqlite" && loaded.settings->store.path == "store.db"));
  CHECK((loaded.settings->hooks.empty() && loaded.settings->windows.empty()));
}

TEST_CASE("a team's file says whose it is and holds nothing of the service") {
  const auto said = [](const std::string& team) { return texts(load_texts("", team).faults); };
  CHECK(said("") == Texts{"teams/cdp.yaml: found nothing; wanted a map"});
  CHECK(said("[]") == Texts{"teams/cdp.yaml:1:1: found a list; wanted a map"});
  CHECK(said("policies: []\n") ==
        Texts{"teams/cdp.yaml:1:1: team: missing; say whose file this is, e.g. team: platform"});
  CHECK(said("team: cdp\nserver: {}\npeople: []\n") ==
        Texts{"teams/cdp.yaml:2:1: server: belongs in tocsin.yaml; move it there",
              "teams/cdp.yaml:3:1: people: belongs in tocsin.yaml; move it there"});
  CHECK(
      said("team: cdp\nchannel: terminl\nrotas: []\n") ==
      Texts{
          R"(teams/cdp.yaml:2:10: channel: no channel is called "terminl"; did you mean "terminal"?)"});
  CHECK(texts(load_texts("channels: [{name: terminal, type: log}, {name: phones, type: pager}]\n",
                         "team: cdp\nchannel: phones\n")
                  .faults) ==
        Texts{"teams/cdp.yaml:2:10: channel: only channels that need no address; \"phones\" needs "
              "one; choose one that is a room or a log"});
}

TEST_CASE("names are unique over all files and the fault names the other place") {
  const std::string team = "team: a\npolicies: [{name: base, steps: [{page: [{person: ada}]}]}]\n";
  const Loaded loaded =
      load_files({{"tocsin.yaml", with_the_rest("rules: [{name: r, matchers: [a=b]}]\n")},
                  {"teams/a.yaml", team},
                  {"teams/b.yaml", "team: a\nrules: [{name: r}]\n"}});
  CHECK(
      texts(loaded.faults) ==
      Texts{
          R"(teams/a.yaml:2:19: policies[0].name: another policy is called "base" in tocsin.yaml:3; rename one of the two)",
          R"(teams/b.yaml:1:7: team: another team is called "a" in teams/a.yaml:1; rename one of the two)",
          R"(teams/b.yaml:2:16: rules[0].name: another rule is called "r" in tocsin.yaml:1; rename one of the two)"});
}

TEST_CASE("without a default policy or a service file there are no settings") {
  CHECK(texts(load_files({{"tocsin.yaml", "people: []\n"}}).faults) ==
        Texts{"tocsin.yaml: default: missing; write default: {page: POLICY} for alerts that no "
              "rule claims"});
  CHECK(texts(load_files({}).faults) == Texts{"tocsin.yaml: no such file; write one"});
}

TEST_CASE("what an unreadable file defines is not missed elsewhere") {
  const Loaded loaded = load_texts("default: {page: cdp}\n", "team: cdp\npolicies: [{name: cdp\n");
  REQUIRE(loaded.faults.size() == 1);
  CHECK(loaded.faults[0].file == "teams/cdp.yaml");
}

TEST_CASE("a configuration that nothing can come in by is noted") {
  const Loaded loaded = load_service("integrations: []\n");
  REQUIRE(loaded.settings);
  CHECK(texts(loaded.notes) ==
        Texts{"tocsin.yaml: integrations: none, so no alert can come in; add one"});
}

TEST_CASE("files that tocsin does not read are noted") {
  const std::string service = with_the_rest("");
  const Loaded loaded = load_files({{"tocsin.yaml", service},
                                    {"teams/a.yml", ""},
                                    {"teams/more/a.yaml", "team: ["},
                                    {"extra.yaml", ""}});
  REQUIRE(loaded.settings);
  CHECK(texts(loaded.notes) ==
        Texts{"teams/a.yml: not read; only tocsin.yaml and teams/*.yaml are",
              "teams/more/a.yaml: not read; only tocsin.yaml and teams/*.yaml are",
              "extra.yaml: not read; only tocsin.yaml and teams/*.yaml are"});
  CHECK(loaded.settings->hash == load_service("").settings->hash);
}

TEST_CASE("files of test cases are no configuration and nothing is said of them") {
  const Loaded loaded = load_files({{"tocsin.yaml", with_the_rest("")},
                                    {"rules_test.yaml", "cases: ["},
                                    {"teams/cdp_test.yaml", "cases: ["},
                                    {"teams/more/cdp_test.yaml", "cases: ["}});
  REQUIRE(loaded.settings);
  CHECK(texts(loaded.notes) == Texts{});
  CHECK(loaded.settings->hash == load_service("").settings->hash);
}

TEST_CASE("the hash names the files as they are written and no secret changes it") {
  const auto hash = [](const std::vector<File>& files, const Environment& from) {
    return load(files, vocabulary(), from, Unset::fault).settings.value().hash;
  };
  const std::string service = with_the_rest(""), team = "team: a\n";
  const std::string first = hash({{"tocsin.yaml", service}}, environment());
  CHECK(first.size() == 16);
  CHECK(first.find_first_not_of("0123456789abcdef") == std::string::npos);
  Environment other = environment();
  other.variable = [](const std::string&) { return "another-0123456789abcdef"; };
  CHECK(hash({{"tocsin.yaml", service}}, other) == first);
  CHECK(hash({{"tocsin.yaml", service + "\n"}}, environment()) != first);
  const std::string with_team =
      hash({{"tocsin.yaml", service}, {"teams/a.yaml", team}}, environment());
  CHECK(with_team != first);
  CHECK(hash({{"tocsin.yaml", service}, {"teams/b.yaml", team}}, environment()) != with_team);
}

TEST_CASE("faults come in the order of files and lines and the many are counted") {
  std::string rules = "rules:\n";
  for (int i = 0; i < 250; ++i) rules += "  - {name: r" + std::to_string(i) + ", page: nobody}\n";
  const Loaded loaded = load_service("colour: red\n" + rules);
  REQUIRE(loaded.faults.size() == kMostFaults + 1);
  CHECK(loaded.faults[0].key == "colour");
  CHECK(loaded.faults[1].key == "rules[0].page");
  CHECK(loaded.faults.back().text() == "tocsin.yaml: 51 more are not shown; mend these first");
}

TEST_CASE("lists that are looked through again and again are short") {
  std::string labels, contacts, notify;
  for (int i = 0; i < 65; ++i) {
    labels += "l" + std::to_string(i) + ", ";
    contacts += "c" + std::to_string(i) + ": a, ";
    notify += "{channel: terminal}, ";
  }
  const auto said = [](const std::string& written) { return texts(load_service(written).faults); };
  CHECK(said("integrations:\n  - {name: a, source: prometheus, key: \"${KEY_A}\", group_by: [" +
             labels + "]}\n") ==
        Texts{"tocsin.yaml:2:62: integrations[0].group_by: more than 64 labels; group by fewer"});
  CHECK(said("people: [{name: ada, contacts: {" + contacts + "}}]\n") ==
        Texts{"tocsin.yaml:1:32: people[0].contacts: more than 64 contacts; keep fewer"});
  CHECK(said("people: [{name: ada, contacts: {terminal: a}, notify: [" + notify + "]}]\n") ==
        Texts{"tocsin.yaml:1:55: people[0].notify: more than 64 entries; keep fewer"});
}

TEST_CASE("a fault is file and line and column and key and what is wrong") {
  CHECK(Fault{"a.yaml", 3, 7, "x[0].y", "wrong; mend it"}.text() ==
        "a.yaml:3:7: x[0].y: wrong; mend it");
  CHECK(Fault{"a.yaml", 3, 7, "", "wrong; mend it"}.text() == "a.yaml:3:7: wrong; mend it");
  CHECK(Fault{"a.yaml", 0, 0, "", "wrong; mend it"}.text() == "a.yaml: wrong; mend it");
}

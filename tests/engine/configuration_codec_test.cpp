// A configuration that was kept decides as it did.
#include "router/engine/configuration_codec.hpp"

#include <random>
#include <set>

#include "router/engine/facts.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace std::chrono_literals;

namespace {

using Random = std::mt19937;

rules::Rule some_rule(Random& random, std::size_t number) {
  static constexpr std::string_view kMatchers[] = {R"(a="x")", R"(a!="x")",  R"(b=~"x.*|y")",
                                                   R"(b!="")", R"(c!~".+")", R"("d.e"="q\"\\\n")"};
  rules::Rule rule;
  rule.name = "r" + std::to_string(number);
  rule.team = "team" + std::to_string(random() % 3);
  for (std::size_t m = random() % 3; m > 0; --m)
    rule.matchers.push_back(
        rules::Matcher::parse(kMatchers[random() % std::size(kMatchers)]).value());
  const auto perhaps = [&] { return random() % 3 == 0; };
  if (perhaps()) rule.severity = static_cast<Severity>(random() % 4);
  if (perhaps()) rule.impact = "customers wait";
  if (perhaps()) rule.page = "p" + std::to_string(random() % 3);
  if (perhaps()) rule.suppress = "known";
  if (perhaps()) rule.after = std::chrono::seconds(random() % 500);
  if (perhaps()) rule.runbook = Runbook{"book", "A book", "https://example.com/book"};
  if (perhaps()) rule.manual = "https://example.com/manual";
  if (perhaps()) rule.tell = {"room", "hall"};
  if (perhaps()) rule.team_channel = "room";
  if (perhaps())
    rule.remedy = Remedy{"restart", random() % 2 ? RemedyMode::automatic : RemedyMode::approve,
                         2min, 5, 30min};
  rule.go_on = random() % 2 == 0;
  return rule;
}

Configuration some_configuration(Random& random) {
  Configuration configuration;
  std::vector<rules::Rule> rules;
  for (std::size_t i = random() % 8; i > 0; --i) rules.push_back(some_rule(random, i));
  configuration.rules = rules::RuleSet(std::move(rules), "fallback", "ops", "ops-room");
  configuration.default_policy = "fallback";
  configuration.policies["fallback"] = {
      "fallback", "ops", {{{{Target::Kind::person, "ada"}}, 5min}}, 2};
  configuration.integrations["prometheus"] = {
      {"alertname", "service"}, {{"page", Severity::critical}}, 7h, 3min};
  rules::Window window;
  window.name = "night";
  window.team = "ops";
  window.why = "backups";
  window.matchers = {rules::Matcher::parse(R"(a="x")").value()};
  window.schedule.zone = Zone::load("Europe/Dublin").value();
  window.schedule.days = Weekdays();
  window.schedule.days.add(Weekday::saturday);
  window.schedule.from_minute = 22 * 60;
  window.schedule.until_minute = 4 * 60;
  configuration.windows = {window};
  configuration.hash = hash_of(configuration);
  return configuration;
}

Fields some_labels(Random& random) {
  static constexpr std::string_view kValues[] = {"x", "y", "", "xx", "q\"\\\n"};
  std::vector<Fields::Pair> pairs;
  for (const std::string_view name : {"a", "b", "c", "d.e", "severity"})
    if (random() % 3 != 0) pairs.emplace_back(name, kValues[random() % std::size(kValues)]);
  return Fields(std::move(pairs));
}

/// Small, and the same for ever.
Configuration plain_configuration() {
  rules::Rule rule;
  rule.name = "api";
  rule.team = "cdp";
  rule.matchers = {rules::Matcher::parse(R"(service="api")").value()};
  rule.severity = Severity::critical;
  rule.page = "cdp";
  Configuration configuration;
  configuration.rules = rules::RuleSet({rule}, "cdp", "cdp", "room");
  configuration.default_policy = "cdp";
  configuration.policies["cdp"] = {"cdp", "cdp", {{{{Target::Kind::person, "ada"}}, 5min}}, 2};
  configuration.integrations["prometheus"] = {
      {"alertname"}, {{"page", Severity::critical}}, 7h, 3min};
  configuration.hash = hash_of(configuration);
  return configuration;
}

Configuration with_gamedays() {
  Configuration configuration = plain_configuration();
  gameday::Set set;
  set.name = "cdp-staging";
  set.team = "cdp";
  set.copies = {rules::Matcher::parse(R"(environment="staging")").value(),
                rules::Matcher::parse(R"(service=~"api|web")").value()};
  set.as = {{"environment", "production"}, {"region", "eu"}};
  set.page = "cdp-pilot";
  set.channels = {{"room", "drill-room"}, {"hall", "drill-hall"}};
  set.may_page_production = true;
  set.stop_if = Severity::error;
  set.longest = 90min;
  configuration.gamedays.emplace(set.name, set);
  configuration.gamedays["plain"].name = "plain";
  configuration.integrations["prometheus"].gamedays = {"cdp-staging", "plain"};
  configuration.hooks_in_drill = {{"restart", gameday::HookInDrill::dry_run},
                                  {"scale", gameday::HookInDrill::run}};
  configuration.hash = hash_of(configuration);
  return configuration;
}

}  // namespace

TEST_CASE("a kept configuration decides ten thousand alerts as it did when they came") {
  Random random(20261124);
  for (int i = 0; i < 1'000; ++i) {
    const Configuration made = some_configuration(random);
    const auto kept = decode_configuration(encode(made));
    REQUIRE(kept);
    REQUIRE(kept->hash == made.hash);
    REQUIRE(kept->default_policy == made.default_policy);
    REQUIRE(kept->policies == made.policies);
    REQUIRE(kept->windows.at(0).schedule == made.windows.at(0).schedule);
    const auto& words = kept->integrations.at("prometheus").severities;
    for (int alert = 0; alert < 10; ++alert) {
      const Fields labels = some_labels(random);
      REQUIRE(kept->rules.decide(labels, words) ==
              made.rules.decide(labels, made.integrations.at("prometheus").severities));
    }
  }
}

TEST_CASE("a kept configuration that is cut off or of another version is refused") {
  Random random(1);
  const std::string whole = encode(some_configuration(random));
  for (std::size_t length = 0; length < whole.size(); ++length)
    REQUIRE_FALSE(decode_configuration(std::string_view(whole).substr(0, length)));
  std::string later = whole;
  later[1] = 9;
  CHECK_FALSE(decode_configuration(later));
}

TEST_CASE("a kept configuration has its GameDay sets and who may feed them") {
  const Configuration made = with_gamedays();
  const auto kept = decode_configuration(encode(made));
  REQUIRE(kept);
  CHECK(kept->hash == made.hash);
  CHECK(encode(*kept) == encode(made));
  CHECK(kept->integrations.at("prometheus").gamedays ==
        std::vector<std::string>{"cdp-staging", "plain"});
  CHECK(kept->hooks_in_drill == made.hooks_in_drill);
  REQUIRE(kept->gamedays.size() == 2);
  const gameday::Set& set = kept->gamedays.at("cdp-staging");
  const gameday::Set& wanted = made.gamedays.at("cdp-staging");
  CHECK((set.name == wanted.name && set.team == wanted.team && set.page == wanted.page));
  REQUIRE(set.copies.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) CHECK(set.copies[i].text() == wanted.copies[i].text());
  CHECK((set.as == wanted.as && set.channels == wanted.channels));
  CHECK((set.may_page_production && set.stop_if == Severity::error && set.longest == 90min));
  const gameday::Set& plain = kept->gamedays.at("plain");
  CHECK((plain.copies.empty() && plain.as.empty() && plain.channels.empty()));
  CHECK((!plain.may_page_production && !plain.stop_if && plain.longest == 3h));
  const std::string whole = encode(made);
  for (std::size_t length = 0; length < whole.size(); ++length)
    REQUIRE_FALSE(decode_configuration(std::string_view(whole).substr(0, length)));
}

TEST_CASE("whatever a GameDay set says changes what the configuration is called") {
  std::set<std::string> hashes{with_gamedays().hash, plain_configuration().hash};
  const auto changed = [&](auto change) {
    Configuration configuration = with_gamedays();
    change(configuration, configuration.gamedays.at("cdp-staging"));
    return hashes.insert(hash_of(configuration)).second;
  };
  CHECK(changed([](Configuration&, gameday::Set& set) { set.team = "api"; }));
  CHECK(changed([](Configuration&, gameday::Set& set) { set.copies.pop_back(); }));
  CHECK(changed([](Configuration&, gameday::Set& set) { set.as.pop_back(); }));
  CHECK(changed([](Configuration&, gameday::Set& set) { set.page = "cdp"; }));
  CHECK(changed([](Configuration&, gameday::Set& set) { set.channels.erase("hall"); }));
  CHECK(changed([](Configuration&, gameday::Set& set) { set.may_page_production = false; }));
  CHECK(changed([](Configuration&, gameday::Set& set) { set.stop_if = Severity::critical; }));
  CHECK(changed([](Configuration&, gameday::Set& set) { set.stop_if.reset(); }));
  CHECK(changed([](Configuration&, gameday::Set& set) { set.longest = 91min; }));
  CHECK(changed([](Configuration& all, gameday::Set&) { all.gamedays.erase("plain"); }));
  CHECK(changed([](Configuration& all, gameday::Set&) { all.hooks_in_drill.erase("scale"); }));
  CHECK(changed([](Configuration& all, gameday::Set&) {
    all.integrations["prometheus"].gamedays.pop_back();
  }));
}

TEST_CASE("a configuration without GameDays is called as it was before there were any") {
  const Configuration plain = plain_configuration();
  CHECK(encode(plain)[0] == static_cast<char>(0x86));  // six items
  CHECK(plain.hash == "43056dc9f5e5bf1a");
}

TEST_CASE("the latest configurations are kept and the oldest go") {
  Facts facts;
  for (std::size_t i = 0; i < kMostConfigurationsKept + 5; ++i)
    REQUIRE(fold_control(facts, control::Configuration{std::to_string(i), "body"}, {{}, i}));
  CHECK(facts.configurations.size() == kMostConfigurationsKept);
  CHECK_FALSE(facts.configuration("4"));
  CHECK(facts.configuration("5"));
}

TEST_CASE("who is on call and who can be reached make no other configuration") {
  Configuration configuration = plain_configuration();
  configuration.directory.people["ada"] = {"ada", {{"mail", "ada@example.com", {}}}};
  oncall::Rota rota;
  rota.name = "primary";
  rota.layers = {{{"ada"}, {}, {}, {}}};
  rota.overrides = {{"ada", WallTime(1h), WallTime(2h), "", "", ""}};
  configuration.rotas.emplace(rota.name, rota);
  CHECK(encode(configuration) == encode(plain_configuration()));
  const auto kept = decode_configuration(encode(configuration));
  REQUIRE(kept);
  CHECK((kept->rotas.empty() && kept->directory.people.empty()));
}

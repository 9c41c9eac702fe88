// A configuration that was kept decides as it did.
#include "router/engine/configuration_codec.hpp"

#include <random>

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
  window.schedule.days = rules::Weekdays();
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

TEST_CASE("the latest configurations are kept and the oldest go") {
  Facts facts;
  for (std::size_t i = 0; i < kMostConfigurationsKept + 5; ++i)
    REQUIRE(fold_control(facts, control::Configuration{std::to_string(i), "body"}, {{}, i}));
  CHECK(facts.configurations.size() == kMostConfigurationsKept);
  CHECK_FALSE(facts.configuration("4"));
  CHECK(facts.configuration("5"));
}

// Which alerts share an incident, and which never do.
#include "tests/engine/bench.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace tocsin::engine::tests;

namespace {

rules::Rule rule(const std::string& name, std::string_view matcher, const std::string& page) {
  rules::Rule made;
  made.name = name;
  made.matchers.push_back(rules::Matcher::parse(matcher).value());
  made.page = page;
  return made;
}

}  // namespace

TEST_CASE("alerts of two integrations never share an incident") {
  Bench bench;
  for (const char* integration : {"one", "two"}) {
    bench.configuration.integrations[integration].group_by = {"service"};
    bench.fold(bench.alert(integration, "k", {{"service", "api"}}));
    bench.fold(bench.alert(integration, "l", {{"service", "api"}}));
  }
  bench.settle();
  CHECK(bench.state.incidents.size() == 2);
}

TEST_CASE("alerts that page different people never share an incident") {
  Bench bench;
  bench.configuration.policies["q"] = bench.configuration.policies["p"];
  bench.configuration.policies["q"].name = "q";
  bench.configuration.rules = rules::RuleSet({rule("r", "instance=\"2\"", "q")}, "p", "team");
  bench.configuration.integrations["one"].group_by = {"service"};
  for (const char* instance : {"1", "2", "3"})
    bench.fold(bench.alert("one", instance, {{"service", "api"}, {"instance", instance}}));
  bench.settle();
  CHECK(bench.state.incidents.size() == 2);
}

TEST_CASE("values that only look alike side by side do not share an incident") {
  Bench bench;
  bench.configuration.integrations["one"].group_by = {"a", "b"};
  bench.fold(bench.alert("one", "k", {{"a", "xy"}, {"b", "z"}}));
  bench.fold(bench.alert("one", "l", {{"a", "x"}, {"b", "yz"}}));
  bench.fold(bench.alert("one", "m", {{"a", "1:x"}}));
  bench.fold(bench.alert("one", "n", {{"a", ""}, {"b", "1:x"}}));
  bench.settle();
  CHECK(bench.state.incidents.size() == 4);
}

TEST_CASE("without labels to group by each alert is an incident of its own") {
  Bench bench;
  bench.fold(bench.alert("a"));
  bench.fold(bench.alert("b"));
  bench.settle();
  CHECK(bench.state.incidents.size() == 2);
}

TEST_CASE("an alert that is decided anew while its incident is open pages nobody again") {
  Bench bench;
  bench.fold(bench.alert("one", "k", {{"alertname", "a"}}));
  bench.settle();
  bench.fold(bench.alert("one", "k", {{"alertname", "a"}, {"environment", "production"}}));
  const Turn turn = bench.decide();
  REQUIRE(turn.effects.size() == 1);
  CHECK(std::holds_alternative<effect::Decided>(turn.effects[0]));
  bench.fold(bench.turn_record(turn));
  CHECK(bench.state.incidents.size() == 1);
  CHECK(bench.state.alerts.begin()->second.alert.labels.get("environment") == "production");
}

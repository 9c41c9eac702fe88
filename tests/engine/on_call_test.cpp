// Whom steps reach at a moment, and whom a drill may reach by way of a rota.
#include "router/engine/on_call.hpp"

#include "router/engine/drill.hpp"
#include "tests/catch.hpp"
#include "tests/core/samples.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace std::chrono_literals;

namespace {

const WallTime kNow = samples::at("2026-11-22T01:52:43Z");

oncall::Rota rota_of(const std::string& name, std::vector<std::string> people) {
  oncall::Rota rota;
  rota.name = name;
  rota.layers.push_back({std::move(people), {}, {}, {}});
  return rota;
}

/// Rota `primary` is paged by a rule's policy, `pilots` by the set's alone.
struct House {
  Configuration configuration;
  Facts facts;

  explicit House(const std::string& drill_pages = "primary") {
    for (const char* name : {"ada", "bob", "pia"})
      configuration.directory.people[name] = {name, {{"push", name, {}}}};
    configuration.rotas.emplace("primary", rota_of("primary", {"ada"}));
    configuration.rotas.emplace("pilots", rota_of("pilots", {"pia"}));
    configuration.policies["cdp"] = {"cdp", "cdp", {{{{Target::Kind::rota, "primary"}}, 5min}}, 0};
    configuration.policies["default"] = {
        "default", "ops", {{{{Target::Kind::person, "bob"}}, 5min}}, 0};
    configuration.policies["drill"] = {
        "drill", "cdp", {{{{Target::Kind::rota, drill_pages}}, 5min}}, 0};
    configuration.default_policy = "default";
    rules::Rule rule;
    rule.page = "cdp";
    configuration.rules = rules::RuleSet({rule}, "default", "ops");
    gameday::Set set;
    set.name = "set";
    set.page = "drill";
    configuration.gamedays.emplace("set", set);
  }
  Incident drill() const {
    Incident incident;
    incident.realm = {"set", 1};
    incident.policy = configuration.policies.at("drill");
    return incident;
  }
  Reached reached(const Incident& incident) const {
    return reach_of(incident.policy->steps.front(), incident, 0, {facts, configuration, kNow});
  }
  bool may_reach(const std::string& person) const {
    return engine::may_reach(configuration.gamedays.at("set"), configuration, facts,
                             {person, "push", person});
  }
};

}  // namespace

TEST_CASE("a drill pages nobody by way of a rota that production pages") {
  House house;
  const Reached reached = house.reached(house.drill());
  CHECK(reached.contacts.empty());
  CHECK(reached.nobody == std::vector<std::string>{"rota primary is production's own, and GameDay "
                                                   "set set may not page by way of it"});
  CHECK_FALSE(house.may_reach("ada"));
  house.configuration.gamedays.at("set").may_page_production = true;
  CHECK(house.reached(house.drill()).contacts.size() == 1);
  CHECK(house.may_reach("ada"));
}

TEST_CASE("a rota is production's too when the default policy pages it") {
  House house("pilots");
  CHECK(house.reached(house.drill()).contacts.size() == 1);
  house.configuration.policies["default"].steps.front().page = {{Target::Kind::rota, "pilots"}};
  CHECK(house.reached(house.drill()).contacts.empty());
  CHECK_FALSE(house.may_reach("pia"));
}

TEST_CASE("a set may reach everybody of its rota at whatever time and whoever stands in") {
  House house("pilots");
  CHECK(house.may_reach("pia"));
  CHECK_FALSE(house.may_reach("bob"));
  house.configuration.rotas.at("pilots").overrides.push_back(
      {"ada", kNow + 24h, kNow + 48h, "", "", ""});
  CHECK(house.may_reach("ada"));
  house.facts.overrides["pilots"].push_back({"bob", kNow + 24h, kNow + 48h, "", "o1", "boss"});
  CHECK(house.may_reach("bob"));
}

TEST_CASE("an override that was made by API says who is paged") {
  House house;
  Incident incident;
  incident.policy = house.configuration.policies.at("cdp");
  CHECK(house.reached(incident).contacts.at(0).due.contact.person == "ada");
  house.facts.overrides["primary"].push_back({"bob", kNow - 1h, kNow + 1h, "", "o1", "boss"});
  const Reached reached = house.reached(incident);
  REQUIRE(reached.contacts.size() == 1);
  CHECK(reached.contacts.at(0).due.contact.person == "bob");
  CHECK(reached.contacts.at(0).rota == "primary");
}

TEST_CASE("somebody on call who has no contact is named and one whom nobody knows is nobody") {
  House house;
  Incident incident;
  incident.policy = house.configuration.policies.at("cdp");
  house.configuration.directory.people["ada"].notify.clear();
  CHECK(house.reached(incident).nobody ==
        std::vector<std::string>{"ada, on call in primary, has no contact"});
  house.configuration.directory.people.erase("ada");
  CHECK(house.reached(incident).nobody == std::vector<std::string>{"nobody is on call in primary"});
  CHECK(has_nobody(incident.policy, incident, {house.facts, house.configuration, kNow}));
}

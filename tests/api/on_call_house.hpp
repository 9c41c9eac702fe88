// A house with rotas. It is Sunday, 2026-11-22 01:52:43 in UTC.
//
//   crew-primary   of crew, in Dublin, by weeks from Monday 10:00: ada until tomorrow, grace, linus
//   office         of desk, in UTC, grace on weekdays from 9 to 17; at other times nobody
//   mute has no contact
#pragma once

#include "router/oncall/rota.hpp"
#include "tests/api/lived_in_house.hpp"

namespace tocsin::tests {

struct OnCallHouse : LivedInHouse {
  static constexpr const char* kOnCall = "/api/v1/oncall";
  static constexpr const char* kRota = "/api/v1/rotas/([^/]+)";
  static constexpr const char* kOverridesOf = "/api/v1/rotas/([^/]+)/overrides";
  static constexpr const char* kOverride = "/api/v1/rotas/([^/]+)/overrides/([^/]+)";
  static constexpr const char* kOverrides = "/api/v1/overrides";
  const std::string primary = "crew-primary";

  OnCallHouse() { configure(); }

  static std::shared_ptr<engine::Configuration> with_rotas() {
    auto made = std::make_shared<engine::Configuration>(*LivedInHouse::configuration());
    for (const std::string name : {"ada", "grace", "linus"}) {
      const std::vector<oncall::Way> ways{{"push", name + "-phone", {}},
                                          {"mail", name + "@example.com", {}}};
      oncall::Person person;
      person.name = name;
      person.notify = person.contacts = ways;
      made->directory.people[name] = person;
    }
    made->directory.people["mute"].name = "mute";
    made->directory.channels = {"crew-room"};
    oncall::Rota crew;
    crew.name = "crew-primary";
    crew.team = "crew";
    crew.time_zone = Zone::load("Europe/Dublin").value();
    oncall::Layer weekly;
    weekly.people = {"ada", "grace", "linus"};
    weekly.rotation.start = parse_civil("2026-01-05T10:00").value();
    crew.layers = {weekly};
    made->rotas[crew.name] = crew;
    oncall::Rota office = crew;
    office.name = "office";
    office.team = "desk";
    office.time_zone = Zone();
    Schedule weekdays;
    weekdays.days = Weekdays();
    for (int day = 0; day < 5; ++day) weekdays.days.add(static_cast<Weekday>(day));
    weekdays.from_minute = 9 * 60;
    weekdays.until_minute = 17 * 60;
    office.layers.front().people = {"grace"};
    office.layers.front().only = {weekdays};
    made->rotas[office.name] = office;
    return made;
  }

  void configure(const std::function<void(engine::Configuration&)>& change = {}) {
    auto made = with_rotas();
    if (change) change(*made);
    made->hash = engine::hash_of(*made);
    owner.reconfigure(made);
    settle();
  }

  json on_call(const std::string& rota, std::multimap<std::string, std::string> query = {}) {
    const json all = json_of(ask("GET", kOnCall, {}, "", "viewer", std::move(query)));
    for (const json& each : all.at("rotas"))
      if (each.at("rota") == rota) return each;
    FAIL("there is no rota " << rota);
    return {};
  }
  std::string who(const std::string& rota) {
    const json person = on_call(rota).at("on_call").at("person");
    return person.is_null() ? "nobody" : person.get<std::string>();
  }
  json override(const std::string& body, int status = 201) {
    return json_of(ask("POST", kOverridesOf, {primary}, body), status);
  }
};

}  // namespace tocsin::tests

// Overrides of rotas: made, listed and ended.
#include "tests/api/on_call_house.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

TEST_CASE("whoever an override names is on call once it is answered") {
  OnCallHouse house;
  const json made = house.override(R"({"person":"linus","for":"8h","why":"ada is ill"})");
  CHECK(made.at("rota") == "crew-primary");
  CHECK(made.at("person") == "linus");
  CHECK(made.at("from") == "2026-11-22T01:52:43.000Z");
  CHECK(made.at("until") == "2026-11-22T09:52:43.000Z");
  CHECK(made.at("by") == "fixer");
  CHECK(made.at("why") == "ada is ill");
  CHECK(made.at("state") == "active");
  const json now = house.on_call("crew-primary").at("on_call");
  CHECK(now.at("person") == "linus");
  CHECK(now.at("source") == "override");
  CHECK(now.at("override") == made.at("id"));
  CHECK(now.at("why") == "ada is ill");
  CHECK(house.on_call("crew-primary").at("next").at("person") == "ada");
  house.clock.advance(8h);
  CHECK(house.who("crew-primary") == "ada");
}

TEST_CASE("times of an override without an offset are in the rota's zone") {
  OnCallHouse house;
  const json made = house.override(
      R"({"person":"grace","from":"2026-12-24T10:00","until":"2026-12-27T10:00:00+01:00"})");
  CHECK(made.at("from") == "2026-12-24T10:00:00.000Z");
  CHECK(made.at("until") == "2026-12-27T09:00:00.000Z");
  CHECK(made.at("state") == "pending");
  CHECK(made.at("why").is_null());
  CHECK(house.who("crew-primary") == "ada");
}

TEST_CASE("the override that was made last counts") {
  OnCallHouse house;
  house.override(R"({"person":"grace","for":"8h"})");
  const json last = house.override(R"({"person":"linus","for":"1h"})");
  CHECK(house.who("crew-primary") == "linus");
  json_of(house.ask("DELETE", OnCallHouse::kOverride, {"crew-primary", last.at("id")}));
  CHECK(house.who("crew-primary") == "grace");
}

TEST_CASE("an override that could not be meant is refused by the name of its field") {
  OnCallHouse house;
  for (const auto& [body, begins] : std::vector<std::pair<std::string, std::string>>{
           {"", "person: "},
           {R"({"person":"nobody","for":"1h"})", "person: "},
           {R"({"person":"mute","for":"1h"})", "person: mute has no contact"},
           {R"({"person":"ada"})", "until: "},
           {R"({"person":"ada","for":"soon"})", "for: "},
           {R"({"person":"ada","for":"0s"})", "until: "},
           {R"({"person":"ada","for":"93d"})", "until: "},
           {R"({"person":"ada","for":"1h","until":"2026-11-23T00:00:00Z"})", "until, for: "},
           {R"({"person":"ada","until":"2026-11-22T01:00:00Z"})", "until: "},
           {R"({"person":"ada","until":"Monday"})", "until: "},
           {R"({"person":"ada","until":"2026-02-30T10:00"})", "until: "},
           {R"({"person":"ada","from":"2026-11-20T00:00:00Z","for":"90d"})", "from: "},
           {R"({"person":"ada","from":"2028-11-20T00:00:00Z","for":"1h"})", "from: "},
           {R"({"person":"ada","from":"2026-11-22T00:00:00Z","for":"1h"})", "until: "},
           {R"({"person":"ada","from":"2026-11-24T00:00:00Z","until":"2026-11-23T00:00:00Z"})",
            "until: "},
           {R"({"person":"ada","for":"1h","why":")" + std::string(2'000, 'x') + "\"}", "why: "},
           {R"({"person":"ada","for":"1h","rota":"office"})", "rota: no such field"}}) {
    INFO(body);
    const std::string said =
        detail_of(house.ask("POST", OnCallHouse::kOverridesOf, {"crew-primary"}, body), 400);
    INFO(said);
    CHECK(said.starts_with(begins));
  }
  detail_of(house.ask("POST", OnCallHouse::kOverridesOf, {"nothing"}, R"({"person":"ada"})"), 404);
  CHECK(house.who("crew-primary") == "ada");
  CHECK(json_of(house.ask("GET", OnCallHouse::kOverrides)).at("overrides").empty());
}

TEST_CASE("an unknown person is answered with those that there are") {
  OnCallHouse house;
  const std::string said = detail_of(house.ask("POST", OnCallHouse::kOverridesOf, {"crew-primary"},
                                               R"({"person":"grcae","for":"1h"})"),
                                     400);
  CHECK(said.find("\"grcae\"") != std::string::npos);
  CHECK(said.find("ada, grace, linus") != std::string::npos);
}

TEST_CASE("an override is ended once and ending it again is harmless") {
  OnCallHouse house;
  const std::string id = house.override(R"({"person":"linus","for":"8h"})").at("id");
  house.clock.advance(1h);
  const auto end = [&] {
    return json_of(house.ask("DELETE", OnCallHouse::kOverride, {"crew-primary", id}));
  };
  const json ended = end();
  CHECK(ended.at("state") == "ended");
  CHECK(ended.at("ended_at") == "2026-11-22T02:52:43.000Z");
  CHECK(ended.at("ended_by") == "fixer");
  CHECK(ended.at("until") == "2026-11-22T09:52:43.000Z");  // as it was meant
  CHECK(house.who("crew-primary") == "ada");
  CHECK(end() == ended);
  detail_of(house.ask("DELETE", OnCallHouse::kOverride, {"office", id}), 404);
  detail_of(house.ask("DELETE", OnCallHouse::kOverride, {"crew-primary", "nothing"}), 404);
}

TEST_CASE("an override that is ended before it begins never holds") {
  OnCallHouse house;
  const std::string id =
      house.override(R"({"person":"linus","from":"2026-11-22T12:00:00Z","for":"8h"})").at("id");
  json_of(house.ask("DELETE", OnCallHouse::kOverride, {"crew-primary", id}));
  house.clock.advance(12h);
  CHECK(house.who("crew-primary") == "ada");
}

TEST_CASE("overrides are listed by rota and state and a rota shows its own of that time") {
  OnCallHouse house;
  house.configure([](engine::Configuration& c) {
    c.rotas["crew-primary"].overrides.push_back(
        {"grace", parse_rfc3339("2026-11-25T10:00:00Z").value(),
         parse_rfc3339("2026-11-26T10:00:00Z").value(), "leave", "", ""});
  });
  const json first = house.override(R"({"person":"linus","for":"1h"})");
  const json second = house.override(R"({"person":"linus","from":"2026-12-24T10:00","for":"1d"})");
  json_of(
      house.ask("POST", OnCallHouse::kOverridesOf, {"office"}, R"({"person":"ada","for":"2h"})"),
      201);
  const auto listed = [&](std::multimap<std::string, std::string> query) {
    return json_of(house.ask("GET", OnCallHouse::kOverrides, {}, "", "viewer", std::move(query)))
        .at("overrides");
  };
  CHECK(listed({}).size() == 3);
  CHECK(listed({{"rota", "crew-primary"}}) == json::array({second, first}));
  CHECK(listed({{"state", "pending"}}) == json::array({second}));
  house.clock.advance(90min);
  CHECK(listed({{"state", "ended"}}).at(0).at("id") == first.at("id"));
  CHECK(listed({{"state", "active"}}).at(0).at("rota") == "office");
  CHECK(detail_of(
            house.ask("GET", OnCallHouse::kOverrides, {}, "", "viewer", {{"state", "asleep"}}), 400)
            .starts_with("state: "));
  // Of the two weeks that are shown: the configured one alone has no id.
  const json shown = json_of(house.ask("GET", OnCallHouse::kRota, {"crew-primary"}));
  REQUIRE(shown.at("overrides").size() == 1);
  CHECK(shown.at("overrides").at(0).at("id").is_null());
  CHECK(shown.at("overrides").at(0).at("why") == "leave");
}

TEST_CASE("a viewer looks at overrides and makes none") {
  OnCallHouse house;
  detail_of(house.ask("POST", OnCallHouse::kOverridesOf, {"office"}, "", "viewer"), 403);
  detail_of(house.ask("DELETE", OnCallHouse::kOverride, {"office", "x"}, "", "viewer"), 403);
}

TEST_CASE("an override of a person who is gone since a reload does not hold") {
  OnCallHouse house;
  house.override(R"({"person":"linus","for":"8h"})");
  house.configure([](engine::Configuration& c) {
    c.directory.people.erase("linus");
    c.rotas["crew-primary"].layers.front().people = {"ada", "grace"};
  });
  CHECK(house.on_call("crew-primary").at("on_call").at("source") == "layer");
  CHECK(house.on_call("crew-primary").at("on_call").at("override").is_null());
}

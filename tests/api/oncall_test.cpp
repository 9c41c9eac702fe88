// Who is on call, as the API says it.
#include "tests/api/on_call_house.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

TEST_CASE("each rota says who is on call and until when and who comes next") {
  OnCallHouse house;
  const json rota = house.on_call("crew-primary");
  CHECK(rota.at("team") == "crew");
  CHECK(rota.at("time_zone") == "Europe/Dublin");
  const json now = rota.at("on_call");
  CHECK(now.at("person") == "ada");
  CHECK(now.at("from") == "2026-11-16T10:00:00.000Z");
  CHECK(now.at("until") == "2026-11-23T10:00:00.000Z");
  CHECK(now.at("source") == "layer");
  CHECK(now.at("layer") == 1);
  CHECK(now.at("override").is_null());
  CHECK(now.at("text") == "ada, on call in crew-primary until Mon 2026-11-23 10:00 GMT");
  CHECK(rota.at("next").at("person") == "grace");
  CHECK(rota.at("next").at("until") == "2026-11-30T10:00:00.000Z");
  CHECK(rota.at("gap").is_null());
}

TEST_CASE("a rota with nobody says so and its own hours are no gap") {
  OnCallHouse house;
  const json rota = house.on_call("office");
  CHECK(rota.at("on_call").at("person").is_null());
  CHECK(rota.at("on_call").at("source") == "nobody");
  CHECK(rota.at("on_call").at("until") == "2026-11-23T09:00:00.000Z");
  CHECK(rota.at("in_hours") == false);
  CHECK(rota.at("gap").is_null());
  CHECK(rota.at("next").at("person") == "grace");
  const json later = house.on_call("office", {{"at", "2026-11-24T10:00:00Z"}});
  CHECK(later.at("on_call").at("person") == "grace");
  CHECK(later.at("in_hours") == true);
}

TEST_CASE("a gap is where somebody should be on call and nobody is") {
  OnCallHouse house;
  house.configure([](engine::Configuration& c) {
    c.directory.people["grace"].leave.push_back({parse_rfc3339("2026-11-26T00:00:00Z").value(),
                                                 parse_rfc3339("2026-11-30T12:00:00Z").value(),
                                                 "away"});
  });
  // She is away from Thursday on; nobody meant it from nine o'clock on.
  const json gap = house.on_call("office").at("gap");
  CHECK(gap.at("from") == "2026-11-26T09:00:00.000Z");
  CHECK(gap.at("until") == "2026-11-30T12:00:00.000Z");
  CHECK(house.on_call("crew-primary").at("gap").is_null());
}

TEST_CASE("a shift that has no end in sight has none") {
  OnCallHouse house;
  house.configure(
      [](engine::Configuration& c) { c.rotas["crew-primary"].layers.front().people = {"linus"}; });
  const json rota = house.on_call("crew-primary");
  CHECK(rota.at("on_call").at("from") == "2026-01-05T10:00:00.000Z");
  CHECK(rota.at("on_call").at("until").is_null());
  CHECK(rota.at("on_call").at("text") == "linus, on call in crew-primary");
  CHECK(rota.at("next").is_null());
}

TEST_CASE("who is on call is asked of one team and of any moment") {
  OnCallHouse house;
  const auto ask = [&](std::multimap<std::string, std::string> query) {
    return house.ask("GET", OnCallHouse::kOnCall, {}, "", "viewer", std::move(query));
  };
  const json desk = json_of(ask({{"team", "desk"}}));
  REQUIRE(desk.at("rotas").size() == 1);
  CHECK(desk.at("rotas").at(0).at("rota") == "office");
  CHECK(desk.at("at") == "2026-11-22T01:52:43.000Z");
  CHECK(
      house.on_call("crew-primary", {{"at", "2026-11-24T12:00:00Z"}}).at("on_call").at("person") ==
      "grace");
}

TEST_CASE("a moment that cannot be asked about is refused by its name") {
  OnCallHouse house;
  for (const char* at : {"tomorrow", "2026-11-24", "9999-12-31T00:00:00Z"})
    CHECK(detail_of(house.ask("GET", OnCallHouse::kOnCall, {}, "", "viewer", {{"at", at}}), 400)
              .starts_with("at: "));
}

TEST_CASE("a rota shows its shifts without a hole and who takes turns") {
  OnCallHouse house;
  const json rota = json_of(house.ask("GET", OnCallHouse::kRota, {"office"}, "", "viewer"));
  CHECK(rota.at("rota") == "office");
  CHECK(rota.at("layers").at(0).at("people") == json::array({"grace"}));
  CHECK(rota.at("layers").at(0).at("restricted") == true);
  CHECK(rota.at("from") == "2026-11-22T01:52:43.000Z");
  CHECK(rota.at("until") == "2026-12-06T01:52:43.000Z");
  const json& shifts = rota.at("shifts");
  CHECK(shifts.size() == 21);  // ten days of work, and what is before, between and after them
  for (std::size_t i = 1; i < shifts.size(); ++i)
    CHECK(shifts.at(i).at("from") == shifts.at(i - 1).at("until"));
  CHECK(shifts.front().at("person").is_null());
  CHECK(shifts.at(1).at("person") == "grace");
}

TEST_CASE("shifts are asked for between two times in the rota's zone or with an offset") {
  OnCallHouse house;
  const auto ask = [&](const std::string& from, const std::string& until) {
    return house.ask("GET", OnCallHouse::kRota, {"crew-primary"}, "", "viewer",
                     {{"from", from}, {"until", until}});
  };
  // Dublin is an hour ahead of UTC in June.
  const json june = json_of(ask("2026-06-01T09:00", "2026-06-16T12:00:00Z"));
  CHECK(june.at("from") == "2026-06-01T08:00:00.000Z");
  CHECK(june.at("shifts").size() == 4);
  CHECK(june.at("shifts").at(1).at("from") == "2026-06-01T09:00:00.000Z");
  CHECK(detail_of(ask("2026-06-02T00:00:00Z", "2026-06-01T00:00:00Z"), 400).starts_with("until: "));
  CHECK(detail_of(ask("2026-06-02T00:00:00Z", "2028-06-01T00:00:00Z"), 400).starts_with("until: "));
  CHECK(detail_of(ask("soon", ""), 400).starts_with("from: "));
}

TEST_CASE("a rota that does not exist is named among those that do") {
  OnCallHouse house;
  const std::string said = detail_of(house.ask("GET", OnCallHouse::kRota, {"crew"}), 404);
  CHECK(said.find("\"crew\"") != std::string::npos);
  CHECK(said.find("crew-primary, office") != std::string::npos);
}

TEST_CASE("nobody looks at who is on call without a token") {
  OnCallHouse house;
  for (const char* what : {OnCallHouse::kOnCall, OnCallHouse::kOverrides})
    detail_of(house.ask("GET", what, {}, "", "nobody's"), 401);
  detail_of(house.ask("GET", OnCallHouse::kRota, {"office"}, "", "nobody's"), 401);
}

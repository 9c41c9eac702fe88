#include "tests/api/drilled_house.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

json listed_set(DrilledHouse& house, const std::string& name) {
  const json all = house.listed();
  for (const json& set : all.at("gamedays"))
    if (set.at("name") == name) return set;
  FAIL("there is no set " << name);
  return {};
}

engine::Membership::Seen node(const std::string& name, const std::string& url, bool lives,
                              Position facts) {
  engine::Membership::Seen seen;
  seen.node = name;
  seen.url = url;
  seen.lives = lives;
  seen.facts = facts;
  return seen;
}

}  // namespace

TEST_CASE("all sets are listed with what they copy and whom alone they reach") {
  DrilledHouse house;
  const json all = house.listed();
  CHECK(all.at("lever").is_null());
  REQUIRE(all.at("gamedays").size() == 2);
  const json set = listed_set(house, house.set);
  CHECK(set.at("state") == "off");
  CHECK(set.at("run").is_null());
  CHECK(set.at("until").is_null());
  CHECK(set.at("team") == "pilots");
  CHECK(set.at("configured") == true);
  CHECK(set.at("page") == "pilot");
  CHECK(set.at("longest") == "3h");
  CHECK(set.at("copies") == json::array({R"(environment="staging")"}));
  CHECK(set.at("reaches") == json({{"people", {"linus"}}, {"channels", {"drill-room"}}}));
}

TEST_CASE("a set that is turned on says until when and by whom and pages only its own people") {
  DrilledHouse house;
  const json set = json_of(house.on(R"({"for":"2h","why":"region outage"})"));
  CHECK(set.at("state") == "on");
  CHECK(set.at("run") == 1);
  CHECK(set.at("by") == "fixer");
  CHECK(set.at("why") == "region outage");
  CHECK(set.at("since") == "2026-11-22T01:52:43.000Z");
  CHECK(set.at("until") == "2026-11-22T03:52:43.000Z");
  CHECK(listed_set(house, house.set).at("state") == "on");
  CHECK(listed_set(house, "idle").at("state") == "off");
  const auto runs = house.state.gamedays().at(house.set);
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].people == std::vector<std::string>{"linus"});
  CHECK(runs[0].team == "pilots");
  house.drill("Disk");
  const json drill = house.shown().at("incidents").at(0);
  CHECK(drill.at("state") == "open");
  CHECK(drill.at("in_flight").at(0).at("to") == "linus");
  house.conclude(Attempt::accepted("delivered"));
  CHECK(house.shown().at("incidents").at(0).at("paged") == json::array({"linus"}));
  CHECK(house.shown().at("alerts_copied") == 1);
  CHECK(house.shown().at("incidents_open") == 1);
}

TEST_CASE("without a length a set is on for its longest and is over by itself") {
  DrilledHouse house;
  CHECK(json_of(house.on()).at("until") == "2026-11-22T04:52:43.000Z");
  house.clock.advance(3h);
  house.settle();
  const json set = listed_set(house, house.set);
  CHECK(set.at("state") == "off");
  CHECK(set.at("ended").at("kind") == "time");
  // Whoever makes sure of that afterwards has not ended it.
  house.off();
  CHECK(listed_set(house, house.set).at("ended").at("kind") == "time");
}

TEST_CASE("turning a set on again changes its end and nothing else") {
  DrilledHouse house;
  json_of(house.on(R"({"for":"1h","why":"first"})"));
  house.clock.advance(30min);
  const json again = json_of(house.on(R"({"for":"90m"})"));
  CHECK(again.at("run") == 1);
  CHECK(again.at("why") == "first");
  CHECK(again.at("since") == "2026-11-22T01:52:43.000Z");
  CHECK(again.at("until") == "2026-11-22T03:52:43.000Z");
  CHECK(json_of(house.on()).at("until") == "2026-11-22T04:52:43.000Z");  // its longest
  CHECK(detail_of(house.on(R"({"for":"3h"})"), 400).find("2h30m at the most") != std::string::npos);
  CHECK(json_of(house.on(R"({"for":"1m"})")).at("until") == "2026-11-22T02:23:43.000Z");
}

TEST_CASE("a set is not turned on for what could not be meant") {
  DrilledHouse house;
  for (const auto& [body, begins] : std::vector<std::pair<std::string, std::string>>{
           {R"({"for":"4h"})", "for: GameDay set pilots-staging is on for 3h at the longest"},
           {R"({"for":"soon"})", "for: "},
           {R"({"for":"0s"})", "for: "},
           {R"({"for":7})", "for: "},
           {R"({"at":"tomorrow"})", "at: "},
           {R"({"at":"2026-11-22T01:52:42Z"})", "at: it has passed"},
           {R"({"at":"2027-11-22T01:52:42Z"})", "at: at most"},
           {R"({"why":" "})", "why: "},
           {R"({"until":"x"})", "until: no such field"}}) {
    INFO(body);
    CHECK(detail_of(house.on(body), 400).starts_with(begins));
  }
  CHECK(detail_of(house.ask("POST", std::string(house.kOne) + "/on", {"nothing"}), 404)
            .find("idle, pilots-staging") != std::string::npos);
  CHECK(listed_set(house, house.set).at("state") == "off");
}

TEST_CASE("a set that was scheduled begins by itself and can begin earlier") {
  DrilledHouse house;
  const json set = json_of(house.on(R"({"at":"2026-11-22T02:52:43Z","for":"1h"})"));
  CHECK(set.at("state") == "scheduled");
  house.drill("Disk");
  CHECK(house.shown().at("incidents").empty());
  house.clock.advance(1h);
  house.settle();
  CHECK(listed_set(house, house.set).at("state") == "on");
  CHECK(house.shown().at("incidents").size() == 1);
  CHECK(detail_of(house.on(R"({"at":"2026-11-22T03:52:43Z"})"), 409).starts_with("at: "));
  json_of(house.off());
  json_of(house.on(R"({"at":"2026-11-22T12:00:00Z","for":"1h"})"));
  house.clock.advance(1h);
  const json now = json_of(house.on(R"({"for":"2h"})"));
  CHECK(now.at("state") == "on");
  CHECK(now.at("run") == 2);
  // It is as long as it was said to be, however long ago it was first spoken of.
  house.clock.advance(90min);
  house.drill("Late");
  house.state.confirm(house.clock.now().elapsed);
  REQUIRE_FALSE(house.outbox.started.empty());
  CHECK(house.state.claim(house.outbox.started.back(), house.clock.now()));
}

TEST_CASE("a set that is turned off tells what was being sent and stays off") {
  DrilledHouse house;
  json_of(house.on());
  house.drill("Disk");
  const json off = json_of(house.off(R"({"why":"it is restored"})"));
  CHECK(off.at("gameday").at("state") == "off");
  CHECK(off.at("gameday").at("ended") == json({{"kind", "off"},
                                               {"by", "fixer"},
                                               {"why", "it is restored"},
                                               {"at", "2026-11-22T01:52:43.000Z"}}));
  CHECK(off.at("unconfirmed_nodes").empty());
  REQUIRE(off.at("in_flight").size() == 1);
  CHECK(off.at("in_flight").at(0).at("to") == "linus");
  CHECK(off.at("in_flight").at(0).at("type") == "page");
  house.conclude({AttemptOutcome::withheld, "GameDay set pilots-staging was turned off", {}, {}});
  const json drill = house.shown().at("incidents").at(0);
  CHECK(drill.at("cut_off") == true);
  REQUIRE(drill.at("refused").size() == 1);
  CHECK(drill.at("refused").at(0).at("text") ==
        "page to linus (push): withheld (GameDay set pilots-staging was turned off)");
  // Again is harmless.
  CHECK(json_of(house.off()).at("gameday").at("ended").at("why") == "it is restored");
  CHECK(json_of(house.off()).at("in_flight").empty());
}

TEST_CASE("all sets are turned off at once") {
  DrilledHouse house;
  json_of(house.on());
  json_of(house.ask("POST", std::string(house.kOne) + "/on", {"idle"}));
  const json off = json_of(house.ask("POST", std::string(house.kAll) + "/off"));
  REQUIRE(off.at("gamedays").size() == 2);
  for (const json& set : off.at("gamedays")) CHECK(set.at("state") == "off");
  CHECK(off.at("gamedays").at(0).at("ended").at("by") == "fixer");
}

TEST_CASE(
    "the answer to off waits a moment for the nodes that live and names those that are silent") {
  DrilledHouse house;
  house.members = {node("a", "http://a", true, 0), node("b", "http://b", true, 0),
                   node("c", "", true, 0), node("d", "http://d", false, 0)};
  json_of(house.on());
  const std::string off = std::string(house.kOne) + "/off";
  const auto told = house.begin("POST", off, {house.set});
  house.settle();
  CHECK_FALSE(told->has_value());
  house.members[1].facts = house.members[2].facts = 1'000;
  house.settle();
  REQUIRE(told->has_value());
  CHECK(json_of(**told).at("unconfirmed_nodes").empty());

  house.members[1].facts = house.members[2].facts = 0;
  json_of(house.on());
  const auto silent = house.begin("POST", off, {house.set});
  house.settle();
  house.members[1].facts = 1'000;
  house.settle();
  CHECK_FALSE(silent->has_value());
  house.clock.advance(1s);
  house.settle();
  REQUIRE(silent->has_value());
  const json said = json_of(**silent);
  CHECK(said.at("unconfirmed_nodes") == json::array({"c"}));
  CHECK(said.at("gameday").at("state") == "off");
}

TEST_CASE("nothing is turned on while the lever is pulled and everything can be turned off") {
  DrilledHouse house;
  json_of(house.on());
  house.lever = gameday::Lever{"ops@host", "too much at once", house.clock.now().wall};
  const std::string said = detail_of(house.on(), 409);
  CHECK(said.find("by ops@host") != std::string::npos);
  CHECK(said.find("too much at once") != std::string::npos);
  CHECK(house.listed().at("lever").at("why") == "too much at once");
  CHECK(house.shown().at("lever").at("by") == "ops@host");
  CHECK(json_of(house.off()).at("gameday").at("state") == "off");
}

TEST_CASE("a viewer sees the sets and turns none on or off") {
  DrilledHouse house;
  detail_of(house.on("", "viewer"), 403);
  detail_of(house.off("", "viewer"), 403);
  detail_of(house.ask("POST", std::string(house.kAll) + "/off", {}, "", "viewer"), 403);
  detail_of(house.ask("GET", house.kOne, {"nothing"}, "", "viewer"), 404);
  CHECK(house.listed().at("gamedays").size() == 2);
}

TEST_CASE("a set that is not configured any more is listed with its runs and cannot be turned on") {
  DrilledHouse house;
  json_of(house.on(R"({"why":"before"})"));
  house.configure(false);
  const json set = listed_set(house, house.set);
  CHECK(set.at("configured") == false);
  CHECK(set.at("team") == "pilots");
  CHECK(set.at("page").is_null());
  CHECK(house.shown().at("runs").size() == 1);
  CHECK(detail_of(house.on(), 404).find("not configured any more") != std::string::npos);
  CHECK(json_of(house.off()).at("gameday").at("state") == "off");
}

TEST_CASE("a set that a real incident stopped is shown as paused") {
  DrilledHouse house;
  json_of(house.on());
  auto real = std::make_shared<engine::Configuration>(*house.owner.configuration());
  real->gamedays.at(house.set).stop_if = Severity::info;
  real->hash = engine::hash_of(*real);
  house.owner.reconfigure(real);
  house.fire("Errors");
  house.clock.advance(2s);
  house.settle();
  const json set = listed_set(house, house.set);
  CHECK(set.at("state") == "paused");
  CHECK(set.at("ended").at("kind") == "paused");
  CHECK(json_of(house.on()).at("run") == 2);
}

TEST_CASE("what an unreachable journal cannot promise is not answered as done") {
  DrilledHouse house;
  house.journal.break_down("the disk is full");
  const std::string off = detail_of(house.off(), 503);
  CHECK(off.find("tocsin gameday lever pull") != std::string::npos);
  CHECK(detail_of(house.on(), 503).find("not confirmed") != std::string::npos);
  house.on_island = true;
  CHECK(detail_of(house.off(), 503).find("silent anyway") != std::string::npos);
  CHECK(detail_of(house.on(), 503).find("when the journal is back") != std::string::npos);
}

// Escalated, assigned, and acknowledged by each of several: over HTTP, and on the page's own link.
#include "router/api/page_view.hpp"
#include "tests/api/lived_in_house.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

const std::string kOne = "/api/v1/incidents/([^/]+)";

/// ada and grace have phones; both must acknowledge, for half an hour; then it is linus'.
void with_people(LivedInHouse& house, bool everyone = false, Duration timeout = {}) {
  auto made = std::make_shared<engine::Configuration>(*LivedInHouse::configuration());
  for (const char* name : {"ada", "grace", "linus"})
    made->directory.people[name] = {name, {{"push", std::string(name) + "-phone", {}}}};
  made->directory.people["mute"] = {"mute", {}};
  Policy& policy = made->policies["crew"];
  policy.steps = {{{{Target::Kind::person, "ada"}, {Target::Kind::person, "grace"}}, 5min},
                  {{{Target::Kind::person, "linus"}}, 10min}};
  policy.steps.front().everyone = everyone;
  policy.acknowledgement_timeout = timeout;
  made->hash = engine::hash_of(*made);
  house.owner.reconfigure(made);
}

/// As somebody with the page's link presses it.
HttpResponse press(LivedInHouse& house, const std::string& id, const std::string& person,
                   const std::string& button) {
  const std::string path = house.api.page_path({id}, person, house.clock.now().wall);
  return house.ask("POST", "/p/([^/]+)", {path.substr(path.rfind('/') + 1)}, "do=" + button);
}

bool has(const HttpResponse& page, const std::string& text) {
  INFO(page.body);
  return page.body.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("an incident is assigned to one of the people and says so") {
  LivedInHouse house;
  with_people(house);
  house.fire("Errors");
  const std::string id = house.id_of("Errors");
  CHECK(json_of(house.change(id, "acknowledge")).at("state") == "acknowledged");
  const json after =
      json_of(house.change(id.substr(0, 6), "assign", R"({"to":"linus","why":"his database"})"));
  CHECK(after.at("assigned_to") == "linus");
  CHECK(after.at("state") == "open");
  CHECK(after.at("answer") ==
        "pages linus (push); unless somebody acknowledges, it goes on after 5m");
  CHECK(after.at("timeline").back().at("text") ==
        "assigned to linus by fixer (api): his database: pages linus (push)");
  CHECK(after.at("pages").back().at("person") == "linus");
  CHECK(after.at("pages").back().at("assigned") == true);
}

TEST_CASE("an incident that cannot be assigned as asked says why and stays as it was") {
  LivedInHouse house;
  with_people(house);
  house.fire("Errors");
  const std::string id = house.id_of("Errors");
  const json before = json_of(house.ask("GET", kOne, {id}));
  CHECK(detail_of(house.change(id, "assign", R"({"to":"mary"})"), 409).find("mary") !=
        std::string::npos);
  CHECK(detail_of(house.change(id, "assign", R"({"to":"mute"})"), 409).find("no contact") !=
        std::string::npos);
  for (const char* body : {"", "{}", R"({"to":""})", R"({"to":7})", R"({"who":"ada"})"})
    detail_of(house.change(id, "assign", body), 400);
  detail_of(house.change(id, "assign", R"({"to":"ada"})", "viewer"), 403);
  CHECK(json_of(house.ask("GET", kOne, {id})) == before);
}

TEST_CASE("an incident is escalated by a responder and by nobody else") {
  LivedInHouse house;
  with_people(house);
  house.fire("Errors");
  const std::string id = house.id_of("Errors");
  detail_of(house.change(id, "escalate", "", "viewer"), 403);
  detail_of(house.change(id, "escalate", R"({"to":"ada"})"), 400);
  const json after = json_of(house.change(id, "escalate", R"({"why":"no idea"})"));
  CHECK(after.at("answer") ==
        "escalated by fixer: step 2 of policy crew pages linus (push)");
  CHECK(after.at("pages").back().at("person") == "linus");
  house.change(id, "resolve");
  detail_of(house.change(id, "escalate"), 409);
}

TEST_CASE("an answer tells for whom it waits when everybody has to acknowledge") {
  LivedInHouse house;
  with_people(house, true);
  house.fire("Errors");
  const std::string id = house.id_of("Errors");
  CHECK(json_of(house.ask("GET", kOne, {id})).at("waiting_for") == json::array({"ada", "grace"}));
  // Whose token is nobody's whom it paged.
  json after = json_of(house.change(id, "acknowledge"));
  CHECK(after.at("state") == "open");
  CHECK(after.at("answer") ==
        "noted, but the step did not page fixer; it goes on until ada and grace have acknowledged");
  CHECK(after.at("acknowledgements").size() == 1);
  HttpResponse page = press(house, id, "ada", "acknowledge");
  CHECK(page.status == 200);
  CHECK(has(page, "acknowledged by ada, who is paged no more; it goes on until grace has"));
  CHECK(has(page, "you have acknowledged, and it goes on until grace has acknowledged."));
  CHECK_FALSE(has(page, "value=\"acknowledge\""));
  page = press(house, id, "grace", "acknowledge");
  CHECK(has(page, "You have it: acknowledged by fixer, ada and grace for"));
  after = json_of(house.ask("GET", kOne, {id}));
  CHECK(after.at("state") == "acknowledged");
  CHECK(after.at("waiting_for").empty());
  CHECK(after.at("acknowledgements").at(2).at("by") == "grace");
}

TEST_CASE("until when an acknowledgement holds is in the answer and on the page") {
  LivedInHouse house;
  with_people(house, false, 30min);
  house.fire("Errors");
  const std::string id = house.id_of("Errors");
  const json after = json_of(house.change(id, "acknowledge"));
  CHECK(after.at("acknowledged_until") == "2026-11-22T02:22:43.000Z");
  CHECK(after.at("snoozed_until") == nullptr);
  REQUIRE(after.at("acknowledgements").size() == 1);
  CHECK(after.at("acknowledgements").at(0) ==
        json{{"by", "fixer"}, {"at", "2026-11-22T01:52:43.000Z"}});
  CHECK(
      after.at("answer").get<std::string>().starts_with("acknowledged until 2026-11-22T02:22:43"));
  house.clock.advance(10min);
  const HttpResponse page = press(house, id, "ada", "acknowledge");
  CHECK(has(page, "That holds until 02:32 UTC; unless it is over by then"));
  CHECK(has(page, "Acknowledge again as ada"));
  house.clock.advance(30min);
  house.settle();
  const json later = json_of(house.ask("GET", kOne, {id}));
  CHECK(later.at("state") == "open");
  CHECK(later.at("acknowledged_until") == nullptr);
  CHECK(later.at("acknowledgements").empty());
}

TEST_CASE("whoever cannot look after it passes it on from the page") {
  LivedInHouse house;
  with_people(house);
  house.fire("Errors");
  const std::string id = house.id_of("Errors");
  const HttpResponse page = press(house, id, "ada", "escalate");
  CHECK(has(page, "escalated by ada: step 2 of policy crew pages linus"));
  CHECK(has(page, "Page the next step now"));
  CHECK(json_of(house.ask("GET", kOne, {id})).at("pages").back().at("person") == "linus");
}

TEST_CASE("what could page nobody says so wherever it is shown") {
  LivedInHouse house;  // whose ada is in no directory
  house.fire("Errors");
  const std::string id = house.id_of("Errors");
  const json shown = json_of(house.ask("GET", kOne, {id}));
  CHECK(shown.at("queued").at("for") == "anybody");
  CHECK(shown.at("queued").at("why") ==
        "nobody of policy crew can be paged: ada is not configured any more");
  CHECK(house.state.counts().queued == 1);
  const std::string path = house.api.page_path({id}, "ada", house.clock.now().wall);
  const HttpResponse page = house.ask("GET", "/p/([^/]+)", {path.substr(path.rfind('/') + 1)});
  CHECK(has(page, "Queued: nobody of policy crew can be paged: ada is not configured any more."));
  with_people(house);
  house.clock.advance(1min);
  house.settle();
  CHECK(json_of(house.ask("GET", kOne, {id})).at("queued") == nullptr);
}

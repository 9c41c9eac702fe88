#include "tests/api/lived_in_house.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

const std::string kOne = "/api/v1/incidents/([^/]+)";
const std::string kExplanation = "/api/v1/alerts/([^/]+)/explanation";

json listed(LivedInHouse& house, std::multimap<std::string, std::string> query = {}) {
  return json_of(house.ask("GET", "/api/v1/incidents", {}, "", "viewer", std::move(query)));
}
std::vector<std::string> titles(const json& page) {
  std::vector<std::string> all;
  for (const json& each : page.at("incidents")) all.push_back(each.at("title"));
  return all;
}

}  // namespace

TEST_CASE("a note is in the timeline under the name of the token") {
  LivedInHouse house;
  house.fire("Errors");
  const std::string id = house.id_of("Errors");
  const json after = json_of(house.change(id.substr(0, 6), "note", R"({"text":"on its way"})"));
  CHECK(after.at("timeline").back().at("text") == "on its way");
  CHECK(after.at("timeline").back().at("by") == "fixer");
  CHECK(after.at("state") == "open");
  for (const char* body : {"", "{}", R"({"text":""})", R"({"text":7})", R"({"words":"x"})"})
    detail_of(house.change(id, "note", body), 400);
  CHECK(detail_of(house.change(id, "note", "{\"text\":\"" + std::string(5'000, 'x') + "\"}"), 400)
            .starts_with("text: longer"));
  detail_of(house.change(id, "note", R"({"text":"x"})", "viewer"), 403);
}

TEST_CASE("a snoozed incident says until when and pages again then") {
  LivedInHouse house;
  house.fire("Errors");
  const std::string id = house.id_of("Errors");
  const json after = json_of(house.change(id, "snooze", R"({"for":"2h","why":"vendor"})"));
  CHECK(after.at("state") == "acknowledged");
  CHECK(after.at("snoozed_until") == "2026-11-22T03:52:43.000Z");
  for (const char* body : {"", R"({"for":"59s"})", R"({"for":"169h"})", R"({"for":"long"})"})
    CHECK(detail_of(house.change(id, "snooze", body), 400).starts_with("for: "));
  house.clock.advance(2h + 1s);
  house.settle();
  const json later = json_of(house.ask("GET", kOne, {id}));
  CHECK(later.at("state") == "open");
  CHECK(later.at("snoozed_until") == nullptr);
}

TEST_CASE("a hook that waits for a yes is run or rejected by its name") {
  LivedInHouse house;
  house.fire("Errors");
  house.fire("Latency");
  const std::string id = house.id_of("Errors");
  const json before = json_of(house.ask("GET", kOne, {id}));
  CHECK(before.at("remedy").at("status") == "proposed");
  CHECK(before.at("decision").at("remedy").at("hook") == "restart-api");
  detail_of(house.judge(id, "another", "approve"), 409);
  const json after = json_of(house.judge(id, "restart-api", "approve"));
  CHECK(after.at("remedy").at("status") == "running");
  CHECK(after.at("remedy").at("by") == "fixer");
  CHECK(after.at("hooks").size() == 1);
  for (const json& page : after.at("pages")) CHECK(page.at("type") != "hook");
  detail_of(house.judge(id, "restart-api", "approve"), 409);
  const json rejected = json_of(house.judge(house.id_of("Latency"), "restart-api", "reject"));
  CHECK(rejected.at("remedy").at("status") == "rejected");
}

TEST_CASE("a list goes on from memory into history and neither repeats nor misses") {
  LivedInHouse house;
  const WallTime now = house.clock.now().wall;
  std::vector<store::History> kept;
  for (int i = 0; i < 5; ++i)
    kept.push_back(house.history("aaaaaaaaaaaaaaa" + std::to_string(i), now - (i + 1) * 1h));
  house.fire("Errors");
  house.fire("Disk");
  house.change(house.id_of("Disk"), "resolve");
  // The store may have what memory still has, and memory's is newer.
  store::History twice = house.history(house.id_of("Disk"), now);
  twice.alerts = house.state.find(house.id_of("Disk"))->incident.alerts;
  kept.push_back(twice);
  REQUIRE(house.store.save(kept, {}));
  CHECK(titles(listed(house)).size() == 7);
  CHECK(titles(listed(house, {{"state", "open"}})) == std::vector<std::string>{"Errors"});
  CHECK(titles(listed(house, {{"state", "resolved"}})).size() == 6);
  for (int limit = 1; limit < 8; ++limit) {
    std::vector<std::string> all;
    std::string cursor;
    do {
      const json page = listed(house, {{"limit", std::to_string(limit)}, {"cursor", cursor}});
      CHECK(page.at("incidents").size() <= static_cast<std::size_t>(limit));
      for (const std::string& title : titles(page)) all.push_back(title);
      cursor = page.at("next").is_null() ? "" : page.at("next").get<std::string>();
    } while (!cursor.empty() && all.size() < 20);
    CHECK(all.size() == 7);
    CHECK(std::set<std::string>(all.begin(), all.end()).size() == 7);
    CHECK(all.back() == "kept aaaaaaaaaaaaaaa4");
  }
}

TEST_CASE("an incident that history has as closed and memory as open is open") {
  LivedInHouse house;
  house.fire("Errors");
  const auto view = *house.state.find(house.id_of("Errors"));
  store::History closed = house.history(view.incident.id.text, view.incident.opened_at);
  closed.alerts = view.incident.alerts;
  REQUIRE(house.store.save(std::vector{closed}, {}));
  CHECK(titles(listed(house, {{"state", "resolved"}})).empty());
  CHECK(titles(listed(house)) == std::vector<std::string>{"Errors"});
}

TEST_CASE("one incident is found in history by a beginning that is unique over both") {
  LivedInHouse house;
  house.fire("Errors");
  const std::string id = house.id_of("Errors");
  const std::string like = id.substr(0, 8) + "zzzzzzzz";
  const WallTime before = house.clock.now().wall - 1h;
  REQUIRE(house.store.save(std::vector{house.history(like, before)}, {}));
  CHECK(json_of(house.ask("GET", kOne, {like.substr(0, 10)})).at("title") == "kept " + like);
  CHECK(json_of(house.ask("GET", kOne, {id})).at("title") == "Errors");
  CHECK(detail_of(house.ask("GET", kOne, {id.substr(0, 8)}), 400).starts_with("several"));
  CHECK(detail_of(house.change(like, "acknowledge"), 409).find("history") != std::string::npos);
}

TEST_CASE("what is open is listed while the store does not work") {
  LivedInHouse house;
  house.fire("Errors");
  house.store.break_down("the disk is full");
  const json page = listed(house);
  CHECK(titles(page) == std::vector<std::string>{"Errors"});
  CHECK(page.at("incomplete").get<std::string>().find("the disk is full") != std::string::npos);
  CHECK_FALSE(listed(house, {{"state", "open"}}).contains("incomplete"));
  json_of(house.ask("GET", kOne, {house.id_of("Errors").substr(0, 6)}));
  detail_of(house.ask("GET", kOne, {"zzzz"}), 503);
}

TEST_CASE("an explanation computes the decision again and says whether it agrees") {
  LivedInHouse house;
  house.fire("Errors");
  const auto view = *house.state.find(house.id_of("Errors"));
  const json why = json_of(house.ask("GET", kExplanation, {view.incident.alerts[0].text}));
  CHECK(why.at("agrees") == true);
  CHECK(why.at("incident") == view.incident.id.text.str());
  CHECK(why.at("decision").at("rule") == "restartable");
  CHECK(why.at("recomputed") == why.at("decision"));
  CHECK(why.at("incomplete") == nullptr);
  const json& tried = why.at("rules").at("tried");
  REQUIRE(tried.size() == 2);
  CHECK(tried[0].at("verdict") == "not matched");
  CHECK(tried[0].at("fails").at("value") == "Errors");
  CHECK(tried[1].at("verdict") == "matched");
  CHECK(why.at("holds").at(0).at("kind") == "proposed");
}

TEST_CASE("an explanation from history says so when the configuration is not kept") {
  LivedInHouse house;
  REQUIRE(house.store.save(
      std::vector{house.history("aaaaaaaaaaaaaaaa", house.clock.now().wall - 1h)}, {}));
  const std::string alert = "alertaaaaaaaaaaaaaaaa";
  const json without = json_of(house.ask("GET", kExplanation, {alert}));
  CHECK(without.at("agrees") == nullptr);
  CHECK(without.at("incomplete").get<std::string>().find("no longer kept") != std::string::npos);
  CHECK(without.at("decision").at("rule") == "restartable");
  const auto by = LivedInHouse::configuration();
  REQUIRE(house.store.keep_configuration(by->hash, engine::encode(*by)));
  CHECK(json_of(house.ask("GET", kExplanation, {alert})).at("agrees") == true);
  detail_of(house.ask("GET", kExplanation, {"nothing"}), 404);
}

TEST_CASE("a reload needs an admin and answers with every fault or what needs a restart") {
  LivedInHouse house;
  const auto reload = [&](const std::string& token) {
    return house.ask("POST", "/-/reload", {}, "", token);
  };
  detail_of(reload("responder"), 403);
  detail_of(reload("nobody"), 401);
  CHECK(json_of(reload("admin")).at("needs_restart") == nullptr);
  house.reloaded = std::string("server.listen needs a restart");
  CHECK(json_of(reload("admin")).at("needs_restart") == "server.listen needs a restart");
  house.reloaded = invalid("tocsin.yaml:1:1: one\ntocsin.yaml:2:1: two");
  CHECK(detail_of(reload("admin"), 400) == "tocsin.yaml:1:1: one\ntocsin.yaml:2:1: two");
}

TEST_CASE("what could not be decided is listed with why") {
  LivedInHouse house;
  house.journal.append(2, {house.mint.record(2, RecordKind::alerts, house.clock.now().wall, "bad")},
                       [](const journal::Appended&) {});
  house.settle();
  const json all = json_of(house.ask("GET", "/api/v1/set-aside")).at("set_aside");
  REQUIRE(all.size() == 1);
  CHECK_FALSE(all[0].at("why").get<std::string>().empty());
  const json incidents = listed(house).at("incidents");
  REQUIRE(incidents.size() == 1);
  CHECK(incidents[0].at("integration") == "tocsin");
}

TEST_CASE("the page's buttons acknowledge and run the hook and nothing else does anything") {
  LivedInHouse house;
  house.fire("Errors");
  const std::string id = house.id_of("Errors");
  const std::string link =
      house.api.page_path({id}, "ada", house.clock.now().wall).substr(std::string("/p/").size());
  const auto press = [&](const std::string& body) {
    return house.ask("POST", "/p/([^/]+)", {link}, body);
  };
  const auto state = [&] { return house.state.find(id)->incident.state; };
  for (const char* wrong : {"do=resolve", "do=acknowledge&do=approve", "acknowledge", "x=1",
                            "do=acknowledge&hook=rm", "%00", "do=%"})
    CHECK(press(wrong).status == 400);
  CHECK(press(std::string(2'000, '&')).status == 400);
  CHECK(house.ask("GET", "/p/([^/]+)", {link}).body.find("Run restart-api") != std::string::npos);
  CHECK(state() == engine::IncidentState::open);
  const HttpResponse run = press("do=approve");
  CHECK(run.body.find("hook restart-api runs") != std::string::npos);
  CHECK(run.body.find("Run restart-api") == std::string::npos);
  CHECK(press("do=approve").body.find("runs already") != std::string::npos);
  CHECK(state() == engine::IncidentState::open);
  CHECK(press("do=%61cknowledge").body.find("You have it") != std::string::npos);
  CHECK(state() == engine::IncidentState::acknowledged);
  CHECK(press("").status == 200);
}

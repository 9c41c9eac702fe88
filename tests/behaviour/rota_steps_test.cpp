// Rotas in the steps of a policy: whoever is on call when a step begins.
#include "tests/behaviour/gameday.hpp"
#include "tests/behaviour/on_call.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

TEST_CASE("a step pages whoever is on call and says why it is them") {
  OnCallWorld world;
  world.fire("db-down");
  const auto page = world.phone("ada").expects("db-down");
  CHECK(page.why.find("ada is on call in primary") != std::string::npos);
  CHECK(world.told("pages ada (phone), on call in primary") == 1);
  world.silent_but({});
}

TEST_CASE("who is on call and somebody who is named are paged by one step, each once") {
  OnCall says;
  says.steps = "[{page: [{person: ada}, {rota: primary}, {person: bob}], wait: 5m}]";
  OnCallWorld world(says);
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.phone("bob").expects("db-down");
  world.silent_but({});
  CHECK(world.told("pages ada (phone), on call in primary, and bob (phone)") == 1);
}

TEST_CASE("a hand-over in the middle of an escalation: the next round pages who is on call then") {
  OnCall says;
  says.steps = "[{page: [{rota: primary}], wait: 10m}, {page: [{rota: primary}], wait: 10m}]";
  OnCallWorld world(says);
  world.advance_to(0, 9h + 55min);
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(10min);  // 10:05, and bob's shift has begun
  world.phone("bob").expects("db-down");
  world.silent_but({});
}

TEST_CASE("whoever was paged before a hand-over still hears that it is over") {
  OnCall says;
  says.more = ", repeat: 1";
  says.steps = "[{page: [{rota: primary}], wait: 10m}]";
  OnCallWorld world(says);
  world.advance_to(0, 9h + 55min);
  world.fire("db-down");
  world.advance(10min);
  world.forget_all();
  world.resolve("db-down");
  world.phone("ada").expects_resolved("db-down");
  world.phone("bob").expects_resolved("db-down");
}

TEST_CASE("a rota is asked as it is today, the policy as it was when the incident began") {
  OnCall says;
  says.more = ", repeat: 3";
  OnCallWorld world(says);
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  says.primary = "people: [grace], rotation: {every: 1w, start: 2026-11-16}";
  says.steps = "[{page: [{person: bob}], wait: 1m}]";
  world.reload(says);
  world.advance(4min + 59s);
  world.silent_but({});
  world.advance(1s);
  world.phone("grace").expects("db-down");
  world.silent_but({});
}

TEST_CASE("a rota that is gone since a reload is passed over and named") {
  OnCall says;
  says.steps = "[{page: [{rota: primary}], wait: 5m}, {page: [{person: bob}], wait: 5m}]";
  says.more = ", repeat: 1";
  OnCallWorld world(says);
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(5min);
  world.phone("bob").expects("db-down");
  std::vector<settings::File> files = says.files();
  std::string& own = files[1].text;
  own.replace(own.find("name: primary"), 13, "name: another");
  own.replace(own.find("rota: primary"), 13, "rota: another");
  world.World::reload(files);
  world.advance(5min);
  world.phone("bob").expects("db-down");
  world.silent_but({});
  CHECK(world.told("step 1 is passed over: rota primary is not configured any more") == 1);
}

TEST_CASE("a step that reaches a room although its rota has nobody says both") {
  OnCall says;
  says.steps = "[{page: [{person: ada}, {rota: office}, {channel: room}], wait: 5m}]";
  OnCallWorld world(says);
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.phone("room").expects("db-down");
  world.silent_but({});
  CHECK(world.told("nobody is on call in office until Mon 2026-11-23 09:00 UTC: step 1") == 1);
}

TEST_CASE("two rotas in a step follow the sun: each is paged in its own day and at no time both") {
  OnCall says;
  says.steps = "[{page: [{rota: europe}, {rota: america}], wait: 5m}]";
  says.service = R"(rotas:
  - {name: europe, time_zone: Europe/Berlin, people: [grace], only: {hours: "08:00-18:00"}}
  - name: america
    time_zone: America/Los_Angeles
    people: [bob]
    only: {hours: "09:00-23:00"}
)";
  OnCallWorld world(says);
  const auto paged_at = [&](Duration utc, const char* who, int number) {
    world.advance_to(0, utc);
    world.fire("db-" + std::to_string(number));
    world.phone(who).expects("db-" + std::to_string(number));
    world.silent_but({});
    world.resolve("db-" + std::to_string(number));
    world.forget_all();
  };
  paged_at(6h + 59min, "bob", 1);  // 22:59 on Sunday in Los Angeles, 07:59 in Berlin
  paged_at(7h, "grace", 2);
  paged_at(16h + 59min, "grace", 3);
  paged_at(17h, "bob", 4);
}

namespace {

OnCall with_drill(const std::string& rota, bool may_page_production) {
  OnCall says;
  says.people = "  - {name: pia, contacts: {phone: pia}}\n";
  says.staging = ", gamedays: [drill]";
  says.team =
      R"(  - {name: staged, matchers: ['environment="staging"'], suppress: staging wakes nobody}
gamedays:
  - {name: drill, as: {environment: production}, page: pilot, longest: 3h, may_page_production: )" +
      std::string(may_page_production ? "true" : "false") + "}\n";
  const std::string rotas = R"(rotas:
  - {name: pilots, time_zone: UTC, people: [pia], rotation: {every: 1w, start: 2026-11-16}}
)";
  // A file of its own: a team file has each section once.
  says.service = rotas;
  says.more += "}\n  - {name: pilot, steps: [{page: [{rota: " + rota + "}], wait: 5m}]";
  return says;
}

}  // namespace

TEST_CASE("a drill pages by way of a rota of its own") {
  OnCallWorld world(with_drill("pilots", false));
  world.sender_key = "staging-key-0123456789";
  CHECK(world.gameday_on("drill").empty());
  world.fire("db-down", {{"gameday", "drill"}});
  CHECK(world.phone("pia").expects("db-down").why.find("pia is on call in pilots") !=
        std::string::npos);
  world.silent_but({});
}

TEST_CASE("a drill pages by way of production's rota only where its set may") {
  OnCallWorld world(with_drill("primary", true));
  world.sender_key = "staging-key-0123456789";
  CHECK(world.gameday_on("drill").empty());
  world.fire("db-down", {{"gameday", "drill"}});
  world.phone("ada").expects("db-down");
  world.silent_but({});
}

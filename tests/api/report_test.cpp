#include "tests/api/lived_in_house.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

HttpResponse report(LivedInHouse& house, const std::string& body,
                    const std::string& token = "responder") {
  return house.ask("POST", "/api/v1/incidents", {}, body, token);
}

constexpr const char* kWhole =
    R"({"title":"Checkout is broken","description":"it says 502\nsince noon","service":"shop",
        "severity":"critical","impact":"Customers cannot pay"})";

std::vector<std::string> matched(LivedInHouse& house, std::vector<std::string> matchers) {
  std::multimap<std::string, std::string> query;
  for (std::string& each : matchers) query.emplace("matcher", std::move(each));
  std::vector<std::string> titles;
  const json page =
      json_of(house.ask("GET", "/api/v1/incidents", {}, "", "viewer", std::move(query)));
  for (const json& each : page.at("incidents")) titles.push_back(each.at("title"));
  return titles;
}

void rule_for_the_shop(LivedInHouse& house, rules::Rule rule) {
  auto changed = std::make_shared<engine::Configuration>(*LivedInHouse::configuration());
  rule.name = "shop";
  rule.matchers.push_back(*rules::Matcher::parse("service=\"shop\""));
  changed->rules = rules::RuleSet({std::move(rule)}, "crew", "crew");
  changed->hash = engine::hash_of(*changed);
  house.owner.reconfigure(changed);
}

bool nothing_fires(const LivedInHouse& house) {
  const Partition partition = journal::partition_of("manual", house.journal.partitions());
  return house.state.firing(partition, "manual", 10).empty();
}

}  // namespace

TEST_CASE("what a person reports is an incident at once and says who reported it") {
  LivedInHouse house;
  const json made = json_of(report(house, kWhole), 201);
  CHECK(made.at("title") == "Checkout is broken");
  CHECK(made.at("state") == "open");
  CHECK(made.at("severity") == "critical");
  CHECK(made.at("service") == "shop");
  CHECK(made.at("impact") == "Customers cannot pay");
  CHECK(made.at("integration") == "manual");
  const json& opened = made.at("timeline").at(0);
  CHECK(opened.at("kind") == "opened");
  CHECK(opened.at("by") == "fixer");
  CHECK(opened.at("text").get<std::string>().starts_with("reported by fixer; "));
  const json& alert = made.at("alerts").at(0);
  CHECK(alert.at("labels").at("integration") == "manual");
  CHECK(alert.at("annotations").at("description") == "it says 502\nsince noon");
  CHECK(json_of(house.ask("GET", "/api/v1/incidents/([^/]+)", {made.at("id")})).at("title") ==
        "Checkout is broken");
  CHECK_FALSE(nothing_fires(house));
}

TEST_CASE("a report needs a title and nothing else") {
  LivedInHouse house;
  const json made = json_of(report(house, R"({"title":"Odd noise"})"), 201);
  CHECK(made.at("severity") == "error");
  CHECK(made.at("service").is_null());
  CHECK(made.at("impact").is_null());
  for (const auto& [body, says] : std::vector<std::pair<std::string, std::string>>{
           {"", "title: it is needed"},
           {R"({"title":" "})", "title: it is needed"},
           {R"({"title":")" + std::string(201, 'x') + R"("})", "title: longer than 200 bytes"},
           {R"({"title":"a","severity":"loud"})", "severity: one of critical"},
           {R"({"title":"a","service":""})", "service: it is needed"},
           {R"({"title":"a","team":"crew"})", "team: no such field"}}) {
    INFO(body);
    CHECK(detail_of(report(house, body), 400).find(says) != std::string::npos);
  }
  CHECK(matched(house, {}).size() == 1);
}

TEST_CASE("a viewer reports nothing") {
  LivedInHouse house;
  CHECK_FALSE(detail_of(report(house, kWhole, "viewer"), 403).empty());
  CHECK(matched(house, {}).empty());
}

TEST_CASE("two reports of the same are two incidents") {
  LivedInHouse house;
  CHECK(json_of(report(house, kWhole), 201).at("id") !=
        json_of(report(house, kWhole), 201).at("id"));
}

TEST_CASE("a report pages by the rules and a rule's own impact is the one that is told") {
  LivedInHouse house;
  rules::Rule rule;
  rule.team = "shopkeepers";
  rule.impact = "The shop is closed";
  rule_for_the_shop(house, rule);
  const json made = json_of(report(house, kWhole), 201);
  CHECK(made.at("team") == "shopkeepers");
  CHECK(made.at("decision").at("policy") == "crew");
  CHECK(made.at("impact") == "The shop is closed");
}

TEST_CASE("a report that the rules keep from everybody is refused and leaves nothing behind") {
  LivedInHouse house;
  rules::Rule rule;
  rule.team = "crew";
  rule.suppress = "the shop is being rebuilt";
  rule_for_the_shop(house, rule);
  CHECK(detail_of(report(house, kWhole), 409).find("the shop is being rebuilt") !=
        std::string::npos);
  CHECK(matched(house, {}).empty());
  CHECK(nothing_fires(house));
}

TEST_CASE("nothing but a person ends what a person reported and then it fires no longer") {
  LivedInHouse house;
  const std::string id = json_of(report(house, kWhole), 201).at("id");
  house.clock.advance(24h * 30);
  house.settle();
  CHECK(json_of(house.ask("GET", "/api/v1/incidents/([^/]+)", {id})).at("state") != "resolved");
  const json after = json_of(house.change(id, "resolve"));
  CHECK(after.at("state") == "resolved");
  CHECK(after.at("resolved_by") == "fixer");
  CHECK(after.at("alerts").at(0).at("status") == "resolved");
  CHECK(nothing_fires(house));
}

TEST_CASE("a report that is not confirmed in time says that it may be opened all the same") {
  LivedInHouse house;
  const auto answer = house.begin("POST", "/api/v1/incidents", {}, kWhole);
  REQUIRE_FALSE(*answer);
  house.journal.break_down("the disk is full");
  const auto other = house.begin("POST", "/api/v1/incidents", {}, kWhole);
  REQUIRE(*other);
  CHECK(detail_of(**other, 503).find("look before you report it again") != std::string::npos);
}

TEST_CASE("a change with a body of other bytes than blanks is no change without a body") {
  LivedInHouse house;
  house.fire("Errors");
  const std::string id = house.id_of("Errors");
  for (const std::string& body :
       {std::string(1, '\0'), std::string("\x01\x7f"), std::string("\v")}) {
    INFO(body.size());
    CHECK(detail_of(house.change(id, "resolve", body), 400).starts_with("the body: "));
  }
  CHECK(json_of(house.change(id, "resolve", " \r\n\t")).at("state") == "resolved");
}

TEST_CASE("incidents are listed by matchers of their alerts") {
  LivedInHouse house;
  house.fire("Errors", "api");
  house.fire("Disk", "db");
  json_of(report(house, kWhole), 201);
  CHECK(matched(house, {R"(service="db")"}) == std::vector<std::string>{"Disk"});
  CHECK(matched(house, {R"(service=~"api|db")", R"(alertname!="Disk")"}) ==
        std::vector<std::string>{"Errors"});
  CHECK(matched(house, {R"(integration="manual")"}) ==
        std::vector<std::string>{"Checkout is broken"});
  CHECK(matched(house, {R"(service="none")"}).empty());
  std::multimap<std::string, std::string> bad{{"matcher", "service"}};
  CHECK(detail_of(house.ask("GET", "/api/v1/incidents", {}, "", "viewer", bad), 400)
            .starts_with("matcher: "));
  bad.clear();
  for (int i = 0; i < 21; ++i) bad.emplace("matcher", R"(a="b")");
  CHECK(detail_of(house.ask("GET", "/api/v1/incidents", {}, "", "viewer", bad), 400)
            .starts_with("matcher: more than 20"));
}

TEST_CASE("what ended long ago is listed by matchers as well") {
  LivedInHouse house;
  const auto kept = house.history("longgone11223344", house.clock.now().wall - 24h);
  REQUIRE(house.store.save(std::vector{kept}, {}));
  CHECK(matched(house, {R"(service="api")"}) == std::vector<std::string>{"kept longgone11223344"});
  CHECK(matched(house, {R"(service="db")"}).empty());
}

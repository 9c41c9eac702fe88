#include <nlohmann/json.hpp>

#include "connectors/journals/memory_journal.hpp"
#include "router/api/api.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::api;

namespace {

class FixedClock final : public Clock {
 public:
  Instant now() const override {
    return {WallTime(std::chrono::seconds(1'795'312'363)), 1, std::chrono::hours(5)};
  }
};

struct NoOutbox final : engine::Outbox {
  void start(const engine::AttemptRef&) override {}
};

/// The API over an empty journal.
struct House {
  FixedClock clock;
  journal::MemoryJournal journal{16, "memory"};
  Mint mint{7, 16};
  engine::NodeState state{16};
  NoOutbox outbox;
  engine::OwnerEvents events;
  engine::Owner owner{journal, clock, mint, state, std::make_shared<engine::Configuration>(),
                      outbox,  events};
  Readiness readiness;
  Api api{owner, clock, {[this] { return readiness; }, [] { return "metrics\n"; }}};

  House() {
    TOCSIN_CHECK(owner.replay().has_value(), "memory can be read");
    api.replace(std::make_shared<std::vector<Token>>(std::vector<Token>{
                    {"looker", Access::view, "viewer"}, {"fixer", Access::respond, "responder"}}),
                "secret");
  }

  HttpResponse ask(const std::string& pattern, HttpRequest request,
                   const std::string& authorization = "Bearer responder") {
    request.headers = {{"authorization", authorization}};
    for (const HttpRoute& route : api.routes()) {
      if (route.pattern != pattern) continue;
      std::optional<HttpResponse> answer;
      route.handler(request, [&](HttpResponse said) { answer = std::move(said); });
      REQUIRE(answer);
      return *answer;
    }
    FAIL("there is no route " << pattern);
    return {};
  }
  HttpResponse list(const std::string& name, const std::string& value) {
    HttpRequest request;
    request.query = {{name, value}};
    return ask("/api/v1/incidents", request);
  }
};

std::string detail(const HttpResponse& answer, int status) {
  CHECK(answer.status == status);
  CHECK(answer.content_type == "application/problem+json");
  const auto problem = nlohmann::json::parse(answer.body);
  CHECK(problem.at("status") == status);
  return problem.at("detail");
}

}  // namespace

TEST_CASE("a query that means nothing is refused by the name of its part") {
  House house;
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"state", "asleep"},
                                                        {"state", "open,asleep"},
                                                        {"state", ","},
                                                        {"state", "open,,open"},
                                                        {"state", "OPEN"},
                                                        {"severity", "loud"},
                                                        {"severity", "critical,"},
                                                        {"since", "yesterday"},
                                                        {"since", "2026-02-30T00:00:00Z"},
                                                        {"limit", "0"},
                                                        {"cursor", "anything"},
                                                        {"limit", "1001"},
                                                        {"limit", "-1"},
                                                        {"limit", "5x"},
                                                        {"limit", "99999999999999999999"}}) {
    INFO(name << "=" << value);
    CHECK(detail(house.list(name, value), 400).starts_with(name + ": "));
  }
}

TEST_CASE("a query that means something is answered with a list") {
  House house;
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"state", ""},
           {"state", "open"},
           {"state", "open,acknowledged,resolved"},
           {"severity", "warning"},
           {"team", "anyone"},
           {"gameday", ""},
           {"limit", "1"},
           {"limit", "1000"},
           {"since", "2026-11-22T01:52:43+01:00"},
           {"cursor", "00001795312363000000.7zq4m2k9w1x3c5v8"}}) {
    INFO(name << "=" << value);
    const HttpResponse answer = house.list(name, value);
    CHECK(answer.status == 200);
    CHECK(answer.body == R"({"incidents":[],"next":null})");
  }
}

TEST_CASE("only a bearer token of the configuration opens the API") {
  House house;
  for (const std::string wrong : {"", "Bearer", "Bearer ", "bearer responder", "Basic responder",
                                  "Bearer nobody", "Bearer responder ", "Bearer responde"}) {
    INFO(wrong);
    detail(house.ask("/api/v1/incidents", {}, wrong), 401);
  }
  CHECK(house.ask("/api/v1/incidents", {}, "Bearer viewer").status == 200);
}

TEST_CASE("a viewer's change is refused before the incident is looked for") {
  House house;
  HttpRequest request;
  request.matches = {"nothing"};
  for (const char* path :
       {"/api/v1/incidents/([^/]+)/acknowledge", "/api/v1/incidents/([^/]+)/resolve"}) {
    CHECK(detail(house.ask(path, request, "Bearer viewer"), 403).find("looker") !=
          std::string::npos);
    detail(house.ask(path, request), 404);
  }
}

TEST_CASE("an incident nobody knows is 404 whatever its id looks like") {
  House house;
  for (const std::string id : {"k7q2m9xw4c1r8t3z", "-", "%", "ü", "<script>"}) {
    HttpRequest request;
    request.matches = {id};
    detail(house.ask("/api/v1/incidents/([^/]+)", request), 404);
  }
}

TEST_CASE("readiness says why not") {
  House house;
  CHECK(house.ask("/-/ready", {}).status == 200);
  house.readiness = {false, "the journal: the disk is full"};
  CHECK(detail(house.ask("/-/ready", {}), 503) == "the journal: the disk is full");
  CHECK(house.ask("/-/healthy", {}).status == 200);
}

TEST_CASE("a link is good for the secret in force and for no other") {
  House house;
  const std::string path = house.api.page_path({"k7q2m9xw4c1r8t3z"}, "ada", house.clock.now().wall);
  HttpRequest request;
  request.matches = {path.substr(std::string("/p/").size())};
  CHECK(house.ask("/p/([^/]+)", request).status == 404);  // good, of an incident that never was
  for (const char* secret : {"another secret", ""}) {
    house.api.replace(std::make_shared<std::vector<Token>>(), secret);
    CHECK(house.ask("/p/([^/]+)", request).status == 403);
  }
  // A link that nothing signed is not good while there is nothing to sign with.
  request.matches = {
      house.api.page_path({"k7q2m9xw4c1r8t3z"}, "", house.clock.now().wall).substr(3)};
  CHECK(house.ask("/p/([^/]+)", request).status == 403);
}

// Which route a method and target find.
#include "router/ingest/front_door/routes.hpp"

#include "tests/catch.hpp"

namespace tocsin::tests {
namespace {

// Each route answers with its own number, so that one sees which was found.
front_door::Routes routes(const std::vector<std::pair<std::string, std::string>>& patterns) {
  std::vector<HttpRoute> all;
  for (const auto& [method, pattern] : patterns) {
    const int number = static_cast<int>(all.size());
    all.push_back(
        {method, pattern, [number](const HttpRequest& /*request*/, const HttpReply& reply) {
           reply({number, {}, {}, {}});
         }});
  }
  return front_door::Routes(std::move(all));
}

int found(const front_door::Routes& routes, const std::string& method, const std::string& target) {
  const auto routed = routes.find(method, target);
  if (routed.handler == nullptr) return -routed.status;
  int number = -1;
  (*routed.handler)({}, [&](const HttpResponse& response) { number = response.status; });
  return number;
}

}  // namespace

TEST_CASE("the first route that matches is found whether its pattern is a plain path or not") {
  const auto all = routes({{"POST", "/v2/alerts/?"},
                           {"POST", "/v2/.+"},
                           {"POST", "/v2/late/?"},
                           {"GET", "/-/ready"},
                           {"GET", "/v2/alerts"},
                           {"GET", "/one\\.json"},
                           {"GET", "/an.thing"}});
  CHECK(found(all, "POST", "/v2/alerts") == 0);
  CHECK(found(all, "POST", "/v2/alerts/") == 0);
  CHECK(found(all, "POST", "/v2/alerts?key=k") == 0);
  CHECK(found(all, "POST", "/v2/%61lerts") == 0);
  CHECK(found(all, "POST", "/v2/late") == 1);
  CHECK(found(all, "GET", "/-/ready") == 3);
  CHECK(found(all, "HEAD", "/-/ready") == 3);
  CHECK(found(all, "GET", "/v2/alerts") == 4);
  CHECK(found(all, "GET", "/v2/alerts/") == -404);
  CHECK(found(all, "GET", "/one.json") == 5);
  CHECK(found(all, "GET", "/onexjson") == -404);
  CHECK(found(all, "GET", "/anything") == 6);
  CHECK(found(all, "PUT", "/v2/alerts") == -404);
}

TEST_CASE("a plain path keeps its path and has neither parts nor a query") {
  const auto all = routes({{"POST", "/v2/alerts/?"}, {"POST", "/in/([^/]+)(/.*)?"}});
  const auto plain = all.find("POST", "/v2/alerts");
  CHECK(plain.path == "/v2/alerts");
  CHECK(plain.matches.empty());
  CHECK(plain.query.empty());
  const auto asked = all.find("POST", "/v2/alerts?key=k");
  CHECK(asked.path == "/v2/alerts");
  CHECK(asked.query.find("key")->second == "k");
  const auto parts = all.find("POST", "/in/team-a/v2/alerts");
  CHECK(parts.matches == std::vector<std::string>{"team-a", "/v2/alerts"});
}

}  // namespace tocsin::tests

// What Mattermost posts when a button is pressed, and what it is answered.
#include <nlohmann/json.hpp>

#include "tests/connectors/fixture.hpp"
#include "tests/connectors/hearing.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;
using nlohmann::json;

namespace {

struct Mattermost : Heard {
  Mattermost() : Heard("mattermost", {}) { post(fixture("answers/mattermost.json")); }
};

}  // namespace

TEST_CASE("a button in Mattermost says who and which and what and is vouched for by itself alone") {
  const Mattermost mattermost;
  CHECK_FALSE(mattermost.ear.signs);
  const Spoken spoken = mattermost.heard();
  CHECK(spoken.wish == Wish::acknowledge);
  CHECK(spoken.press == "7zq4m2k9w1x3c5v8.1796000000.c2ln");
  CHECK(spoken.addresses == std::vector<std::string>{"rd49ehbqyjytddasoownkuqrxe", "ada"});
}

TEST_CASE("what a button of ours cannot have sent is refused") {
  Mattermost mattermost;
  const json good = json::parse(mattermost.request.body);
  for (const char* part : {"/context/press", "/context/do", "/context"}) {
    json bad = good;
    bad[json::json_pointer(part)] = nullptr;
    CHECK_FALSE(mattermost.post(bad.dump()).hear());
  }
  json nobody = good;
  nobody.erase("user_id");
  nobody.erase("user_name");
  CHECK_FALSE(mattermost.post(nobody.dump()).hear());
  for (const char* body : {"", "[]", "{}", "7", "{\"context\":7}"})
    CHECK_FALSE(mattermost.post(body).hear());
}

TEST_CASE("the message in Mattermost shows who has it and its buttons bring back the same") {
  const Mattermost mattermost;
  const json said = json::parse(mattermost.answer(acknowledged_by_ada()).response.body);
  CHECK(said.at("update").at("message") ==
        "CRITICAL: HighErrorRate: checkout\n**Acknowledged by ada at 02:04 UTC**");
  const json& actions = said.at("update").at("props").at("attachments").at(0).at("actions");
  REQUIRE(actions.size() == 2);
  CHECK(actions.at(0).at("integration").at("url") == mattermost.url);
  CHECK(actions.at(0).at("integration").at("context") ==
        json{{"press", "7zq4m2k9w1x3c5v8.1796000000.c2ln"},
             {"do", "resolve"},
             {"text", "CRITICAL: HighErrorRate: checkout"}});
  Ended over = acknowledged_by_ada();
  over.still.clear();
  CHECK(json::parse(mattermost.answer(over).response.body)
            .at("update")
            .at("props")
            .at("attachments")
            .empty());
}

TEST_CASE("in Mattermost a stranger alone is told why") {
  const Mattermost mattermost;
  const Echo echo = mattermost.answer(to_a_stranger());
  CHECK(json::parse(echo.response.body) ==
        json{{"ephemeral_text", "Nothing was done: who is <mallory>?"}});
  CHECK_FALSE(echo.then);
}

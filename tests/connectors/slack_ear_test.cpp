// What Slack posts when a button is pressed, and what it is answered.
#include <nlohmann/json.hpp>

#include "connectors/channels/posting.hpp"
#include "tests/connectors/fixture.hpp"
#include "tests/connectors/hearing.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

const std::string kSecret = "0123456789abcdef0123456789abcdef";

std::string form(const json& payload) { return channels::form_of({{"payload", payload.dump()}}); }

struct Slack : Heard {
  json payload = json::parse(fixture("answers/slack.json"));

  explicit Slack(const std::string& api_url = "")
      : Heard("slack", {{"signing_secret", kSecret}, {"api_url", api_url}}) {
    press();
  }
  void press() { by_slack(form(payload), kSecret); }
  json then(const Ended& ended) {
    const Echo echo = answer(ended);
    CHECK(echo.response.status == 200);
    CHECK(echo.response.body.empty());
    REQUIRE(echo.then);
    CHECK(echo.then->url == payload.at("response_url"));
    return json::parse(echo.then->body);
  }
};

}  // namespace

TEST_CASE("a button in Slack says who and which and what") {
  Slack slack;
  const Spoken spoken = slack.heard();
  CHECK(spoken.wish == Wish::resolve);
  CHECK(spoken.press == "7zq4m2k9w1x3c5v8.1796000000.c2ln");
  CHECK(spoken.addresses == std::vector<std::string>{"U0123456789"});
  CHECK(spoken.name == "ada (U0123456789)");
  for (const char* word : {"acknowledge", "escalate", "snooze"}) {
    slack.payload["actions"][0]["action_id"] = word;
    slack.press();
    CHECK(to_string(slack.heard().wish) == word);
  }
}

TEST_CASE("what else Slack tells of asks for nothing") {
  Slack slack;
  slack.payload["actions"][0]["action_id"] = "x1";  // the link
  slack.press();
  CHECK(slack.heard().wish == Wish::nothing);
  CHECK_FALSE(slack.answer({}).then);
  slack.payload["type"] = "shortcut";
  slack.press();
  CHECK(slack.heard().wish == Wish::nothing);
}

TEST_CASE("what Slack did not sign or signed long ago or of another body is refused") {
  Slack good;
  REQUIRE(good.hear());
  Slack forged = good, old = good, other = good, unsigned_ = good, without = good;
  forged.by_slack(form(good.payload), "another secret");
  old.now += 6min;  // a request that somebody kept
  other.request.body += "&more=1";
  unsigned_.request.headers.clear();
  without.settings.values.erase("signing_secret");
  without.by_slack(form(good.payload), "");
  for (const Slack* wrong : {&forged, &old, &other, &unsigned_, &without}) {
    const auto spoken = wrong->hear();
    REQUIRE_FALSE(spoken);
    CHECK(spoken.error().kind == ErrorKind::refused);
    CHECK(spoken.error().message.find(kSecret) == std::string::npos);
  }
}

TEST_CASE("what is signed and no payload is invalid and never worse") {
  Slack slack;
  for (const char* body : {"", "payload=", "payload=%7B", "payload=[]", "a=b", "payload=7"}) {
    slack.by_slack(body, kSecret);
    const auto spoken = slack.hear();
    REQUIRE_FALSE(spoken);
    CHECK(spoken.error().kind == ErrorKind::invalid);
  }
  for (const char* payload :
       {"{}", R"({"type":"block_actions"})", R"({"type":"block_actions","actions":[]})",
        R"({"type":"block_actions","actions":{"0":7},"user":[],"message":7})",
        R"({"type":7,"actions":[{"action_id":7}]})"}) {
    slack.by_slack(form(json::parse(payload)), kSecret);
    CHECK(slack.heard().wish == Wish::nothing);
    slack.answer(acknowledged_by_ada());
  }
}

TEST_CASE("the message in Slack shows who has it and keeps what it said and what is of use still") {
  Slack slack;
  const json more = slack.then(acknowledged_by_ada());
  CHECK(more.at("replace_original") == true);
  const json& blocks = more.at("blocks");
  REQUIRE(blocks.size() == 3);
  CHECK(blocks.at(0) == slack.payload.at("message").at("blocks").at(0));
  CHECK(blocks.at(1).at("elements").at(0).at("text") == "Acknowledged by ada at 02:04 UTC");
  const json& elements = blocks.at(2).at("elements");
  REQUIRE(elements.size() == 3);
  CHECK(elements.at(0).at("action_id") == "resolve");
  CHECK(elements.at(1).at("action_id") == "escalate");
  CHECK(elements.at(0).at("value") == "7zq4m2k9w1x3c5v8.1796000000.c2ln");
  CHECK(elements.at(2).at("url") == "https://tocsin.example.com/p/x");
  slack.payload["message"].erase("blocks");
  slack.press();
  CHECK(slack.then(acknowledged_by_ada()).at("blocks").at(0).at("text").at("text") ==
        "CRITICAL: HighErrorRate: checkout ");
}

TEST_CASE("whoever may not is told so alone and the message stays as it is") {
  Slack slack;
  const json more = slack.then(to_a_stranger());
  CHECK(more.at("response_type") == "ephemeral");
  CHECK(more.at("replace_original") == false);
  CHECK(more.at("text") == "Nothing was done: who is <mallory>?");
}

TEST_CASE("nothing is posted anywhere but to Slack") {
  struct Row {
    const char* url;
    bool good;
  };
  Slack slack;
  for (const Row& row :
       {Row{"https://hooks.slack.com/actions/T/1/x", true},
        Row{"http://hooks.slack.com/actions/T/1/x", false},
        Row{"https://hooks.slack.com@evil.example.com/x", false},
        Row{"https://evil.example.com/?.slack.com", false}, Row{"https://evilslack.com/x", false},
        Row{"https://hooks.slack.com:8443/x", false},
        Row{"https://evil.example.com#.slack.com", false}, Row{"", false}, Row{"x", false}}) {
    INFO(row.url);
    slack.payload["response_url"] = row.url;
    slack.press();
    CHECK(slack.answer(acknowledged_by_ada()).then.has_value() == row.good);
  }
  Slack own("http://127.0.0.1:9000/api");
  own.payload["response_url"] = "http://127.0.0.1:9000/actions/1";
  own.press();
  CHECK(own.answer(acknowledged_by_ada()).then);
  own.payload["response_url"] = "http://127.0.0.1:9001/actions/1";
  own.press();
  CHECK_FALSE(own.answer(acknowledged_by_ada()).then);
}

TEST_CASE("a hundred thousand lists within each other cost Slack's ear nothing") {
  Slack slack;
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  for (const char* where : {"blocks", "message", "actions", "user"}) {
    std::string body = slack.payload.dump();
    const std::string name = "\"" + std::string(where) + "\":";
    const std::size_t at = body.find(name);
    REQUIRE(at != std::string::npos);
    body.insert(at + name.size(), "[" + deep + "],\"before\":");
    // Brackets as they are, since a form of three bytes for each would be too long.
    slack.by_slack("payload=" + body, kSecret);
    static_cast<void>(slack.hear());
    static_cast<void>(slack.answer(acknowledged_by_ada()));
  }
}

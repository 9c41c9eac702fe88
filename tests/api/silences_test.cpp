#include "tests/api/lived_in_house.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

const std::string kSilences = "/api/v1/silences";

json set(LivedInHouse& house, const std::string& body, int status = 201) {
  return json_of(house.ask("POST", kSilences, {}, body), status);
}
json listed(LivedInHouse& house, const std::string& state = "") {
  return json_of(house.ask("GET", kSilences, {}, "", "viewer", {{"state", state}})).at("silences");
}

}  // namespace

TEST_CASE("a silence that is set is listed with who and why and how long it lasts") {
  LivedInHouse house;
  const json made = set(house, R"({"matchers":["service=\"api\""],"for":"2h","why":"deploying"})");
  CHECK(made.at("state") == "active");
  CHECK(made.at("by") == "fixer");
  CHECK(made.at("why") == "deploying");
  CHECK(made.at("remaining") == "2h");
  CHECK(made.at("ends_at") == "2026-11-22T03:52:43.000Z");
  CHECK(listed(house) == json::array({made}));
  CHECK(listed(house, "pending,ended").empty());
  house.clock.advance(2h);
  CHECK(listed(house, "active").empty());
  CHECK(listed(house, "ended").at(0).at("remaining") == "0s");
}

TEST_CASE("matchers as Alertmanager's objects mean the same as its texts") {
  LivedInHouse house;
  const json made = set(house, R"({"matchers":[
      {"name":"a","value":"x\"\\y"},{"name":"b","value":"p.*","isRegex":true},
      {"name":"c","value":"","isEqual":false},
      {"name":"d","value":"z","isRegex":true,"isEqual":false}],"for":"1h","why":"w"})");
  CHECK(made.at("matchers") ==
        json::array({R"("a"="x\"\\y")", R"("b"=~"p.*")", R"("c"!="")", R"("d"!~"z")"}));
}

TEST_CASE("a silence that could not be meant is refused by the name of its field") {
  LivedInHouse house;
  const std::string good = R"("matchers":["service=\"api\""],"why":"w")";
  for (const auto& [body, begins] : std::vector<std::pair<std::string, std::string>>{
           {"", "for: "},
           {"{" + good + "}", "for: "},
           {"{" + good + R"(,"for":"soon"})", "for: "},
           {"{" + good + R"(,"for":3600})", "for: "},
           {"{" + good + R"(,"for":"0s"})", "its end has passed"},
           {"{" + good + R"(,"for":"9000h"})", "longer than"},
           {"{" + good + R"(,"for":"1h","ends_at":"2026-11-22T03:52:43Z"})", "for, ends_at: "},
           {"{" + good + R"(,"ends_at":"tomorrow"})", "ends_at: "},
           {"{" + good + R"(,"ends_at":"2026-11-21T03:52:43Z"})", "its end has passed"},
           {"{" + good + R"(,"for":"1h","starts_at":"now"})", "starts_at: "},
           {"{" + good + R"(,"for":"1h","until":"x"})", "until: no such field"},
           {R"({"matchers":["service=\"api\""],"for":"1h"})", "why: "},
           {R"({"matchers":["service=\"api\""],"for":"1h","why":" \n"})", "why: "},
           {R"({"matchers":[],"for":"1h","why":"w"})", "it has no matcher"},
           {R"({"for":"1h","why":"w"})", "it has no matcher"},
           {R"({"matchers":["a=~\".*\""],"for":"1h","why":"w"})", "the matchers match"},
           {R"({"matchers":["a=~\"(\""],"for":"1h","why":"w"})", "matchers[0]: "},
           {R"({"matchers":["a=b",7],"for":"1h","why":"w"})", "matchers[1]: "},
           {R"({"matchers":[{"name":"a"}],"for":"1h","why":"w"})", "matchers[0]: "},
           {R"({"matchers":[{"name":"a","value":1}],"for":"1h","why":"w"})", "matchers[0].value"},
           {R"({"matchers":"a=b","for":"1h","why":"w"})", "matchers: "},
           {"[]", "the body: "},
           {"{", "the body: "},
           {"\"\xff\"", "the body: "},
           {std::string(50, '[') + std::string(50, ']'), "the body: nested"},
           {"{\"why\":\"" + std::string(70'000, 'x') + "\"}", "the body: longer"}}) {
    INFO(body);
    const std::string said = detail_of(house.ask("POST", kSilences, {}, body), 400);
    INFO(said);
    CHECK(said.starts_with(begins));
  }
  CHECK(listed(house).empty());
}

TEST_CASE("a silence is changed under its id and what is left out stays") {
  LivedInHouse house;
  const json made = set(house, R"({"matchers":["service=\"api\""],"for":"1h","why":"deploying"})");
  house.clock.advance(30min);
  const std::string id = made.at("id");
  const json longer = set(house, R"({"id":")" + id + R"(","for":"4h"})", 200);
  CHECK(longer.at("id") == id);
  CHECK(longer.at("matchers") == made.at("matchers"));
  CHECK(longer.at("why") == "deploying");
  CHECK(longer.at("starts_at") == made.at("starts_at"));
  CHECK(longer.at("remaining") == "4h");
  CHECK(listed(house).size() == 1);
  detail_of(house.ask("POST", kSilences, {}, R"({"id":"nothing","for":"4h"})"), 404);
}

TEST_CASE("a silence is ended once and ending it again is harmless") {
  LivedInHouse house;
  const std::string id =
      set(house, R"({"matchers":["service=\"api\""],"for":"1h","why":"w"})").at("id");
  const std::string one = kSilences + "/([^/]+)";
  CHECK(json_of(house.ask("DELETE", one, {id})).at("state") == "ended");
  CHECK(json_of(house.ask("DELETE", one, {id})).at("state") == "ended");
  detail_of(house.ask("DELETE", one, {"nothing"}), 404);
}

TEST_CASE("two silences of one moment have two ids") {
  LivedInHouse house;
  const std::string body = R"({"matchers":["service=\"api\""],"for":"1h","why":"w"})";
  CHECK(set(house, body).at("id") != set(house, body).at("id"));
  CHECK(listed(house).size() == 2);
}

TEST_CASE("a viewer looks at silences and sets none") {
  LivedInHouse house;
  CHECK(listed(house).empty());
  detail_of(house.ask("POST", kSilences, {}, "", "viewer"), 403);
  detail_of(house.ask("DELETE", kSilences + "/([^/]+)", {"x"}, "", "viewer"), 403);
  CHECK(detail_of(house.ask("GET", kSilences, {}, "", "viewer", {{"state", "asleep"}}), 400)
            .starts_with("state: "));
}

TEST_CASE("an incident that is silenced says by whom and until when") {
  LivedInHouse house;
  house.fire("Errors");
  const std::string id = house.id_of("Errors");
  set(house, R"({"matchers":["service=\"api\""],"for":"2h","why":"deploying"})");
  house.settle();
  const json held = json_of(house.ask("GET", "/api/v1/incidents/([^/]+)", {id})).at("held");
  REQUIRE(held.is_object());
  CHECK(held.at("kind") == "silence");
  CHECK(held.at("why").get<std::string>().find("silenced by fixer") != std::string::npos);
  CHECK(held.at("until") == "2026-11-22T03:52:43.000Z");
}

#include "connectors/sources/opsgenie_ids.hpp"
#include "connectors/sources/payload.hpp"
#include "tests/connectors/source_requests.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;
using sources::opsgenie_alias;
using sources::opsgenie_id;

namespace {

const Sender kSender{"opsgenie"};
constexpr const char* kAlias = "ferry/3 [nord]";
const std::multimap<std::string, std::string> kByAlias{{"identifierType", "ALIAS"}};

Sent about(const std::string& identifier, const std::string& action, const std::string& body = "{}",
           const std::multimap<std::string, std::string>& query = {}) {
  return {body, "/v2/alerts/" + identifier + action, "POST", {}, query};
}

}  // namespace

TEST_CASE("an alert of Opsgenie's API is known by its alias") {
  const Alert alert = kSender.only({fixture("opsgenie/create.json"), "/v2/alerts/"});
  CHECK(alert.key == kAlias);
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.labels == Fields({{"alertname", "Ferry 3 is late"},
                                {"entity", "ferry-3"},
                                {"region", "nord"},
                                {"responders", "harbour,ole@example.com"},
                                {"service", "ferries"},
                                {"severity", "P1"},
                                {"source", "harbourwatch"},
                                {"tags", "service:ferries,nord,4711"}}));
  CHECK(alert.annotations.get("minutes") == "40");
  CHECK(alert.generator_url == "https://harbour.example/3");
}

TEST_CASE("old fields of Opsgenie are read and its unsaid priority is P3") {
  const Alert alert = kSender.only({fixture("opsgenie/create_old.json"), "/v2/alerts"});
  CHECK(alert.labels.get("severity") == "P3");
  CHECK(alert.labels.get("responders") == "lamps");
  CHECK(alert.labels.get("host") == "lamp-7");
  CHECK(alert.labels.get("tags") == "one,host:lamp-7");
}

TEST_CASE("close and acknowledge and notes find the alert by alias however it is written") {
  // A raw alias has slashes and brackets in the path.
  const Alert closed = kSender.only(about(kAlias, "/close", R"({"user":"ole"})", kByAlias));
  CHECK(closed.status == AlertStatus::resolved);
  CHECK(closed.key == kAlias);
  const Parsed acknowledged =
      kSender.taken(about(kAlias, "/acknowledge", R"({"user":"ole","note":"I look"})", kByAlias));
  REQUIRE(acknowledged.said.size() == 1);
  CHECK(acknowledged.said[0].kind == Said::Kind::acknowledged);
  CHECK(acknowledged.said[0].key == kAlias);
  CHECK(acknowledged.said[0].by == "ole");
  CHECK(acknowledged.said[0].text == "I look");
  const Parsed noted = kSender.taken(about(kAlias, "/notes", R"({"note":"rain"})", kByAlias));
  REQUIRE(noted.said.size() == 1);
  CHECK(noted.said[0].kind == Said::Kind::noted);
  CHECK(noted.said[0].text == "rain");
  const Parsed both = kSender.taken(about(kAlias, "/close", R"({"note":"over"})", kByAlias));
  CHECK(both.alerts.size() == 1);
  REQUIRE(both.said.size() == 1);
  CHECK(both.said[0].text == "over");
  CHECK(kSender.only({"", "/v2/alerts/" + std::string(kAlias), "DELETE", {}, kByAlias}).status ==
        AlertStatus::resolved);
}

TEST_CASE("an alert without an alias is closed by the id that was handed out") {
  const Parsed created = kSender.taken({R"({"message":"Lamp out"})", "/v2/alerts"});
  REQUIRE(created.alerts.size() == 1);
  const auto answer =
      sources::Json::parse(kSender.answer(Kind::accepted, "/v2/alerts", created.reply).body);
  REQUIRE(answer);
  CHECK((*answer)["result"].is_text());
  CHECK((*answer)["took"].number());
  const std::string request_id = (*answer)["requestId"].text();
  const std::string status_path = "/v2/alerts/requests/" + request_id;
  const Parsed asked = kSender.taken({"", status_path, "GET"});
  CHECK(asked.alerts.empty());
  const HttpResponse told = kSender.answer(Kind::accepted, status_path, asked.reply, "GET");
  CHECK(told.status == 200);
  const auto status = sources::Json::parse(told.body);
  REQUIRE(status);
  CHECK((*status)["data"]["success"].truth());
  CHECK((*status)["data"]["isSuccess"].truth());
  const std::string id = (*status)["data"]["alertId"].text();
  for (const char* type : {"id", "tiny", ""})
    CHECK(kSender.only(about(id, "/close", "{}", {{"identifierType", type}})).key ==
          created.alerts[0].key);
  CHECK((*status)["data"]["alias"].text() == created.alerts[0].key);
}

TEST_CASE("ids are made of the alias and lead back to it") {
  for (const std::string alias : {"ferry/3 [nord]", "Fähre", "a", "~~~\?\?\?>>>", "tocsin-abc", "-",
                                  "43a29c5c-3dbf-4fa4-9c26-f4f71023e120"}) {
    INFO(alias);
    const std::string id = opsgenie_id(alias);
    CHECK(
        id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
        std::string::npos);
    CHECK(opsgenie_alias(id) == alias);
  }
  // What is none of ours is an alias.
  CHECK(opsgenie_alias("disk-db1") == "disk-db1");
  CHECK(opsgenie_alias("tocsin-not base64") == "tocsin-not base64");
}

TEST_CASE("what Opsgenie's senders ask besides is answered and changes nothing") {
  for (const char* action : {"unacknowledge", "snooze", "escalate", "assign", "tags", "details",
                             "responders", "teams", "actions/Restart"}) {
    INFO(action);
    const Parsed parsed = kSender.taken(about("x", std::string("/") + action));
    CHECK((parsed.alerts.empty() && parsed.said.empty()));
  }
  for (const char* part : {"message", "description", "priority"})
    CHECK(kSender.taken({"{}", std::string("/v2/alerts/x/") + part, "PUT"}).alerts.empty());
}

TEST_CASE("a ping of a heartbeat is a sign of life by any method") {
  for (const char* method : {"GET", "POST", "PUT", "PATCH"}) {
    const Parsed parsed = kSender.taken({"", "/v2/heartbeats/nightly backup/ping", method});
    CHECK(parsed.beats == std::vector<std::string>{"nightly backup"});
    CHECK(parsed.alerts.empty());
    const HttpResponse answer =
        kSender.answer(Kind::accepted, "/v2/heartbeats/nightly backup/ping", "", method);
    CHECK(answer.status == 202);
    CHECK_THAT(answer.body, Catch::Matchers::Contains("PONG - Heartbeat received"));
  }
}

TEST_CASE("Opsgenie's answers are the ones that its senders check") {
  CHECK(kSender.answer(Kind::accepted, "/v2/alerts", "a").status == 202);
  CHECK(kSender.answer(Kind::unusable, "/v2/alerts").status == 422);
  CHECK(kSender.answer(Kind::busy, "/v2/alerts").status == 503);
  const HttpResponse limited = kSender.answer(Kind::limited, "/v2/alerts");
  CHECK(limited.status == 429);
  CHECK(header_of(limited, "X-RateLimit-State") == "THROTTLED");
  CHECK_THAT(kSender.fault({"{}", "/v2/alerts"}), Catch::Matchers::Contains("message is missing"));
  CHECK(kSender.spec().key(Sender::request({"", "", "GET", {}, {{"apiKey", "k"}}})) == "k");
}

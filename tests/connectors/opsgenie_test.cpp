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

TEST_CASE("what tocsin's own channel sends to Opsgenie opens nothing and is refused") {
  const auto sent = [](const std::string& source, const std::string& alias) {
    return Sent{R"({"message":"m","source":")" + source + R"(","alias":")" + alias + "\"}",
                "/v2/alerts"};
  };
  const std::string alias = "tocsin-7zq4m2k9w1x3c5v8";
  CHECK(kSender.fault(sent("tocsin", alias)).find("channel webhook") != std::string::npos);
  CHECK(kSender.taken(sent("harbourwatch", alias)).alerts.size() == 1);
  CHECK(kSender.taken(sent("tocsin", "disk/tocsin-1")).alerts.size() == 1);
  kSender.fault(about(alias, "/close", R"({"source":"tocsin"})", kByAlias));
  CHECK(kSender.taken(about(alias, "/close", "{}", kByAlias)).alerts.size() == 1);
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
  for (const char* action :
       {"unacknowledge", "tags", "details", "responders", "teams", "actions/Restart"}) {
    INFO(action);
    const Parsed parsed = kSender.taken(about("x", std::string("/") + action));
    CHECK((parsed.alerts.empty() && parsed.said.empty()));
  }
  for (const char* part : {"message", "description", "priority"})
    CHECK(kSender.taken({"{}", std::string("/v2/alerts/x/") + part, "PUT"}).alerts.empty());
}

TEST_CASE("snooze and assign and escalate of Opsgenie say what a person would") {
  const auto said = [](const std::string& action, const std::string& body) {
    const Parsed parsed = kSender.taken(about(kAlias, action, body, kByAlias));
    CHECK(parsed.alerts.empty());
    REQUIRE(parsed.said.size() == 1);
    CHECK(parsed.said[0].key == kAlias);
    CHECK(parsed.said[0].by == "ole");
    return parsed.said[0];
  };
  const Said snoozed =
      said("/snooze", R"({"endTime":"2026-11-22T03:52:43.604Z","user":"ole","note":"low tide"})");
  CHECK(snoozed.kind == Said::Kind::snoozed);
  CHECK(snoozed.length == std::chrono::hours(2));
  CHECK(snoozed.text == "low tide");
  for (const char* owner : {R"({"username":"ada@example.com"})", R"({"name":"ada@example.com"})",
                            R"({"id":"ada@example.com"})", R"("ada@example.com")"}) {
    INFO(owner);
    const Said assigned =
        said("/assign", R"({"owner":)" + std::string(owner) + R"(,"user":"ole"})");
    CHECK(assigned.kind == Said::Kind::assigned);
    CHECK(assigned.to == "ada@example.com");
  }
  CHECK(said("/escalate", R"({"escalation":{"name":"night"},"user":"ole"})").kind ==
        Said::Kind::escalated);
  for (const char* wrong :
       {"{}", R"({"endTime":"tomorrow"})", R"({"endTime":"2026-11-22T01:52:43Z"})"})
    CHECK_THAT(kSender.fault(about(kAlias, "/snooze", wrong)),
               Catch::Matchers::StartsWith("endTime is missing or no time to come"));
  CHECK_THAT(kSender.fault(about(kAlias, "/assign", R"({"owner":{}})")),
             Catch::Matchers::StartsWith("owner is missing"));
}

TEST_CASE("an alert is shown as Opsgenie shows it by whichever identifier it is asked for") {
  for (const auto& [identifier, type] :
       {std::pair(std::string(kAlias), "alias"), std::pair(opsgenie_id(kAlias), "id"),
        std::pair(opsgenie_id(kAlias), "tiny"), std::pair(opsgenie_id(kAlias), "")}) {
    INFO(identifier << " " << type);
    const Parsed asked =
        kSender.taken({"", "/v2/alerts/" + identifier, "GET", {}, {{"identifierType", type}}});
    CHECK(asked.asks == kAlias);
    CHECK((asked.alerts.empty() && asked.said.empty()));
  }
  KnownAlert known;
  known.alert = kSender.only({fixture("opsgenie/create.json"), "/v2/alerts/"});
  known.count = 3;
  known.heard = kNow;
  known.severity = Severity::critical;
  known.open = true;
  const auto shown = [&] {
    IngestOutcome outcome;
    outcome.method = "GET";
    outcome.path = "/v2/alerts/x";
    outcome.known = known;
    const HttpResponse answer = kSender.spec().answer(outcome);
    CHECK(answer.status == 200);
    auto json = sources::Json::parse(answer.body);
    REQUIRE(json);
    CHECK((*json)["requestId"].is_text());
    return (*json)["data"];
  };
  const sources::Json open = shown();
  CHECK(open["id"].text() == opsgenie_id(kAlias));
  CHECK(open["alias"].text() == kAlias);
  CHECK(open["message"].text() == "Ferry 3 is late");
  CHECK(open["status"].text() == "open");
  CHECK(open["acknowledged"].text() == "false");
  CHECK(open["snoozed"].text() == "false");
  CHECK(open["priority"].text() == "P1");
  CHECK(open["count"].text() == "3");
  CHECK(open["tags"].items().size() == 3);
  CHECK(open["entity"].text() == "ferry-3");
  CHECK(open["details"]["minutes"].text() == "40");
  CHECK(open["details"]["alertname"].is_null());
  CHECK(open["lastOccurredAt"].text() == format_rfc3339(kNow));

  known.acknowledged_at = known.alert.starts_at + std::chrono::seconds(3);
  known.acknowledged_by = "ole";
  known.snoozed_until = kNow + std::chrono::hours(1);
  const sources::Json snoozed = shown();
  CHECK(snoozed["acknowledged"].text() == "true");
  CHECK(snoozed["snoozed"].text() == "true");
  CHECK(snoozed["snoozedUntil"].text() == format_rfc3339(*known.snoozed_until));
  CHECK(snoozed["owner"].text() == "ole");
  CHECK(snoozed["report"]["ackTime"].text() == "3000");
  CHECK(snoozed["report"]["acknowledgedBy"].text() == "ole");

  known.open = false;
  known.resolved_at = known.alert.starts_at + std::chrono::seconds(9);
  known.resolved_by = "ada";
  const sources::Json closed = shown();
  CHECK(closed["status"].text() == "closed");
  CHECK(closed["acknowledged"].text() == "false");
  CHECK(closed["report"]["closedBy"].text() == "ada");

  const HttpResponse nothing = kSender.answer(Kind::accepted, "/v2/alerts/x", "", "GET");
  CHECK(nothing.status == 404);
  CHECK_THAT(nothing.body, Catch::Matchers::Contains("Alert does not exist"));
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

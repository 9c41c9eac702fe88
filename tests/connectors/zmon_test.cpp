#include "connectors/sources/zmon_name.hpp"
#include "tests/connectors/source_requests.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;

namespace {

const Sender kSender{"zmon"};
constexpr const char* kKey = "812:gate-4:80[hall:b]";

std::string ended() {
  std::string body = fixture("zmon/started.json");
  return body.replace(body.find("\"is_alert\":true"), 15, "\"is_alert\":false");
}

}  // namespace

TEST_CASE("an alert of ZMON is known by its definition and its entity") {
  const Alert alert = kSender.only({fixture("zmon/started.json")});
  CHECK(alert.key == kKey);
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.labels ==
        Fields({{"alert_id", "812"},
                {"alertname", "Few tickets/m: {share:.1f}% on {entities} ({unknown})"},
                {"application", "gates"},
                {"check_id", "55"},
                {"entity", "gate-4:80[hall:b]"},
                {"entity_type", "instance"},
                {"environment", "live"},
                {"host", "gate-4"},
                {"service", "gates"},
                {"severity", "1"},
                {"tags", "tickets,sales"},
                {"team", "Trains/Tickets"}}));
  CHECK(alert.annotations.get("summary") ==
        "Few tickets/m: 80.0% on gate-4:80[hall:b] ({unknown})");
  CHECK(alert.annotations.get("value") == R"({"now":12.5})");
  CHECK(alert.starts_at == WallTime(std::chrono::milliseconds(1795312240250)));
}

TEST_CASE("all of ZMON's calls give the same alert the same key") {
  CHECK(kSender.only({ended()}).status == AlertStatus::resolved);
  CHECK(kSender.only({ended()}).key == kKey);
  const Alert pushed = kSender.only({fixture("zmon/push_ended.json"), "/api/v1/publish"});
  CHECK(pushed.status == AlertStatus::resolved);
  CHECK(pushed.key == kKey);
  const Alert called = kSender.only({fixture("zmon/call_started.json"), "/api/v1/twilio"});
  CHECK(called.status == AlertStatus::firing);
  CHECK(called.key == kKey);
  CHECK(called.labels.get("alertname") == "Few tickets/m on gate-4");
  CHECK(called.labels.get("team") == "Trains/Tickets");
}

TEST_CASE("a text of Hubot's is known by its name and its entity") {
  const Alert alert = kSender.only({fixture("zmon/hubot.form")});
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.labels.get("alertname") == "Few tickets: 79.9%");
  CHECK(alert.labels.get("entity") == "gate-4");
  const Alert over = kSender.only({"event=e&data=ALERT+ENDED%3A+Few+tickets%3A+99%25+on+gate-4"});
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == alert.key);
  CHECK(kSender.only({"event=e&data=NEW+ALERT%3A+Few+tickets%3A+9%25+on+gate-5"}).key != alert.key);
}

TEST_CASE("a body of one's own says nothing of a state and alerts nobody") {
  for (const char* body : {"null", R"({"zmon":true,"msg":"hello"})", R"({"alert":null,"body":{}})",
                           R"({"alert_id":1})", "event=e&data="}) {
    const Parsed parsed = kSender.taken({body});
    CHECK((parsed.alerts.empty() && parsed.rejected.empty()));
  }
  CHECK_FALSE(kSender.fault({"some text"}).empty());
  CHECK_FALSE(kSender.fault({""}).empty());
}

TEST_CASE("a failed check and numbers that are none do not hide the alert") {
  const Alert alert = kSender.only(
      {R"({"alert":{"is_alert":1,"alert_def":{"id":3,"name":"A {x:.2f} {y:.2f}","tags":null},"entity":{"id":"e"},)"
       R"("value":{"exc":1,"value":"timed out","list":[NaN]},"captures":{"exception":"E","x":"n/a"}}})"});
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.annotations.get("summary") == "A n/a {y:.2f}");
  CHECK(alert.annotations.get("exception") == "E");
  CHECK(alert.annotations.get("value") == "timed out");
}

TEST_CASE("the preshared key of ZMON's push is the integration's") {
  CHECK(kSender.spec().key(Sender::request(
            {"", "/api/v1/publish", "POST", {{"authorization", "PreShared k3y"}}})) == "k3y");
  CHECK(kSender.spec()
            .key(Sender::request({"", "", "POST", {{"authorization", "Other k3y"}}}))
            .empty());
  CHECK(kSender.answer(Kind::accepted).status == 200);
}

#include "connectors/channels/message_json.hpp"
#include "connectors/sources/alert_fields.hpp"
#include "tests/connectors/notification.hpp"
#include "tests/connectors/source_requests.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;

namespace {

const Sender kSender{"generic"};
const Sender kMapped{"generic",
                     {{"map.alerts", "/events"},
                      {"map.key", "/check/id"},
                      {"map.title", "check/name"},
                      {"map.status", "/check/result"},
                      {"map.resolved_when", "passing, muted"},
                      {"map.labels.service", "/check/app"},
                      {"map.labels.place", "/where/0"},
                      {"map.annotations.summary", "/output"}}};

}  // namespace

TEST_CASE("tocsin's own shape says all of an alert") {
  const Alert alert = kSender.only({fixture("generic/own.json")});
  CHECK(alert.key == "harvest/7");
  CHECK(alert.labels == Fields({{"alertname", "Harvester stands"},
                                {"host", "harvester-7"},
                                {"service", "harvest"},
                                {"severity", "High"},
                                {"team", "fields"}}));
  CHECK(alert.annotations.get("summary") == "no signal for 8 minutes");
  CHECK(alert.annotations.get("description") == "field 7");
  CHECK(alert.annotations.get("log") == "https://farm.example/log/7");
  CHECK(alert.annotations.get("battery") == R"({"v":11.9})");
  CHECK(alert.starts_at == WallTime(std::chrono::milliseconds(1795312000123)));
  CHECK(alert.ends_at == kNow + std::chrono::hours(24));
  CHECK(alert.generator_url == "https://farm.example/7");
}

TEST_CASE("with a map the alerts of a stranger are found by pointers and nothing is guessed") {
  const Parsed parsed = kMapped.taken({fixture("generic/foreign.json")});
  REQUIRE(parsed.alerts.size() == 2);
  CHECK(parsed.alerts[0].key == "soil-3");
  CHECK(parsed.alerts[0].status == AlertStatus::firing);
  CHECK(parsed.alerts[0].labels ==
        Fields({{"alertname", "Soil too dry"}, {"place", "east"}, {"service", "irrigation"}}));
  CHECK(parsed.alerts[0].annotations.size() == 1);
  CHECK(parsed.alerts[0].annotations.get("summary") == "moisture 4 %");
  CHECK(parsed.alerts[1].status == AlertStatus::resolved);
  CHECK(parsed.alerts[1].key == "soil-4");
  // A pointer that leads nowhere loses no page.
  const Parsed other = kMapped.taken({R"({"events":[{"x":1}]})"});
  REQUIRE(other.alerts.size() == 1);
  CHECK(other.alerts[0].labels.get("alertname") == "generic");
}

TEST_CASE("a mapped status may be a boolean") {
  const Sender sender{"generic", {{"map.status", "/bad"}, {"map.title", "/t"}}};
  CHECK(sender.only({R"({"t":"a","bad":true})"}).status == AlertStatus::firing);
  CHECK(sender.only({R"({"t":"a","bad":false})"}).status == AlertStatus::resolved);
}

TEST_CASE("whatever form a request has is read as what it is") {
  const auto title = [](const Sent& sent) {
    return std::string(kSender.only(sent).labels.get("alertname"));
  };
  CHECK(title({R"({"title":"Door open"})"}) == "Door open");
  CHECK(title({"\xEF\xBB\xBF{\"message\":\"Door open\"}"}) == "Door open");
  CHECK(title({"title=Door+open&host=gate"}) == "Door open");
  CHECK(title({"payload=%7B%22title%22%3A%22Door+open%22%7D"}) == "Door open");
  CHECK(title({"Door open\nat 3 = noon"}) == "Door open");
  CHECK(title({"\"Door open\""}) == "Door open");
  CHECK(title({"--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nDoor open\r\n--x--",
               "",
               "POST",
               {{"content-type", "multipart/form-data; boundary=x"}}}) == "Door open");
  CHECK(title({"", "", "GET", {}, {{"title", "Door open"}, {"key", "SECRET"}}}) == "Door open");
  CHECK(kSender.taken({"{\"title\":\"a\"}\n{\"title\":\"b\"}\n"}).alerts.size() == 2);
  CHECK(kSender.taken({R"([{"title":"a"},{"title":"b"}])"}).alerts.size() == 2);
  CHECK(kSender.taken({R"({"alerts":[{"title":"a"},{"title":"b"}]})"}).alerts.size() == 2);
}

TEST_CASE("the integration's key in a query never becomes a part of the alert") {
  const Alert alert =
      kSender.only({"", "", "GET", {}, {{"title", "a"}, {"key", "SECRET"}, {"dedup_key", "door"}}});
  CHECK(alert.key == "door");
  for (const Fields& fields : {alert.labels, alert.annotations})
    for (const auto& [name, value] : fields) CHECK(value != "SECRET");
}

TEST_CASE("the words of a status fire and end and acknowledge") {
  const auto with = [](const std::string& members) {
    return kSender.taken({R"({"title":"a","key":"k",)" + members + "}"});
  };
  for (const char* over :
       {R"("status":"OK")", R"("state":"resolved")", R"("action":"close")",
        R"("event_action":"resolve")", R"("resolved":true)", R"("is_alert":false)"})
    CHECK(with(over).alerts.at(0).status == AlertStatus::resolved);
  for (const char* firing : {R"("status":"alerting")", R"("status":"whatever")", R"("status":3)",
                             R"("resolved":false)", R"("is_alert":true)"})
    CHECK(with(firing).alerts.at(0).status == AlertStatus::firing);
  const Parsed acknowledged = with(R"("status":"acknowledged")");
  CHECK(acknowledged.alerts.empty());
  REQUIRE(acknowledged.said.size() == 1);
  CHECK(acknowledged.said[0].key == "k");
}

TEST_CASE("without a key the title and the labels are it and the severity is not") {
  const auto key = [](const std::string& body) { return kSender.only({body}).key; };
  const std::string first = key(R"({"title":"a","host":"h","severity":"warning","value":1})");
  CHECK(key(R"({"title":"a","host":"h","severity":"critical","value":2,"status":"ok"})") == first);
  CHECK(key(R"({"title":"a","host":"i"})") != first);
  CHECK(key(R"({"title":"b","host":"h"})") != first);
}

TEST_CASE("without a key it is the fingerprint of the labels and the same in every process") {
  for (const std::size_t length : {1u, 40u, 3'000u}) {
    const Alert alert = kSender.only(
        {R"({"title":")" + std::string(length, 'a') + R"(","host":"h","severity":"warning"})"});
    std::vector<Fields::Pair> pairs = alert.labels.pairs();
    std::erase_if(pairs, [](const Fields::Pair& pair) { return pair.first == "severity"; });
    CHECK(alert.key == sources::fingerprint(Fields(std::move(pairs))));
  }
}

TEST_CASE("good alerts of a generic request are kept beside bad ones") {
  const Parsed parsed = kSender.taken({R"([{"title":"a"},7,{},{"title":"b"}])"});
  CHECK(parsed.alerts.size() == 2);
  REQUIRE(parsed.rejected.size() == 2);
  CHECK(parsed.rejected[0].index == 1);
  CHECK(parsed.rejected[1].index == 2);
  IngestOutcome partly{Kind::partly, parsed.rejected, {}};
  partly.reply = "\"k\"";
  CHECK(
      kSender.spec().answer(partly).body ==
      R"({"status":"accepted","keys":["k"],"rejected":2,"detail":"alert 1: it is neither an object nor text; alert 2: it is empty; say at least what happened in title"})");
}

TEST_CASE("what cannot be read at all is refused with the place") {
  CHECK_THAT(kSender.fault({"{\"title\": }"}), Catch::Matchers::Contains("not JSON"));
  CHECK_THAT(kSender.fault({""}), Catch::Matchers::Contains("neither a body nor a query"));
  CHECK(kSender.answer(Kind::limited).status == 429);
  CHECK(kSender.only({R"({"foo":"bar"})"}).labels.get("alertname") == "generic");
}

TEST_CASE("the integration's key may be called token in the query and is no part of the alert") {
  const Sent sent{"", "", "GET", {}, {{"token", "k-7"}, {"summary", "Door open"}}};
  REQUIRE(kSender.spec().key);
  CHECK(kSender.spec().key(Sender::request(sent)) == "k-7");
  CHECK(kSender.spec().key(Sender::request({R"({"token":"k-7"})"})).empty());
  const Alert alert = kSender.only(sent);
  for (const Fields& fields : {alert.labels, alert.annotations})
    for (const auto& [name, value] : fields.pairs()) CHECK(value != "k-7");
}

TEST_CASE("what tocsin's webhook posts is read by the map of the page for another tocsin") {
  const Sender other{"generic",
                     {{"map.key", "/incident/id"},
                      {"map.title", "/title"},
                      {"map.status", "/type"},
                      {"map.resolved_when", "resolved, drill_resolved, drill_paused"},
                      {"map.severity", "/incident/severity"},
                      {"map.url", "/console_url"},
                      {"map.labels.service", "/incident/service"}}};
  Notification page = sample_notification();
  page.incident_json = R"({"id":"7zq4m2k9","severity":"critical","service":"checkout"})";
  const Alert fires = other.only({channels::message_json(page, false)});
  CHECK(fires.status == AlertStatus::firing);
  CHECK(fires.key == "7zq4m2k9");
  CHECK(fires.labels == Fields({{"alertname", "HighErrorRate: checkout"},
                                {"service", "checkout"},
                                {"severity", "critical"}}));
  CHECK(fires.generator_url == page.console_url);
  page.kind = MessageKind::resolved;
  const Alert over = other.only({channels::message_json(page, false)});
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == fires.key);
}

TEST_CASE("generic: a time that is no number and none either is not heard") {
  const Sender sender{"generic"};
  for (const char* time : {"nan", "-nan", "inf", "1e999", "1e400", "-1e9"}) {
    INFO(time);
    const Alert alert =
        sender.only({R"({"title":"Disk full","starts_at":")" + std::string(time) + "\"}"});
    CHECK(alert.starts_at == sender.now);
  }
}

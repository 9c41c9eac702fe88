#include "connectors/sources/payload.hpp"
#include "tests/connectors/source_requests.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;

namespace {

const Sender kSender{"pagerduty"};
constexpr const char* kV1 = "/generic/2010-04-15/create_event.json";

Parsed event(const std::string& members) {
  return kSender.taken({"{" + members + "}", "/v2/enqueue"});
}

}  // namespace

TEST_CASE("a trigger of PagerDuty's API is an alert by its dedup key") {
  const Alert alert = kSender.only({fixture("pagerduty/trigger.json"), "/v2/enqueue"});
  CHECK(alert.key == "loans/queue");
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.labels == Fields({{"alertname", "Loans wait for 9 minutes"},
                                {"class", "latency"},
                                {"component", "queue"},
                                {"group", "loans"},
                                {"service", "loans"},
                                {"severity", "critical"},
                                {"source", "loans-2.library.example"}}));
  CHECK(alert.annotations.get("load avg") == "0.75");
  CHECK(alert.annotations.get("tried") == R"(["a","b"])");
  CHECK(alert.annotations.get("runbook") == "https://library.example/runbook");
  CHECK(alert.starts_at == *parse_rfc3339("2026-11-22T01:42:58.315Z"));
  CHECK(alert.generator_url == "https://shelfwatch.library.example/1");
}

TEST_CASE("resolve and acknowledge need no payload and say which alert") {
  const Parsed resolved = event(R"("event_action":"resolve","dedup_key":"loans/queue")");
  REQUIRE(resolved.alerts.size() == 1);
  CHECK(resolved.alerts[0].status == AlertStatus::resolved);
  CHECK(resolved.alerts[0].key == "loans/queue");
  const Parsed acknowledged =
      event(R"("event_action":"Acknowledge","dedup_key":"loans/queue","client":"Shelfwatch")");
  CHECK(acknowledged.alerts.empty());
  REQUIRE(acknowledged.said.size() == 1);
  CHECK(acknowledged.said[0].kind == Said::Kind::acknowledged);
  CHECK(acknowledged.said[0].key == "loans/queue");
  CHECK(acknowledged.said[0].by == "Shelfwatch");
}

TEST_CASE("a key too long to keep is the same one for trigger and acknowledge") {
  const std::string key(2'000, 'k');
  const Parsed fired =
      event(R"("event_action":"trigger","payload":{"summary":"s"},"dedup_key":")" + key + "\"");
  const Parsed said = event(R"("event_action":"acknowledge","dedup_key":")" + key + "\"");
  CHECK(fired.alerts.at(0).key.size() <= sources::kMostKeyBytes);
  CHECK(said.said.at(0).key == fired.alerts[0].key);
}

TEST_CASE("a trigger without a key is an alert of its own whose key is answered") {
  const Sent sent{R"({"event_action":"trigger","payload":{"summary":"s","source":"x"}})",
                  "/v2/enqueue"};
  const Parsed first = kSender.taken(sent);
  REQUIRE(first.alerts.size() == 1);
  CHECK(first.alerts[0].key.size() == 36);
  CHECK(first.reply == first.alerts[0].key);
  Sender later = kSender;
  later.now += std::chrono::milliseconds(1);
  CHECK(later.taken(sent).reply != first.reply);
  CHECK(kSender.answer(Kind::accepted, "/v2/enqueue", first.reply).body ==
        R"({"status":"success","message":"Event processed","dedup_key":")" + first.reply + "\"}");
}

TEST_CASE("a change event alerts nobody and is answered without a key") {
  const Parsed parsed = kSender.taken({fixture("pagerduty/change.json"), "/v2/change/enqueue"});
  CHECK(parsed.alerts.empty());
  CHECK(parsed.said.empty());
  const HttpResponse answer = kSender.answer(Kind::accepted, "/v2/change/enqueue");
  CHECK(answer.status == 202);
  CHECK(answer.body == R"({"status":"success","message":"Change event processed"})");
}

TEST_CASE("what tocsin's own channel sends to PagerDuty opens nothing and is refused") {
  const auto sent = [](const std::string& action, const std::string& client,
                       const std::string& key) {
    return Sent{R"({"routing_key":"r","event_action":")" + action + R"(","client":")" + client +
                    R"(","dedup_key":")" + key +
                    R"(","payload":{"summary":"s","source":"tocsin","severity":"error"}})",
                "/v2/enqueue"};
  };
  for (const char* action : {"trigger", "resolve", "acknowledge"}) {
    INFO(action);
    const std::string why = kSender.fault(sent(action, "tocsin", "tocsin-7zq4m2k9w1x3c5v8"));
    CHECK(why.find("channel webhook") != std::string::npos);
  }
  CHECK(kSender.taken(sent("trigger", "Grafana", "tocsin-7zq4m2k9w1x3c5v8")).alerts.size() == 1);
  CHECK(kSender.taken(sent("trigger", "tocsin", "disk/tocsin-1")).alerts.size() == 1);
}

TEST_CASE("version 1 of PagerDuty's API says the same in its own words") {
  const Alert alert = kSender.only({fixture("pagerduty/v1_trigger.json"), kV1});
  CHECK(alert.key == "loans/http");
  CHECK(alert.labels == Fields({{"alertname", "HTTP of loans-1 fails"}, {"host", "loans-1"}}));
  CHECK(alert.annotations.get("ping") == "1500ms");
  CHECK(kSender.only({R"({"event_type":"resolve","incident_key":"loans/http"})", kV1}).status ==
        AlertStatus::resolved);
  const HttpResponse answer = kSender.answer(Kind::accepted, kV1, "loans/http");
  CHECK(answer.status == 200);
  CHECK(answer.body ==
        R"({"status":"success","message":"Event processed","incident_key":"loans/http"})");
  CHECK(kSender.answer(Kind::limited, kV1).status == 503);
  CHECK(kSender.answer(Kind::limited, "/v2/enqueue").status == 429);
}

TEST_CASE("the key of PagerDuty's senders is in the body or in the path") {
  const auto key = [](const std::string& body, const std::string& path = "/v2/enqueue") {
    return kSender.spec().key(Sender::request({body, path}));
  };
  CHECK(key(fixture("pagerduty/trigger.json")) == "key-of-the-library");
  CHECK(key(fixture("pagerduty/v1_trigger.json"), kV1) == "key-of-the-library");
  CHECK(key("{}", "/integration/k1/enqueue") == "k1");
  CHECK(key("{}", "/in/pd/x-ere/k2") == "k2");
  CHECK(key("{}").empty());
  CHECK(key("no json").empty());
  // Of a stranger's body no more is read than an event may have.
  const auto padded = [&](std::size_t size) {
    std::string body = R"({"routing_key":"k","padding":")";
    body.append(size - body.size() - 2, 'x');
    return body + "\"}";
  };
  CHECK(key(padded(1u << 20)) == "k");
  CHECK(key(padded((1u << 20) + 1)).empty());
}

TEST_CASE("an event that says nothing to do is refused in PagerDuty's words") {
  CHECK_THAT(kSender.fault({R"({"payload":{"summary":"s"}})", "/v2/enqueue"}),
             Catch::Matchers::Contains("event_action is missing"));
  CHECK_THAT(kSender.fault({R"({"event_action":"resolve"})", "/v2/enqueue"}),
             Catch::Matchers::Contains("dedup_key is missing"));
  CHECK_THAT(kSender.fault({R"({"event_type":"acknowledge"})", kV1}),
             Catch::Matchers::Contains("incident_key is missing"));
  const HttpResponse answer = kSender.answer(Kind::unusable, "/v2/enqueue");
  CHECK(answer.status == 400);
  CHECK(
      answer.body ==
      R"({"status":"invalid event","message":"Event object is invalid","errors":["a \"fault\""]})");
  // A page without a summary is better than none.
  CHECK(event(R"("event_action":"trigger","dedup_key":"k","payload":7)").alerts.size() == 1);
}

#include "tests/connectors/source_requests.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;

namespace {

const Sender kSender{"cloudevents"};

Sent structured(const std::string& body) {
  return {body, "", "POST", {{"content-type", "application/cloudevents+json; charset=utf-8"}}};
}

Sent with_type(const std::string& type, const std::string& more = "") {
  return structured(R"({"specversion":"1.0","id":"1","source":"/b","subject":"s","type":")" + type +
                    "\"" + more + "}");
}

}  // namespace

TEST_CASE("a structured event is an alert of its source and subject") {
  const Alert alert = kSender.only(structured(fixture("cloudevents/structured.json")));
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.labels == Fields({{"alertname", "Vat too warm"},
                                {"service", "fermentation"},
                                {"severity", "critical"},
                                {"source", "/brewery/vat-2"},
                                {"subject", "temperature"},
                                {"type", "example.brew.alert"},
                                {"zone", "cellar"}}));
  CHECK(alert.annotations.get("summary") == "31 degrees");
  CHECK(alert.annotations.get("sequence") == "42");
  CHECK_FALSE(alert.annotations.find("traceparent"));
  CHECK(alert.starts_at == *parse_rfc3339("2026-11-22T01:50:02.123Z"));
}

TEST_CASE("the last word of a type tells the state and is no part of the key") {
  const Alert firing = kSender.only(with_type("example.alert.firing"));
  const Alert resolved = kSender.only(with_type("example.alert.resolved"));
  CHECK(firing.status == AlertStatus::firing);
  CHECK(resolved.status == AlertStatus::resolved);
  CHECK(firing.key == resolved.key);
  CHECK(kSender.only(with_type("example.alert.v2")).key != firing.key);
  CHECK(kSender.only(with_type("example.alert.firing", R"(,"data":{"status":"ok"})")).status ==
        AlertStatus::resolved);
  const Parsed said = kSender.taken(with_type("example.alert.acknowledged"));
  REQUIRE(said.said.size() == 1);
  CHECK(said.said[0].key == firing.key);
}

TEST_CASE("good events of a batch are kept beside bad ones") {
  const Parsed parsed = kSender.taken({fixture("cloudevents/batch.json"),
                                       "",
                                       "POST",
                                       {{"content-type", "application/cloudevents-batch+json"}}});
  REQUIRE(parsed.alerts.size() == 2);
  CHECK(parsed.alerts[0].key == parsed.alerts[1].key);
  CHECK(parsed.alerts[1].status == AlertStatus::resolved);
  REQUIRE(parsed.rejected.size() == 2);
  CHECK(parsed.rejected[0].index == 1);
  CHECK_THAT(parsed.rejected[0].what, Catch::Matchers::Contains("it has no id"));
  CHECK(parsed.rejected[1].index == 3);
  CHECK(kSender.taken(structured("[]")).alerts.empty());
}

TEST_CASE("a binary event has its attributes in headers and its data in the body") {
  const Alert alert = kSender.only({R"({"title":"Vat too warm","host":"vat-2"})",
                                    "",
                                    "POST",
                                    {{"ce-specversion", "1.0"},
                                     {"ce-id", "b-2"},
                                     {"ce-source", "/brewery/vat-2"},
                                     {"ce-type", "example.brew.alert.firing"},
                                     {"ce-subject", "\"temp%20one+two %C3%A4\""},
                                     {"content-type", "application/json"}}});
  CHECK(alert.labels.get("alertname") == "Vat too warm");
  CHECK(alert.labels.get("host") == "vat-2");
  CHECK(alert.labels.get("subject") == "temp one+two ä");
  const Alert text = kSender.only(
      {"it boils",
       "",
       "POST",
       {{"ce-specversion", "1.0"}, {"ce-id", "b-3"}, {"ce-source", "/b"}, {"ce-type", "boil"}}});
  CHECK(text.annotations.get("data") == "it boils");
}

TEST_CASE("binary data in base 64 is read where it is JSON or text") {
  const Alert alert =
      kSender.only(with_type("x.firing", R"(,"data_base64":"eyJ0aXRsZSI6IkhvdCJ9")"));
  CHECK(alert.labels.get("alertname") == "Hot");
  const Parsed both = kSender.taken(with_type("x", R"(,"data":1,"data_base64":"MQ==")"));
  CHECK(both.alerts.empty());
  CHECK(both.rejected.size() == 1);
}

TEST_CASE("a map says where the parts of an event are") {
  const Sender sender{"cloudevents",
                      {{"map.key", "/subject"},
                       {"map.title", "/data/title"},
                       {"map.status", "/data/status"},
                       {"map.labels.service", "/data/service"}}};
  const Alert alert = sender.only(structured(fixture("cloudevents/structured.json")));
  CHECK(alert.key == "temperature");
  CHECK(alert.labels == Fields({{"alertname", "Vat too warm"}, {"service", "fermentation"}}));
}

TEST_CASE("the question before the first delivery is answered with permission") {
  const Parsed parsed =
      kSender.taken({"", "", "OPTIONS", {{"webhook-request-origin", "events.example.com"}}});
  CHECK(parsed.alerts.empty());
  const HttpResponse answer = kSender.answer(Kind::accepted, "", parsed.reply, "OPTIONS");
  CHECK(answer.status == 200);
  CHECK(header_of(answer, "WebHook-Allowed-Origin") == "events.example.com");
  CHECK(header_of(answer, "WebHook-Allowed-Rate") == "*");
  CHECK(header_of(answer, "Allow") == "POST");
  CHECK(kSender.answer(Kind::accepted).status == 204);
}

TEST_CASE("what is no event in JSON is refused") {
  CHECK_THAT(kSender.fault({"x", "", "POST", {{"content-type", "application/cloudevents+avro"}}}),
             Catch::Matchers::Contains("cloudevents+json"));
  CHECK_THAT(kSender.fault(structured("7")), Catch::Matchers::Contains("neither an event"));
  CHECK(kSender.spec().key(Sender::request({"", "", "POST", {}, {{"access_token", "k"}}})) == "k");
}

#include "router/core/digest.hpp"
#include "tests/connectors/source_requests.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;

namespace {

const Sender kSender{"grafana"};
constexpr const char* kBody = R"({"alerts":[]})";

}  // namespace

TEST_CASE("an alert of Grafana keeps its fingerprint and its links") {
  const Alert alert = kSender.only({fixture("grafana/firing.json")});
  CHECK(alert.key == "e1d2c3b4a5968778");
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.labels.get("grafana_folder") == "Works");
  CHECK(alert.generator_url == "https://grafana.works.example/?orgId=4");
  CHECK(alert.annotations.get("panel") == "https://grafana.works.example/d/kilns?viewPanel=2");
  CHECK(alert.annotations.get("dashboard") == "https://grafana.works.example/d/kilns");
  CHECK(alert.annotations.get("grafana_values") == "[ var='A' labels={kiln=3} value=1311.5 ]");
  CHECK(alert.starts_at == *parse_rfc3339("2026-11-22T01:40:00Z"));
  CHECK(kSender.only({fixture("grafana/firing.json"), "", "PUT"}).key == alert.key);
}

TEST_CASE("Grafana's test button pages nobody") {
  const Parsed parsed = kSender.taken({fixture("grafana/test_button.json")});
  CHECK(parsed.alerts.empty());
  CHECK(parsed.rejected.empty());
}

TEST_CASE("legacy alerting of Grafana is one alert a rule") {
  std::string body = fixture("grafana/legacy_alerting.json");
  const Alert firing = kSender.only({body});
  CHECK(firing.key == "rule:1:38");
  CHECK(firing.labels ==
        Fields({{"alertname", "Glaze low"}, {"severity", "warning"}, {"team", "glazing"}}));
  CHECK(firing.annotations.get("values") == "glaze {line=b}=97.25, glaze {line=c}=");
  const auto with_state = [&](const std::string& state) {
    std::string other = body;
    other.replace(other.find("\"alerting\""), 10, "\"" + state + "\"");
    return kSender.taken({other});
  };
  REQUIRE(with_state("ok").alerts.size() == 1);
  CHECK(with_state("ok").alerts[0].status == AlertStatus::resolved);
  CHECK(with_state("ok").alerts[0].key == firing.key);
  REQUIRE(with_state("no_data").alerts.size() == 1);
  CHECK(with_state("no_data").alerts[0].status == AlertStatus::firing);
  CHECK(with_state("paused").alerts.empty());
  CHECK(with_state("pending").alerts.empty());
  CHECK(kSender.taken({R"({"ruleId":0,"orgId":0,"state":"alerting","ruleName":"Test"})"})
            .alerts.empty());
}

TEST_CASE("with a secret what is not signed by Grafana is refused") {
  const Sender sender{"grafana", {{"secret", "s3cret-of-the-kiln"}}};
  const std::string right = hex(hmac_sha256("s3cret-of-the-kiln", kBody));
  const auto signed_by = [](const std::string& signature) {
    return Sent{kBody, "", "POST", {{"x-grafana-alerting-signature", signature}}};
  };
  CHECK(sender.taken(signed_by(right)).alerts.empty());
  CHECK_THAT(sender.fault({kBody}), Catch::Matchers::Contains("is missing"));
  for (const std::string& wrong :
       {hex(hmac_sha256("other", kBody)), right.substr(1), std::string("x")}) {
    const std::string fault = sender.fault(signed_by(wrong));
    CHECK_THAT(fault, Catch::Matchers::Contains("does not match"));
    CHECK(fault.find("s3cret") == std::string::npos);
    CHECK(fault.find(right) == std::string::npos);
  }
}

TEST_CASE("a signed timestamp of Grafana is good for ten minutes") {
  const Sender sender{
      "grafana",
      {{"secret", "s3cret"}, {"timestamp_header", "X-Time"}, {"signature_header", "X-Sig"}}};
  const auto sent_at = [](std::int64_t seconds) {
    const std::string stamp = std::to_string(seconds);
    return Sent{kBody,
                "",
                "POST",
                {{"x-time", stamp}, {"x-sig", hex(hmac_sha256("s3cret", stamp + ":" + kBody))}}};
  };
  const std::int64_t now =
      std::chrono::floor<std::chrono::seconds>(kNow).time_since_epoch().count();
  CHECK(sender.taken(sent_at(now - 599)).alerts.empty());
  CHECK_THAT(sender.fault(sent_at(now - 700)), Catch::Matchers::Contains("compare the clocks"));
  CHECK_THAT(sender.fault(sent_at(now + 700)), Catch::Matchers::Contains("compare the clocks"));
  CHECK_THAT(sender.fault({kBody, "", "POST", {{"x-sig", "0"}}}),
             Catch::Matchers::Contains("X-Time"));
}

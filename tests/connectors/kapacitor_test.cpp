#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

TEST_CASE("an alert of Kapacitor fires and ends under its id", "[kapacitor]") {
  const To kapacitor{"kapacitor"};
  const std::string body = fixture("kapacitor/critical.json");
  const Alert alert = kapacitor.only(body);
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "cpu:host=web-1");
  CHECK(alert.labels == Fields({{"alertname", "cpu:host=web-1"},
                                {"host", "web-1"},
                                {"cpu", "total"},
                                {"measurement", "cpu"},
                                {"severity", "CRITICAL"}}));
  CHECK(alert.annotations.get("summary") == "cpu:host=web-1 is CRITICAL");
  CHECK(alert.starts_at == at("2026-11-22T01:51:00Z"));
  const Alert over = kapacitor.only(with(body, "\"level\": \"CRITICAL\"", "\"level\": \"OK\""));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == alert.key);
  CHECK(kapacitor.only(R"({"id":"TestAlert","data":"{foo: bar}"})").key == "TestAlert");
  CHECK_THAT(kapacitor.fault("{}"), Catch::Matchers::Contains("id"));
  check_plain_answers("kapacitor");
}

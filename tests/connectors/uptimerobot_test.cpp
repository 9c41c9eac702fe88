#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

TEST_CASE("a monitor of UptimeRobot fires and ends under its number", "[uptimerobot]") {
  const To robot{"uptimerobot"};
  const std::string body = fixture("uptimerobot/down.json");
  const Alert alert = robot.only(body);
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "7788");
  CHECK(alert.labels == Fields({{"alertname", "Shop"}, {"url", "https://shop.example.com"}}));
  CHECK(alert.annotations.get("description") == "Connection Timeout");
  CHECK_FALSE(alert.annotations.find("duration"));
  CHECK(alert.starts_at == at("2026-11-22T01:51:02Z"));
  const Alert over = robot.only(with(body, "\"alert_type\": \"1\"", "\"alert_type\": \"2\""));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == alert.key);
  // Without its number the URL is the key.
  CHECK(robot.only(with(body, "\"monitor_id\": \"7788\"", "\"monitor_id\": \"*monitorID*\"")).key ==
        "https://shop.example.com");
}

TEST_CASE("a certificate that runs out is an alert beside its monitor", "[uptimerobot]") {
  const To robot{"uptimerobot"};
  const Alert note = robot.only(
      with(fixture("uptimerobot/down.json"), "\"alert_type\": \"1\"", "\"alert_type\": \"3\""));
  CHECK(note.key == "certificate:7788");
  CHECK(note.labels.get("severity") == "warning");
  CHECK(*note.ends_at == kNow + std::chrono::hours(24));
}

TEST_CASE("UptimeRobot's query and form are read", "[uptimerobot]") {
  To robot{"uptimerobot"};
  CHECK(robot.only("monitorID=9&monitorFriendlyName=Mail&alertType=1").key == "9");
  robot.query = {{"key", "x"}, {"monitorID", "9"}, {"alertType", "2"}};
  CHECK(robot.only("").status == AlertStatus::resolved);
  CHECK_THAT(To{"uptimerobot"}.fault("{}"), Catch::Matchers::Contains("monitor_id"));
  CHECK_THAT(To{"uptimerobot"}.fault(R"({"monitor_id":"1"})"),
             Catch::Matchers::Contains("alert_type"));
  check_plain_answers("uptimerobot");
}

#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

TEST_CASE("a match of ElastAlert fires under what its fields identify", "[elastalert]") {
  To elastalert{"elastalert"};
  const std::string body = fixture("elastalert/match.json");
  const Alert alert = elastalert.only(body);
  CHECK(alert.status == AlertStatus::firing);
  CHECK(
      alert.labels ==
      Fields({{"alertname", "too many 500s"}, {"service", "checkout"}, {"severity", "critical"}}));
  CHECK(alert.annotations.get("summary") == "120 errors in five minutes");
  CHECK(alert.annotations.get("num_hits") == "120");
  CHECK(alert.generator_url == "https://kibana.example.com/app/discover#/x");
  CHECK(alert.starts_at == at("2026-11-22T01:50:00Z"));
  // The next match, with other numbers, is the same alert; of another service another.
  CHECK(elastalert.only(with(body, "120,", "300,")).key == alert.key);
  CHECK(elastalert.only(with(body, "checkout", "basket")).key != alert.key);
  CHECK(elastalert.only(R"({"alert_uid":"u-1","message":"x"})").key == "u-1");
  CHECK(*alert.ends_at == kNow + std::chrono::hours(24));
  elastalert.settings = {{"lasts", "1h"}};
  CHECK(*elastalert.only(body).ends_at == kNow + std::chrono::hours(1));
  CHECK_THAT(elastalert.fault("{}"), Catch::Matchers::Contains("empty"));
  check_plain_answers("elastalert");
}

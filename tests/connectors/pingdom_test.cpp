#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

TEST_CASE("a check of Pingdom fires and ends under its number", "[pingdom]") {
  const To pingdom{"pingdom"};
  const std::string body = fixture("pingdom/down.json");
  const Alert alert = pingdom.only(body);
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "556677");
  CHECK(alert.labels == Fields({{"alertname", "storefront"},
                                {"host", "shop.example.com"},
                                {"service", "shop"},
                                {"severity", "HIGH"},
                                {"type", "HTTP"}}));
  CHECK(alert.annotations.get("description") == "Bad gateway");
  CHECK(alert.annotations.get("first_probe") == "Oslo, Norway");
  CHECK(alert.starts_at == at("2026-11-22T01:51:02Z"));
  const Alert over =
      pingdom.only(with(body, "\"current_state\": \"DOWN\"", "\"current_state\": \"UP\""));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == alert.key);
  const auto in_state = [&](const std::string& word) {
    return with(body, "\"current_state\": \"DOWN\"", "\"current_state\": \"" + word + "\"");
  };
  CHECK(pingdom.only(in_state("FAILING")).status == AlertStatus::firing);
  CHECK(pingdom.only(in_state("SUCCESS")).status == AlertStatus::resolved);
  CHECK(pingdom.nothing(in_state("PAUSED")));
}

TEST_CASE("the older webhook of Pingdom has it all in the query", "[pingdom]") {
  To pingdom{"pingdom"};
  pingdom.query = {{"key", "x"}, {"message", fixture("pingdom/down.json")}};
  CHECK(pingdom.only("").key == "556677");
  CHECK_THAT(To{"pingdom"}.fault("{}"), Catch::Matchers::Contains("neither check_id"));
  check_plain_answers("pingdom");
}

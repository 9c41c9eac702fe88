#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

TEST_CASE("a rule of Kibana fires and ends under space and rule and alert", "[kibana]") {
  const To kibana{"kibana"};
  const std::string body = fixture("kibana/active.json");
  const Alert alert = kibana.only(body);
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "shop/7d1d5a2e/web-1");
  CHECK(alert.labels == Fields({{"alertname", "Latency"},
                                {"instance", "web-1"},
                                {"service", "checkout"},
                                {"space", "shop"}}));
  CHECK(alert.annotations.get("summary") == "Latency is 3 s for web-1.");
  CHECK(alert.starts_at == at("2026-11-22T01:51:02.123Z"));
  const Alert over = kibana.only(with(body, "\"threshold met\"", "\"recovered\""));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == alert.key);
  CHECK(kibana.only(with(body, "\"9f\"", "\"10\"")).key == alert.key);
}

TEST_CASE("a watch fires as long as the integration says", "[kibana]") {
  To kibana{"kibana"};
  const Alert watch = kibana.only(fixture("kibana/watch.json"));
  CHECK(watch.key == "watch:cluster_health");
  CHECK(watch.labels.get("severity") == "red");
  CHECK(watch.starts_at == at("2026-11-22T01:51:02.123Z"));
  CHECK(*watch.ends_at == kNow + std::chrono::hours(24));
  kibana.settings = {{"lasts", "10m"}};
  CHECK(*kibana.only(fixture("kibana/watch.json")).ends_at == kNow + std::chrono::minutes(10));
  CHECK(*kibana.only(fixture("kibana/active.json")).ends_at == kNow + std::chrono::hours(24 * 7));
  // A summary of several alerts has no end either.
  CHECK(*kibana.only(R"({"rule_name":"x","new":2,"all":4})").ends_at ==
        kNow + std::chrono::minutes(10));
  CHECK_THAT(kibana.fault(R"({"rule":"x"})"),
             Catch::Matchers::Contains("neither rule_id nor watch_id"));
  check_plain_answers("kibana", 429);
}

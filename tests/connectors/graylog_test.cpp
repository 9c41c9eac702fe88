#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

TEST_CASE("an event of Graylog fires under its definition and key", "[graylog]") {
  To graylog{"graylog"};
  const Alert alert = graylog.only(fixture("graylog/event.json"));
  CHECK(alert.key == "5f0d1c2b3a49/web-1");
  CHECK(alert.labels == Fields({{"alertname", "Login failures"},
                                {"event_key", "web-1"},
                                {"gl2_source_node", "n1"},
                                {"host", "web-1"},
                                {"severity", "high"},
                                {"source", "graylog-1"}}));
  CHECK(alert.annotations.get("count") == "77");
  CHECK(alert.annotations.get("message") == "login failed for root");
  CHECK(alert.starts_at == at("2026-11-22T01:50:30Z"));
  CHECK(*alert.ends_at == kNow + std::chrono::hours(24));
  graylog.settings = {{"lasts", "30m"}};
  CHECK(*graylog.only(fixture("graylog/event.json")).ends_at == kNow + std::chrono::minutes(30));
}

TEST_CASE("a stream's alert of older Graylogs fires under its condition", "[graylog]") {
  const To graylog{"graylog"};
  const Alert alert = graylog.only(fixture("graylog/stream.json"));
  CHECK(alert.key == "stream-1/cond-1");
  CHECK(alert.labels.get("alertname") == "disks");
  CHECK(alert.annotations.get("message") == "disk is full");
  CHECK(alert.starts_at == at("2026-11-22T01:50:54.749Z"));
  CHECK_THAT(graylog.fault("{}"), Catch::Matchers::Contains("neither event nor check_result"));
  check_plain_answers("graylog");
}

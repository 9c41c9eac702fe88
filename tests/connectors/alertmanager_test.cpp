#include "tests/connectors/source_requests.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;

namespace {

const Sender kSender{"alertmanager"};

WallTime at(std::string_view text) { return *parse_rfc3339(text); }

}  // namespace

TEST_CASE("each alert of Alertmanager's group has its own state and fingerprint") {
  const Parsed parsed = kSender.taken({fixture("alertmanager/mixed.json")});
  REQUIRE(parsed.alerts.size() == 2);
  const Alert& firing = parsed.alerts[0];
  CHECK(firing.key == "9c1d0f7be2a31544");
  CHECK(firing.status == AlertStatus::firing);
  CHECK(firing.labels == Fields({{"alertname", "ParcelsStuck"},
                                 {"depot", "nord"},
                                 {"service", "sorting"},
                                 {"severity", "page"}}));
  CHECK(firing.annotations.get("runbook_url") == "https://wiki.parcels.example/stuck");
  CHECK(firing.annotations.get("alertmanager") == "https://alertmanager.parcels.example");
  CHECK(firing.starts_at == at("2026-11-22T01:40:00.123456Z"));
  CHECK(firing.ends_at == kNow + std::chrono::hours(25));
  CHECK(firing.generator_url == "http://prometheus.parcels.example/graph?g0.expr=waiting");
  const Alert& resolved = parsed.alerts[1];
  CHECK(resolved.status == AlertStatus::resolved);
  CHECK(resolved.labels.get("depot") == "süd");
  CHECK(resolved.ends_at == at("2026-11-22T01:50:30.5Z"));
}

TEST_CASE("what Alertmanager leaves out of a group is an alert that ends with the group") {
  std::string body = fixture("alertmanager/truncated.json");
  const Parsed parsed = kSender.taken({body});
  REQUIRE(parsed.alerts.size() == 2);
  const Alert& rest = parsed.alerts[1];
  CHECK(rest.status == AlertStatus::firing);
  CHECK(rest.labels ==
        Fields({{"alertname", "ScannerOffline"}, {"severity", "warning"}, {"truncated", "true"}}));
  CHECK_THAT(std::string(rest.annotations.get("summary")), Catch::Matchers::Contains("41 more"));
  const std::size_t status = body.find("\"status\":\"firing\"");
  body.replace(status, 17, "\"status\":\"resolved\"");
  const Parsed ended = kSender.taken({body});
  REQUIRE(ended.alerts.size() == 2);
  CHECK(ended.alerts[0].status == AlertStatus::firing);  // each alert's own word counts
  CHECK(ended.alerts[1].status == AlertStatus::resolved);
  CHECK(ended.alerts[1].key == rest.key);
}

TEST_CASE("odd alerts of a group are read or set aside by themselves") {
  const Parsed parsed = kSender.taken({fixture("alertmanager/odd.json")});
  REQUIRE(parsed.rejected.size() == 2);
  CHECK(parsed.rejected[0].index == 0);
  CHECK(parsed.rejected[1].index == 1);
  REQUIRE(parsed.alerts.size() == 2);
  // The key is of the labels as sent, whatever name it is given.
  CHECK(parsed.alerts[0].labels ==
        Fields({{"alertname", "returns grow"}, {"queue", "returns"}, {"shard", "3"}}));
  CHECK(parsed.alerts[0].starts_at == kNow);
  CHECK(parsed.alerts[0].key.size() == 16);
  CHECK(parsed.alerts[1].status == AlertStatus::firing);  // version 3: the group's word
  CHECK(parsed.alerts[1].starts_at == at("2026-11-21T23:00:00Z"));
}

TEST_CASE("without a fingerprint the key is the one that Prometheus's own alert has") {
  const Alert here =
      kSender.only({R"({"alerts":[{"status":"firing","labels":{"alertname":"off"}}]})"});
  CHECK(here.key == "3787ea52f7341c21");
}

TEST_CASE("what is no notification of Alertmanager is refused with what was wanted") {
  CHECK_THAT(kSender.fault({"{}"}), Catch::Matchers::Contains("no list \"alerts\""));
  CHECK_THAT(kSender.fault({R"({"alerts":{}})"}), Catch::Matchers::Contains("no list"));
  CHECK_THAT(kSender.fault({"alert!"}), Catch::Matchers::Contains("not JSON"));
  CHECK(kSender.taken({"\xEF\xBB\xBF{\"alerts\":[]}"}).alerts.empty());
}

TEST_CASE("Alertmanager is asked to come again by 503 alone since it waits minutes after 429") {
  CHECK(kSender.answer(Kind::accepted).status == 200);
  CHECK(kSender.answer(Kind::limited).status == 503);
  CHECK(kSender.answer(Kind::busy).status == 503);
  CHECK(kSender.answer(Kind::unusable).status == 400);
  IngestOutcome partly{Kind::partly, {{3, "bad"}}, {}};
  CHECK(kSender.spec().answer(partly).status == 200);
  CHECK(kSender.spec().answer(partly).body == R"({"status":"ok","rejected":1})");
}

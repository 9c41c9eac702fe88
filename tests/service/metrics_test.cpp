#include "router/metrics.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <set>
#include <sstream>

#include "tests/catch.hpp"

using namespace tocsin;

namespace {

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("what the front door counted is shown as it is however often somebody asks") {
  Metrics metrics;
  Gauges gauges;
  for (const std::uint64_t requests : {3u, 7u, 7u}) {
    gauges.front_door.requests = requests;
    CHECK(has_line(metrics.text(gauges), "tocsin_http_requests_total " + std::to_string(requests)));
  }
}

TEST_CASE("a decision an attempt and a refusal are counted under the names that are promised") {
  Metrics metrics;
  metrics.decided({});
  metrics.received("prometheus", 2, 1);
  metrics.rejected("prometheus", "bad_alert", 3);
  metrics.finished("phone", {}, Attempt::accepted("HTTP 204"));
  const std::string text = metrics.text({});
  CHECK(has_line(text, R"(tocsin_decisions_total{gameday="",outcome="page"} 1)"));
  CHECK(has_line(text,
                 R"(tocsin_alerts_received_total{integration="prometheus",status="firing"} 2)"));
  CHECK(has_line(text,
                 R"(tocsin_alerts_received_total{integration="prometheus",status="resolved"} 1)"));
  CHECK(has_line(text,
                 R"(tocsin_alerts_rejected_total{integration="prometheus",reason="bad_alert"} 3)"));
  CHECK(has_line(text,
                 R"(tocsin_notifications_total{channel="phone",gameday="",outcome="accepted"} 1)"));
}

TEST_CASE("the log says of a limited integration how many requests were sent away") {
  std::ostringstream out;
  const auto before = spdlog::default_logger();
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(out)));
  Metrics().limited("prometheus", {300, std::chrono::minutes(1)}, 17);
  spdlog::set_default_logger(before);
  CHECK(out.str().find("integration prometheus is past its limit of 300/m alerts on this node: 17 "
                       "of its requests were sent away") != std::string::npos);
}

TEST_CASE("drills are counted under their set and change no number in earnest") {
  Metrics metrics;
  Gauges gauges;
  gauges.state.open = {{Severity::critical, 2}};
  metrics.decided({});
  metrics.finished("phone", {}, Attempt::accepted(""));
  metrics.started({}, {}, {});
  const std::string before = metrics.text(gauges);

  Decision drilled, muted;
  drilled.reasons = {{ReasonKind::gameday_copy, "cdp-staging", ""}};
  muted.outcome = Outcome::muted;
  muted.reasons = {{ReasonKind::gameday_alone, "cdp-staging", ""}};
  metrics.decided(drilled);
  metrics.decided(muted);
  engine::IncidentView drill;
  drill.incident.realm = {"cdp-staging", 2};
  metrics.started(drill, {}, {});
  metrics.finished("phone", drill.incident.realm, Attempt::accepted(""));
  metrics.drill_refused(drill.incident.realm, "phone", "it is off");
  gauges.state.drills = {{{"cdp-staging", Severity::critical}, 3}};
  const std::string after = metrics.text(gauges);

  const std::set<std::string> of_drills{
      R"(tocsin_decisions_total{gameday="cdp-staging",outcome="page"} 1)",
      R"(tocsin_decisions_total{gameday="cdp-staging",outcome="muted"} 1)",
      R"(tocsin_notifications_total{channel="phone",gameday="cdp-staging",outcome="accepted"} 1)",
      R"(tocsin_drill_refusals_total{gameday="cdp-staging"} 1)",
      R"(tocsin_incidents_open{gameday="cdp-staging",severity="critical"} 3)"};
  for (const std::string& line : of_drills) CHECK(has_line(after, line));
  std::string rest;
  std::istringstream lines(after);
  for (std::string line; std::getline(lines, line);)
    if (!of_drills.contains(line) && line.find("drill_refusals") == std::string::npos)
      rest += line + "\n";
  std::string expected;
  std::istringstream earlier(before);
  for (std::string line; std::getline(earlier, line);)
    if (line.find("drill_refusals") == std::string::npos) expected += line + "\n";
  CHECK(rest == expected);

  gauges.state.drills.clear();
  CHECK(has_line(metrics.text(gauges),
                 R"(tocsin_incidents_open{gameday="cdp-staging",severity="critical"} 0)"));
}

TEST_CASE("trouble that stays is logged when it is new and not at every turn") {
  std::ostringstream log;
  const auto before = spdlog::default_logger();
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)));
  Metrics metrics;
  for (int i = 0; i < 900; ++i) metrics.trouble("disk full");
  metrics.trouble("disk gone");
  spdlog::set_default_logger(before);
  const std::string lines = log.str();
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
  CHECK(lines.find("disk full") < lines.find("disk gone"));
  CHECK(has_line(metrics.text({}), "tocsin_journal_failures_total 901"));
}

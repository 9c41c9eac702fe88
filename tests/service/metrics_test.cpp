#include "router/metrics.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

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
  metrics.finished("phone", Attempt::accepted("HTTP 204"));
  const std::string text = metrics.text({});
  CHECK(has_line(text, R"(tocsin_decisions_total{gameday="",outcome="page"} 1)"));
  CHECK(has_line(text,
                 R"(tocsin_alerts_received_total{integration="prometheus",status="firing"} 2)"));
  CHECK(has_line(text,
                 R"(tocsin_alerts_received_total{integration="prometheus",status="resolved"} 1)"));
  CHECK(has_line(text,
                 R"(tocsin_alerts_rejected_total{integration="prometheus",reason="bad_alert"} 3)"));
  CHECK(has_line(text, R"(tocsin_notifications_total{channel="phone",outcome="accepted"} 1)"));
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

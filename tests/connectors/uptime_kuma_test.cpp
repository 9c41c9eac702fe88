#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

namespace {

const To kuma{"uptime-kuma"};

std::string down() { return fixture("uptime_kuma/down.json"); }

}  // namespace

TEST_CASE("a monitor of Uptime Kuma that is down fires under its number", "[uptime-kuma]") {
  const Alert alert = kuma.only(down());
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "monitor:12");
  CHECK(alert.labels == Fields({{"alertname", "Kasse – Köln"},
                                {"team", "shops"},
                                {"severity", "critical"},
                                {"public", "yes"},
                                {"url", "https://kasse.example.com/health"},
                                {"path", "Shops / Kasse – Köln"},
                                {"type", "http"}}));
  CHECK(alert.annotations.get("summary") == "[Kasse – Köln] [🔴 Down] connect ECONNREFUSED");
  CHECK(alert.annotations.get("description") == "connect ECONNREFUSED");
  CHECK(alert.starts_at == at("2026-11-22T01:51:02.123Z"));
}

TEST_CASE("passwords of a monitor are not taken over", "[uptime-kuma]") {
  const Alert alert = kuma.only(down());
  for (const Fields& fields : {alert.labels, alert.annotations})
    for (const auto& [name, value] : fields.pairs()) {
      INFO(name);
      CHECK(value.find("hunter2") == std::string::npos);
      CHECK(value.find("s3cret") == std::string::npos);
    }
}

TEST_CASE("a monitor that is up again is resolved", "[uptime-kuma]") {
  const Alert over = kuma.only(with(down(), "\"status\": 0", "\"status\": 1"));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == "monitor:12");
  CHECK(over.ends_at == at("2026-11-22T01:51:02.123Z"));
}

TEST_CASE("pending and maintenance and the test button open nothing", "[uptime-kuma]") {
  CHECK(kuma.nothing(with(down(), "\"status\": 0", "\"status\": 2")));
  CHECK(kuma.nothing(with(down(), "\"status\": 0", "\"status\": 3")));
  CHECK(kuma.nothing(R"({"heartbeat":null,"monitor":null,"msg":"tocsin Testing"})"));
}

TEST_CASE("a note on a certificate keeps its key while the days go by", "[uptime-kuma]") {
  const auto note = [](const std::string& days) {
    return kuma.only(
        R"({"heartbeat":null,"monitor":null,"msg":"[Kasse][https://kasse.example.com] server certificate kasse.example.com will expire in )" +
        days + R"( days"})");
  };
  const Alert first = note("21");
  CHECK(first.status == AlertStatus::firing);
  CHECK(first.key == note("7").key);
  CHECK(first.labels.get("alertname") == "Kasse");
  CHECK(first.labels.get("severity") == "warning");
  CHECK(*first.ends_at == kNow + std::chrono::hours(24));
  CHECK_THAT(std::string(first.annotations.get("summary")),
             Catch::Matchers::Contains("in 21 days"));
}

TEST_CASE("a multipart body and a query are read as JSON is", "[uptime-kuma]") {
  To parts = kuma;
  parts.headers = {{"content-type", "multipart/form-data; boundary=----kuma"}};
  const Alert multipart =
      parts.only("------kuma\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n" + down() +
                 "\r\n------kuma--\r\n");
  CHECK(multipart == kuma.only(down()));
  To query = kuma;
  query.query = {{"key", "s3cret-key"},
                 {"msg", "down"},
                 {"heartbeat", R"({"monitorID":12,"status":0,"time":"2026-11-22 01:51:02.123"})"},
                 {"monitor", R"({"id":12,"name":"Kasse"})"}};
  const Alert got = query.only("");
  CHECK(got.key == "monitor:12");
  CHECK(got.labels.get("alertname") == "Kasse");
  CHECK(got.starts_at == multipart.starts_at);
}

TEST_CASE("what is no heartbeat is refused with what to do", "[uptime-kuma]") {
  CHECK_THAT(kuma.fault("{}"), Catch::Matchers::Contains("neither heartbeat nor msg"));
  CHECK_THAT(kuma.fault(with(down(), "\"status\": 0", "\"status\": \"x\"")),
             Catch::Matchers::Contains("heartbeat.status"));
  CHECK_THAT(kuma.fault(R"({"heartbeat":{"status":0}})"), Catch::Matchers::Contains("monitor"));
  check_plain_answers("uptime-kuma");
}

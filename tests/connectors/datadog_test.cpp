#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

namespace {

const To datadog{"datadog"};

std::string triggered() { return fixture("datadog/triggered.json"); }

std::string turned(const std::string& transition, const std::string& type) {
  return with(with(with(with(triggered(), "\"alert_transition\": \"Triggered\"",
                             "\"alert_transition\": \"" + transition + "\""),
                        "\"alert_type\": \"error\"", "\"alert_type\": \"" + type + "\""),
                   "[P1] [Triggered on", "[P1] [" + transition + " on"),
              "\"event_title\": \"[P1] [Triggered on",
              "\"event_title\": \"[P1] [" + transition + " on");
}

}  // namespace

TEST_CASE("a monitor of Datadog fires under its cycle", "[datadog]") {
  const Alert alert = datadog.only(triggered());
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "cycle:4455667788");
  CHECK(alert.labels == Fields({{"alertname", "Queue is growing"},
                                {"env", "prod"},
                                {"service", "billing"},
                                {"queue", "invoices"},
                                {"scope", "queue:invoices"},
                                {"monitor", "90210"},
                                {"organisation", "Shop"},
                                {"severity", "P1"}}));
  CHECK(alert.annotations.get("description") == "Invoices pile up. @webhook-tocsin");
  CHECK_THAT(std::string(alert.annotations.get("query")),
             Catch::Matchers::StartsWith("avg(last_5m)"));
  CHECK_FALSE(alert.annotations.find("snapshot"));
  CHECK(alert.generator_url == "https://app.datadoghq.eu/event/event?id=8100000000000000001");
  CHECK(alert.starts_at == at("2026-11-22T01:51:40Z"));
}

TEST_CASE("each transition of a monitor keeps the key", "[datadog]") {
  const std::string key = datadog.only(triggered()).key;
  for (const auto& [transition, type] :
       {std::pair("Re-Triggered", "error"), std::pair("No Data", "error"),
        std::pair("Re-No Data", "error"), std::pair("Renotify", "error"),
        std::pair("Warn", "warning"), std::pair("RE-WARN", "warning")}) {
    INFO(transition);
    const Alert alert = datadog.only(turned(transition, type));
    CHECK(alert.status == AlertStatus::firing);
    CHECK(alert.key == key);
    CHECK(alert.labels.get("severity") == (std::string(type) == "warning" ? "warning" : "P1"));
    CHECK(alert.labels.get("alertname") == "Queue is growing");
  }
  for (const char* transition : {"Recovered", "recovered", "Warn Recovered"}) {
    INFO(transition);
    const Alert over = datadog.only(turned(transition, "success"));
    CHECK(over.status == AlertStatus::resolved);
    CHECK(over.key == key);
    CHECK(over.ends_at == at("2026-11-22T01:51:40Z"));
  }
}

TEST_CASE("without a cycle the aggregation or the monitor and its scope are the key", "[datadog]") {
  const std::string without = with(triggered(), "\"4455667788\"", "\"\"");
  CHECK(datadog.only(without).key == "aggregate:c0ffee00c0ffee00c0ffee00c0ffee00");
  const std::string less = with(without, "\"c0ffee00c0ffee00c0ffee00c0ffee00\"", "\"null\"");
  CHECK(datadog.only(less).key == "monitor:90210/queue:invoices");
  CHECK(datadog
            .only(with(less, "\"alert_scope\": \"queue:invoices\"",
                       "\"alert_scope\": \"queue:mail\""))
            .key == "monitor:90210/queue:mail");
}

TEST_CASE("the default payload is told by its title", "[datadog]") {
  const std::string body = fixture("datadog/default_payload.json");
  const Alert alert = datadog.only(body);
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "title:17/queue:invoices/Queue is growing");
  CHECK(alert.labels.get("alertname") == "Queue is growing");
  CHECK(alert.labels.get("queue") == "invoices");
  const Alert over = datadog.only(with(body, "[Triggered on", "[Recovered on"));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == alert.key);
  const Alert plain = datadog.only(R"({"title":"[Triggered] Load","org":{"id":"17"}})");
  CHECK(plain.labels.get("alertname") == "Load");
  CHECK(datadog.only(R"({"title":"[Recovered] Load","org":{"id":"17"}})").key == plain.key);
}

TEST_CASE("a bracket of a monitor's own name stays in it", "[datadog]") {
  const auto name = [](const std::string& title, const std::string& more = {}) {
    return std::string(
        datadog.only(R"({"alert_id":"7","alert_title":")" + title + "\"" + more + "}")
            .labels.get("alertname"));
  };
  const std::string given = R"(,"alert_transition":"Triggered")";
  CHECK(name("[prod] Disk full", given) == "[prod] Disk full");
  CHECK(name("[prod] Disk full") == "[prod] Disk full");
  CHECK(name("[P2] [Triggered] [prod] Disk full", given) == "[prod] Disk full");
  CHECK(name("[On call] Disk full", given) == "[On call] Disk full");
  CHECK(datadog.only(R"({"title":"[Warn on {host:a}] [prod] Disk","org":{"id":"1"}})").key ==
        "title:1/host:a/[prod] Disk");
  for (const char* transition :
       {"Triggered", "Re-Triggered", "Recovered", "Warn", "Re-Warn", "Warn Recovered", "No data",
        "No Data", "Re-No Data", "No data recovered", "Renotify", "Triggered on {host:a}",
        "No data on {host:a,env:b}"}) {
    INFO(transition);
    CHECK(name("[" + std::string(transition) + "] Disk full") == "Disk full");
  }
}

TEST_CASE("Datadog's form and its JSON that is none are read", "[datadog]") {
  To to = datadog;
  to.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  const Alert form = to.only(
      "alert_id=7&alert_title=%5BTriggered%5D+Load&alert_transition=Triggered&alert_scope=host%"
      "3Aweb-1");
  CHECK(form.key == "monitor:7/host:web-1");
  CHECK(form.labels.get("host") == "web-1");
  const Alert broken = datadog.only(
      "{\"alert_cycle_key\": \"9\", \"alert_transition\": \"Triggered\", \"alert_title\": "
      "\"[Triggered] log says \"no\"\", "
      "\"text\": \"first\nsecond\"}");
  CHECK(broken.key == "cycle:9");
  CHECK(broken.labels.get("alertname") == "log says \"no\"");
  CHECK(broken.annotations.get("text").empty());
  CHECK(broken.annotations.get("description") == "first\nsecond");
}

TEST_CASE("what is no monitor's state opens nothing and what says nothing is refused",
          "[datadog]") {
  CHECK(datadog.nothing(
      R"({"title":"Deployed shop 1.2","alert_type":"info","event_type":"deploy"})"));
  CHECK_THAT(datadog.fault("{}"), Catch::Matchers::Contains("neither title nor alert_id"));
  CHECK_THAT(datadog.fault("[1]"), Catch::Matchers::Contains("list"));
  CHECK_THAT(datadog.fault(""), Catch::Matchers::Contains("empty"));
  CHECK_THAT(datadog.fault("hello"), Catch::Matchers::Contains("neither a JSON object nor a form"));
  check_plain_answers("datadog");
}

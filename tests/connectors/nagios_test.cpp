#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

namespace {

const To nagios{"nagios"};

std::string problem() { return fixture("nagios/problem.json"); }

std::string of_type(const std::string& type) { return with(problem(), "PROBLEM", type); }

}  // namespace

TEST_CASE("a problem of Nagios fires under its host and service", "[nagios]") {
  const Alert alert = nagios.only(problem());
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "db-4!disk /var");
  CHECK(alert.labels == Fields({{"alertname", "disk /var"},
                                {"service", "disk /var"},
                                {"host", "db-4"},
                                {"address", "192.0.2.44"},
                                {"severity", "CRITICAL"}}));
  CHECK(alert.annotations.get("summary") == "DISK CRITICAL - free space: /var 1 GiB (2%)");
  CHECK(alert.annotations.get("description") == "/var 1 GiB free\n/ is fine");
  CHECK(alert.starts_at == at("2026-11-22T01:51:40Z"));
}

TEST_CASE("a state that changes keeps the key and a recovery resolves it", "[nagios]") {
  const Alert warning =
      nagios.only(with(problem(), "\"state\": \"CRITICAL\"", "\"state\": \"WARNING\""));
  CHECK(warning.key == nagios.only(problem()).key);
  CHECK(warning.labels.get("severity") == "WARNING");
  const Alert over =
      nagios.only(with(of_type("RECOVERY"), "\"state\": \"CRITICAL\"", "\"state\": \"OK\""));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == warning.key);
  CHECK(over.ends_at == at("2026-11-22T01:51:40Z"));
}

TEST_CASE("a host is an alert beside its services", "[nagios]") {
  const Alert down = nagios.only(
      R"({"NOTIFICATIONTYPE":"PROBLEM","HOSTNAME":"db-4","HOSTSTATE":"DOWN","HOSTOUTPUT":"no answer"})");
  CHECK(down.key == "db-4");
  CHECK(down.labels.get("alertname") == "host check");
  CHECK(down.labels.get("severity") == "DOWN");
  CHECK(down.annotations.get("summary") == "no answer");
}

TEST_CASE("the names that commands give to macros are one name", "[nagios]") {
  for (
      const char* body :
      {R"({"$NOTIFICATIONTYPE$":"Problem","$HOSTNAME$":"h","$SERVICEDESC$":"s","$SERVICESTATE$":"CRITICAL"})",
       R"({"NAGIOS_NOTIFICATIONTYPE":"PROBLEM","NAGIOS_HOSTNAME":"h","NAGIOS_SERVICEDESC":"s","NAGIOS_SERVICESTATE":"CRITICAL"})",
       R"({"notificationType":"problem","host":"h","service":"s","serviceState":"critical"})",
       R"({"host_name":"h","service_description":"s","service_state":2})",
       "notification_type=PROBLEM&host_name=h&service_description=s&service_state=CRITICAL"}) {
    INFO(body);
    const Alert alert = nagios.only(body);
    CHECK(alert.key == "h!s");
    CHECK(alert.labels.get("severity") == "CRITICAL");
    CHECK(alert.status == AlertStatus::firing);
  }
  // A macro that does not apply stays as it is.
  CHECK(
      nagios
          .only(
              R"({"notification_type":"PROBLEM","host":"h","service":"$SERVICEDESC$","host_state":"DOWN"})")
          .key == "h");
}

TEST_CASE("output that was put into JSON as it was is read all the same", "[nagios]") {
  const Alert alert = nagios.only(
      "{\"notification_type\": \"PROBLEM\", \"host_name\": \"h\", \"service_desc\": \"s\", "
      "\"state\": "
      "\"CRITICAL\", \"output\": \"said \"no\", C:/temp\nand M\xfcll\"}");
  CHECK(alert.key == "h!s");
  CHECK_THAT(std::string(alert.annotations.get("summary")),
             Catch::Matchers::StartsWith("said \"no\", C:/temp"));
  CHECK_THAT(std::string(alert.annotations.get("summary")),
             Catch::Matchers::EndsWith("and M\xef\xbf\xbdll"));
}

TEST_CASE("an acknowledgement and a downtime are words and no alerts", "[nagios]") {
  const std::string said =
      with(with(of_type("ACKNOWLEDGEMENT"), "\"author\": \"\"", "\"author\": \"ada\""),
           "\"comment\": \"\"", "\"comment\": \"mine\"");
  const Said acknowledged = nagios.word(said);
  CHECK(acknowledged.kind == Said::Kind::acknowledged);
  CHECK(acknowledged.key == "db-4!disk /var");
  CHECK(acknowledged.by == "ada");
  CHECK(acknowledged.text == "mine");
  for (const char* type :
       {"DOWNTIMESTART", "DOWNTIMEEND", "FLAPPINGSTART", "FLAPPINGSTOP", "CUSTOM"}) {
    INFO(type);
    const Said noted = nagios.word(of_type(type));
    CHECK(noted.kind == Said::Kind::noted);
    CHECK(noted.text == type);
  }
}

TEST_CASE("a notification without a host or a state is refused", "[nagios]") {
  CHECK_THAT(nagios.fault(R"({"notification_type":"PROBLEM"})"),
             Catch::Matchers::Contains("host_name"));
  CHECK_THAT(nagios.fault(R"({"host":"h"})"), Catch::Matchers::Contains("state"));
  CHECK_THAT(nagios.fault("[]"), Catch::Matchers::Contains("list"));
  check_plain_answers("nagios");
}

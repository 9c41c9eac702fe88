// What strangers send, to every source of the catalogue: nothing is thrown, and what is made of it
// fits into an alert.
#include "connectors/sources/limits.hpp"
#include "connectors/sources/posted.hpp"
#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

namespace {

std::vector<std::string> bodies() {
  std::vector<std::string> all{"",
                               " ",
                               "{}",
                               "[]",
                               "null",
                               "7",
                               "\"x\"",
                               "{",
                               "[[[",
                               "=",
                               "a=b&c",
                               "\xff\xfe",
                               "{\"a\":\xff}",
                               "payload=",
                               "payload=%7B%7D",
                               "&&&",
                               "{\"\":\"\"}",
                               "\xef\xbb\xbf{}",
                               "<xml/>",
                               std::string(3, '\0'),
                               std::string(100'000, '['),
                               "{\"a\":" + std::string(500, '{'),
                               "{\"a\": \"" + std::string(300'000, '"'),
                               "{\"a\": " + std::string(300'000, ','),
                               "{\"a\":1e999,\"b\":-0,\"c\":18446744073709551616}"};
  // Each fixture with its values turned into others.
  for (const char* name : {"azure/metric_fired.json",
                           "azure/rule_activated.json",
                           "cloudwatch/alarm.json",
                           "datadog/triggered.json",
                           "datadog/default_payload.json",
                           "elastalert/match.json",
                           "google_cloud/open.json",
                           "graylog/event.json",
                           "graylog/stream.json",
                           "icinga/process_event.json",
                           "icinga/channel.json",
                           "kapacitor/critical.json",
                           "kibana/active.json",
                           "nagios/problem.json",
                           "newrelic/activated.json",
                           "newrelic/old_open.json",
                           "pingdom/down.json",
                           "scalyr/trigger.json",
                           "sentry/issue_alert.json",
                           "sentry/issue.json",
                           "sentry/metric_alert.json",
                           "sentry/plugin.json",
                           "splunk/one_result.json",
                           "uptime_kuma/down.json",
                           "uptimerobot/down.json",
                           "zabbix/problem.json",
                           "zabbix/ansible.json"}) {
    const std::string text = fixture(name);
    all.push_back(text);
    for (const std::string instead :
         {"null", "7", "{}", "[]", "[[1],{}]", "true", "\"\"", "\"\\u0000\\ud800\"", "-1.5e300"}) {
      // Every value in turn.
      for (std::size_t at = text.find(": "); at != std::string::npos;
           at = text.find(": ", at + 2)) {
        const std::size_t end = text.find_first_of(",\n", at);
        all.push_back(text.substr(0, at + 2) + instead +
                      (end == std::string::npos ? "" : text.substr(end)));
      }
    }
    for (std::size_t cut = 1; cut < 8; ++cut) all.push_back(text.substr(0, text.size() * cut / 8));
  }
  return all;
}

void check_fits(const Alert& alert) {
  CHECK_FALSE(alert.key.empty());
  CHECK(alert.key.size() <= sources::kMostKeyBytes);
  CHECK_FALSE(alert.labels.get("alertname").empty());
  CHECK(alert.labels.size() <= sources::kMostLabels);
  for (const auto& [name, value] : alert.labels.pairs())
    if (name.size() > sources::kMostLabelNameBytes || value.size() > sources::kMostLabelValueBytes)
      FAIL_CHECK("a label of " << name.size() << " and " << value.size() << " bytes");
}

/// Those of this room's fixtures; the others have tests of their own kind of body.
constexpr const char* kSources[] = {
    "azure",  "cloudwatch", "datadog", "elastalert",  "google-cloud", "graylog",
    "icinga", "kapacitor",  "kibana",  "nagios",      "newrelic",     "pingdom",
    "scalyr", "sentry",     "splunk",  "uptime-kuma", "uptimerobot",  "zabbix"};

/// With which it takes what nobody signed.
std::map<std::string, std::string> settings_of(std::string_view source) {
  if (source == "cloudwatch") return {{"raw", "yes"}};
  return {};
}

}  // namespace

TEST_CASE("no body makes a source throw or let through what does not fit", "[contract]") {
  const std::vector<std::string> all = bodies();
  std::size_t taken = 0, refused = 0;
  for (const char* name : kSources) {
    To to{name};
    to.settings = settings_of(name);
    for (const std::string& body : all) {
      INFO(name << ": " << body.substr(0, 300));
      const auto parsed = to.parse(body);
      if (!parsed) {
        ++refused;
        if (parsed.error().message.empty()) FAIL_CHECK("an error without words");
        continue;
      }
      for (const Alert& alert : parsed->alerts) check_fits(alert);
      taken += parsed->alerts.size();
    }
  }
  CHECK(taken > 1'000);
  CHECK(refused > 1'000);
}

TEST_CASE("a text that is too long for a label is cut and costs no alert", "[contract]") {
  const std::string huge(200'000, 'x');
  const Alert alert = To{"nagios"}.only(R"({"host":"h","state":"DOWN","output":")" + huge +
                                        R"(","service":")" + huge + "\"}");
  check_fits(alert);
  CHECK_THAT(alert.key, Catch::Matchers::StartsWith("sha256:"));
  std::size_t annotations = 0;
  for (const auto& [name, value] : alert.annotations.pairs())
    annotations += name.size() + value.size();
  CHECK(annotations <= sources::kMostAnnotationBytes);
}

TEST_CASE("the integration's key is never taken for a part of the alert", "[contract]") {
  for (const char* name : kSources) {
    To to{name};
    to.settings = settings_of(name);
    to.query = {
        {"key", "s3cret-key"}, {"state", "trigger"},      {"title", "x"},    {"host", "h"},
        {"message", "m"},      {"event_id", "1"},         {"alert_id", "1"}, {"id", "1"},
        {"check_id", "1"},     {"current_state", "DOWN"}, {"rule_id", "1"},  {"search_name", "s"},
        {"monitorID", "1"},    {"alertType", "1"},        {"msg", "down"}};
    const auto parsed = to.parse("");
    if (!parsed) continue;
    for (const Alert& alert : parsed->alerts) {
      INFO(name);
      for (const Fields& fields : {alert.labels, alert.annotations})
        for (const auto& [label, value] : fields.pairs())
          CHECK(value.find("s3cret-key") == std::string::npos);
      CHECK(alert.key.find("s3cret-key") == std::string::npos);
    }
  }
}

TEST_CASE("a body says what it is whatever its Content-Type says", "[contract]") {
  for (const char* type :
       {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"}) {
    To to{"nagios"};
    to.headers = {{"content-type", type}};
    INFO(type);
    CHECK(to.only("\xef\xbb\xbf \n{\"host\":\"h\",\"state\":\"DOWN\"}").key == "h");
    CHECK(to.only("host=h&state=DOWN").key == "h");
    CHECK(to.only("payload=%7B%22host%22%3A%22h%22%2C%22state%22%3A%22DOWN%22%7D").key == "h");
  }
}

// What an integration's own fields may say: `tocsin check` asks the source.
#include "tests/connectors/source_requests.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;

namespace {

using Texts = std::vector<std::string>;

Texts faults(const std::string& source, const std::map<std::string, std::string>& settings) {
  const SourceSpec& spec = Sender{source}.spec();
  REQUIRE(spec.check);
  return spec.check({"of-mine", settings});
}

}  // namespace

TEST_CASE("every source that has fields of its own checks them and takes its own examples") {
  for (const SourceSpec* spec : all_sources()) {
    INFO(spec->name);
    CHECK((spec->check != nullptr) == !spec->fields.empty());
    std::map<std::string, std::string> settings;
    for (const Field& field : spec->fields)
      settings[std::string(field.key) + (field.map ? ".title" : "")] =
          field.example.empty() ? "text" : std::string(field.example);
    if (spec->check) CHECK(spec->check({"of-mine", settings}).empty());
    if (spec->check) CHECK(spec->check({"of-mine", {}}).empty());
  }
}

TEST_CASE("lasts is a time within limits") {
  for (const char* source : {"elastalert", "graylog", "kibana", "splunk"}) {
    INFO(source);
    for (const char* good : {"1m", "2h", "30d"}) CHECK(faults(source, {{"lasts", good}}).empty());
    for (const char* wrong : {"", "59s", "31d", "soon", "2", "-2h"})
      CHECK(faults(source, {{"lasts", wrong}}) ==
            Texts{"lasts: no time from 1m to 30d; write e.g. 2h"});
  }
}

TEST_CASE("map has the parts that there are and JSON pointers in them") {
  for (const char* source : {"generic", "cloudevents"}) {
    INFO(source);
    CHECK(faults(source, {{"map.alerts", "/events"},
                          {"map.key", "check/id"},
                          {"map.resolved_when", "passing, muted"},
                          {"map.labels.service", "/a~1b/m~0n"},
                          {"map.labels.with.dot", ""},
                          {"map.annotations.summary", "/output"}})
              .empty());
    const std::string known =
        "no part of an alert; known here: alerts, key, title, status, resolved_when, severity, "
        "url, starts_at, labels, annotations";
    CHECK(faults(source, {{"map.titel", "/t"}}) == Texts{"map.titel: " + known});
    CHECK(faults(source, {{"map.label.service", "/t"}}) == Texts{"map.label.service: " + known});
    CHECK(faults(source, {{"map.labels", "/t"}}) ==
          Texts{"map.labels: found text; write a map, e.g. {service: /host}"});
    CHECK(faults(source, {{"map.key.id", "/t"}}) ==
          Texts{"map.key.id: found a map; write one JSON pointer"});
    const std::string pointer = "no JSON pointer: after ~ there is 0 or 1; write e.g. /check/name";
    CHECK(faults(source, {{"map.key", "/a~b"}, {"map.title", "~"}}) ==
          Texts{"map.key: " + pointer, "map.title: " + pointer});
  }
}

TEST_CASE("a source that checks signatures or topics names the setting that is wrong") {
  CHECK(faults("sentry", {{"new_issues", "no"}}).empty());
  CHECK(faults("sentry", {{"new_issues", "on"}}) ==
        Texts{"new_issues: neither yes nor no; write one of them"});
  CHECK(faults("cloudwatch", {{"topic_arn", "alarms"}})[0].starts_with(
      "topic_arn: no ARN of a topic; "));
  CHECK(faults("cloudwatch", {{"raw", "on"}}) ==
        Texts{"raw: neither yes nor no; write one of them"});
  CHECK(faults("grafana", {{"signature_header", "X-Mine"}}) ==
        Texts{"signature_header: of no use without `secret`; set that as well"});
  CHECK(faults("grafana", {{"secret", "s"}, {"timestamp_header", "X Mine: now"}}) ==
        Texts{"timestamp_header: no name of a header; write e.g. X-Signature"});
}

#include "tests/settings/world.hpp"

using namespace tocsin;
using namespace tocsin::settings;

TEST_CASE("an integration needs a name that fits a path and is its own") {
  check_faults({
      {"integrations: {name: prom}",
       {"tocsin.yaml:1:15: integrations: found a map; wanted a list"}},
      {"integrations: [prom]", {"tocsin.yaml:1:16: integrations[0]: found text; wanted a map"}},
      {R"(integrations:
  - {source: prometheus, key: "${KEY_A}"})",
       {"tocsin.yaml:2:5: integrations[0].name: missing; alerts come in at /in/NAME"}},
      {R"(integrations:
  - {name: "prom production", source: prometheus, key: "${KEY_A}"})",
       {R"(tocsin.yaml:2:12: integrations[0].name: "prom production" is no name; use 1 to 64 letters, digits and _ . -)"}},
      {R"(integrations:
  - {name: .., source: prometheus, key: "${KEY_A}"})",
       {R"(tocsin.yaml:2:12: integrations[0].name: ".." is no name; use 1 to 64 letters, digits and _ . -)"}},
      {R"(integrations:
  - {name: "", source: prometheus, key: "${KEY_A}"})",
       {"tocsin.yaml:2:12: integrations[0].name: empty; write a text"}},
      {R"(integrations:
  - {name: "${WORD}", source: prometheus, key: "${KEY_A}"})",
       {R"(tocsin.yaml:2:12: integrations[0].name: variables are not filled in here; write the word itself)"}},
      {R"(integrations:
  - {name: manual, source: prometheus, key: "${KEY_A}"})",
       {R"(tocsin.yaml:2:12: integrations[0].name: "manual" is kept for what people report; choose another name)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${KEY_A}"}
  - {name: prom, source: prometheus, key: "${KEY_B}"})",
       {R"(tocsin.yaml:3:12: integrations[1].name: another integration is called "prom" in tocsin.yaml:2; rename one of the two)"}},
  });
}

TEST_CASE("a heartbeat has a name of its own and a time and no matcher for everything") {
  const auto with = [](const std::string& heartbeats) {
    return R"(integrations:
  - {name: prom, source: prometheus, key: "${KEY_A}", heartbeats: )" +
           heartbeats + "}";
  };
  check_faults({
      {with("[{within: 5m}]"),
       {"tocsin.yaml:2:68: integrations[0].heartbeats[0].name: missing; its sender pings it by "
        "this "
        "name"}},
      {with("[{name: a}]"),
       {"tocsin.yaml:2:68: integrations[0].heartbeats[0].within: missing; silence for longer is an "
        "alert, e.g. 10m"}},
      {with("[{name: a, within: 1s}]"),
       {R"(tocsin.yaml:2:86: integrations[0].heartbeats[0].within: "1s" is out of range; write 10s to 31d)"}},
      {with("[{name: a, within: 5m}, {name: a, within: 6m}]"),
       {"tocsin.yaml:2:98: integrations[0].heartbeats[1].name: \"a\" stands here twice; remove "
        "one"}},
      {with("[{name: a, within: 5m, matchers: ['alertname=~\".*\"']}]"),
       {"tocsin.yaml:2:100: integrations[0].heartbeats[0].matchers: they match every alert; say "
        "which "
        "one is a sign of life and no trouble"}},
  });
}

TEST_CASE("a key is present and long enough and shared with nobody and never shown") {
  check_faults({
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${KEY_A}", keys: ["${KEY_B}"]})",
       {"tocsin.yaml:2:61: integrations[0].keys: key stands here as well; keep one of the two"}},
      {R"(integrations:
  - {name: prom, source: prometheus, keys: []})",
       {R"(tocsin.yaml:2:44: integrations[0].keys: empty; nobody could send: add a key made with openssl rand -hex 24)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, keys: "${KEY_A}"})",
       {"tocsin.yaml:2:44: integrations[0].keys: found text; wanted a list"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: hunter2})",
       {R"(tocsin.yaml:2:43: integrations[0].key: use at least 16 characters, e.g. openssl rand -hex 24)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${SHORT}"})",
       {R"(tocsin.yaml:2:43: integrations[0].key: use at least 16 characters, e.g. openssl rand -hex 24)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${EMPTY}"})",
       {R"(tocsin.yaml:2:43: integrations[0].key: empty once its variables are filled in; set them to something)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${BLANKS}"})",
       {R"(tocsin.yaml:2:43: integrations[0].key: has blanks or characters outside ASCII; use letters, digits and - _ .)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${BYTES}"})",
       {R"(tocsin.yaml:2:43: integrations[0].key: the environment variable BYTES holds a control character or is not UTF-8; mend it)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${LONG}"})",
       {R"(tocsin.yaml:2:43: integrations[0].key: the environment variable LONG makes the value longer than 64 KiB; shorten it)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${UNSET}"})",
       {R"(tocsin.yaml:2:43: integrations[0].key: the environment variable UNSET is not set; set it before tocsin starts)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${file:/run/none}"})",
       {R"(tocsin.yaml:2:43: integrations[0].key: /run/none: no such file; create it, or mend the path)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${KEY-A}"})",
       {R"(tocsin.yaml:2:43: integrations[0].key: "KEY-A" names no variable; write ${NAME}, ${file:PATH}, or $${ for a literal ${)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${KEY_A"})",
       {R"(tocsin.yaml:2:43: integrations[0].key: a ${ without its }; write ${NAME}, ${file:PATH}, or $${ for a literal ${)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: ${KEY_A}})",
       {R"(tocsin.yaml:2:43: ${…} inside [] or {} needs quotes; quote it: "${NAME}")"}},
      {R"(integrations:
  - name: prom
    source: prometheus
    key: ${KEY_A})",
       {R"(tocsin.yaml:4:10: ${…} outside quotes stays as it is written; quote it: "${NAME}")"}},
      {R"(integrations:
  - {name: one, source: prometheus, key: "${KEY_A}"}
  - {name: two, source: prometheus, keys: ["${KEY_B}", "${KEY_A}"]})",
       {R"(tocsin.yaml:3:56: integrations[1].keys[1]: the same key as integration "one"; a key alone says who sends, so give each its own)"}},
  });
}

TEST_CASE("source and labels and grouping and severities are checked word by word") {
  check_faults({
      {R"(integrations:
  - {name: prom, key: "${KEY_A}"})",
       {"tocsin.yaml:2:5: integrations[0].source: missing; say in which wire format it sends"}},
      {R"(integrations:
  - {name: prom, source: promethues, key: "${KEY_A}"})",
       {R"(tocsin.yaml:2:26: integrations[0].source: "promethues" is no source; did you mean "prometheus"?)"}},
      {R"(integrations:
  - {name: prom, source: nagios, key: "${KEY_A}"})",
       {R"(tocsin.yaml:2:26: integrations[0].source: "nagios" is no source; choose prometheus)"}},
      {R"(integrations:
  - {name: prom, source: prometheus})",
       {R"(tocsin.yaml:2:5: integrations[0].key: missing; write e.g. key: "${MY_KEY}", made with openssl rand -hex 24)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${KEY_A}", labels: [environment]})",
       {"tocsin.yaml:2:63: integrations[0].labels: found a list; wanted a map"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${KEY_A}", labels: {environment: [a]}})",
       {"tocsin.yaml:2:77: integrations[0].labels.environment: found a list; wanted text"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${KEY_A}", labels: {environment: ""}})",
       {"tocsin.yaml:2:77: integrations[0].labels.environment: empty; write a text"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${KEY_A}", group_by: alertname})",
       {"tocsin.yaml:2:65: integrations[0].group_by: found text; wanted a list"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${KEY_A}", group_by: [alertname, alertname]})",
       {R"(tocsin.yaml:2:77: integrations[0].group_by[1]: "alertname" stands here twice; remove one)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${KEY_A}", severities: {page: crtical}})",
       {R"(tocsin.yaml:2:74: integrations[0].severities.page: "crtical" is no severity; did you mean "critical"?)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${KEY_A}", severities: {critical: info}})",
       {R"(tocsin.yaml:2:78: integrations[0].severities.critical: "critical" stands for itself; leave it out, or set severity in a rule)"}},
      {R"(integrations:
  - {name: prom, source: prometheus, key: "${KEY_A}", severites: {page: critical}})",
       {R"(tocsin.yaml:2:55: integrations[0].severites: unknown key; did you mean "severities"?)"}},
  });
}

TEST_CASE("what integrations learn in a later version is said to be not in this version") {
  check_faults({
      {R"(integrations:
  - name: prom
    source: prometheus
    key: "${KEY_A}"
    map: {key: /job}
    spread_by: [cluster])",
       {"tocsin.yaml:5:5: integrations[0].map: is read by the sources generic and cloudevents; say "
        "source: generic, or remove it",
        "tocsin.yaml:6:5: integrations[0].spread_by: not in this version"}},
  });
}

TEST_CASE("how long an alert may be unheard of and an incident reopens is within limits") {
  const auto integration = [](const std::string& key) {
    return "integrations: [{name: p, source: prometheus, key: \"${KEY_A}\", " + key + "}]";
  };
  check_faults({
      {integration("resolve_after: 30s"),
       {R"(tocsin.yaml:1:78: integrations[0].resolve_after: "30s" is out of range; write 1m to 30d)"}},
      {integration("resolve_after: 5w"),
       {R"(tocsin.yaml:1:78: integrations[0].resolve_after: "5w" is out of range; write 1m to 30d)"}},
      {integration("reopen_within: 25h"),
       {R"(tocsin.yaml:1:78: integrations[0].reopen_within: "25h" is out of range; write 0s to 1d)"}},
      {integration("reopen_within: soon"),
       {R"(tocsin.yaml:1:78: integrations[0].reopen_within: "soon" is not a duration such as 30s, 5m, 2h, 7d or 1w; write a number and a unit)"}},
  });
}

TEST_CASE("a limit is a number of alerts in a second or a minute") {
  const auto integration = [](const std::string& key) {
    return "integrations: [{name: p, source: prometheus, key: \"${KEY_A}\", " + key + "}]";
  };
  const auto wrong = [](const std::string& text) {
    return "tocsin.yaml:1:70: integrations[0].limit: \"" + text +
           "\" is not a rate such as 5000/s or 300/m, of 1 to 1000000; write how many alerts a "
           "second or a minute";
  };
  check_faults({{integration("limit: 5000"), {wrong("5000")}},
                {integration("limit: 0/s"), {wrong("0/s")}},
                {integration("limit: 1000001/s"), {wrong("1000001/s")}},
                {integration("limit: 5/h"), {wrong("5/h")}},
                {integration("limit: 5/ s"), {wrong("5/ s")}},
                {integration("limit: fast"), {wrong("fast")}},
                {integration("limit: {alerts: 5}"),
                 {"tocsin.yaml:1:70: integrations[0].limit: found a map; wanted text"}}});
}

#include "router/core/digest.hpp"
#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

namespace {

To sentry(const std::string& resource = {}) {
  To to{"sentry"};
  if (!resource.empty()) to.headers = {{"sentry-hook-resource", resource}};
  return to;
}

std::string issue(const std::string& action) {
  return with(fixture("sentry/issue.json"), "\"action\": \"resolved\"",
              "\"action\": \"" + action + "\"");
}

}  // namespace

TEST_CASE("an issue alert of Sentry fires under its issue", "[sentry]") {
  const Alert alert = sentry("event_alert").only(fixture("sentry/issue_alert.json"));
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "issue:5150001");
  CHECK(alert.labels == Fields({{"alertname", "KeyError: 'basket'"},
                                {"project", "storefront"},
                                {"environment", "prod"},
                                {"severity", "fatal"},
                                {"rule", "Page the shop"}}));
  CHECK(alert.annotations.get("culprit") == "shop.basket in load");
  CHECK(alert.annotations.get("server") == "web-1");
  CHECK(alert.starts_at == at("2026-11-22T01:51:16.247Z"));
  CHECK(*alert.ends_at == kNow + std::chrono::hours(24));
  CHECK_THAT(alert.generator_url, Catch::Matchers::Contains("/issues/5150001/events/"));
  // Without the header, and without issue_id.
  CHECK(sentry().only(fixture("sentry/issue_alert.json")) == alert);
  CHECK(sentry()
            .only(with(fixture("sentry/issue_alert.json"), "\"issue_id\": \"5150001\"", "\"x\": 1"))
            .key == alert.key);
}

TEST_CASE("who was hit by an error is not taken over", "[sentry]") {
  const Alert alert = sentry().only(fixture("sentry/issue_alert.json"));
  for (const Fields& fields : {alert.labels, alert.annotations})
    for (const auto& [name, value] : fields.pairs()) {
      INFO(name);
      CHECK(value.find("customer@example.com") == std::string::npos);
      CHECK(value.find("198.51.100.7") == std::string::npos);
    }
}

TEST_CASE("an issue that is resolved or archived ends its alert", "[sentry]") {
  for (const char* action : {"resolved", "archived", "ignored"}) {
    INFO(action);
    const Alert over = sentry("issue").only(issue(action));
    CHECK(over.status == AlertStatus::resolved);
    CHECK(over.key == sentry().only(fixture("sentry/issue_alert.json")).key);
    CHECK(over.labels.get("project") == "storefront");
  }
}

TEST_CASE("an issue opens an alert without a rule only where that is wanted", "[sentry]") {
  for (const char* action : {"created", "unresolved"}) {
    INFO(action);
    CHECK(sentry("issue").nothing(issue(action)));
    To to = sentry("issue");
    to.settings = {{"new_issues", "yes"}};
    const Alert alert = to.only(issue(action));
    CHECK(alert.status == AlertStatus::firing);
    CHECK(alert.key == "issue:5150001");
  }
}

TEST_CASE("who an issue was assigned to is a note", "[sentry]") {
  const Said note = sentry("issue").word(
      with(issue("assigned"), "\"issue\": {", "\"assignee\": {\"name\": \"Grace\"}, \"issue\": {"));
  CHECK(note.kind == Said::Kind::noted);
  CHECK(note.key == "issue:5150001");
  CHECK(note.by == "Ada");
  CHECK(note.text == "assigned to Grace in Sentry");
}

TEST_CASE("a metric alert changes its severity and ends under one key", "[sentry]") {
  const std::string body = fixture("sentry/metric_alert.json");
  const Alert critical = sentry("metric_alert").only(body);
  CHECK(critical.key == "metric:61");
  CHECK(critical.labels == Fields({{"alertname", "Too many errors"},
                                   {"project", "storefront"},
                                   {"environment", "prod"},
                                   {"severity", "critical"}}));
  CHECK(critical.starts_at == at("2026-11-22T01:40:00Z"));
  CHECK(critical.generator_url == "https://sentry.io/organizations/example/alerts/9/");
  const Alert warning = sentry("metric_alert").only(with(body, "\"critical\"", "\"warning\""));
  CHECK(warning.key == critical.key);
  CHECK(warning.labels.get("severity") == "warning");
  const Alert over = sentry("metric_alert").only(with(body, "\"critical\"", "\"resolved\""));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == critical.key);
}

TEST_CASE("the plugin's issues have the keys of the integration's", "[sentry]") {
  const Alert alert = sentry().only(fixture("sentry/plugin.json"));
  CHECK(alert.key == "issue:5150002");
  CHECK(alert.labels.get("alertname") == "ValueError: cart");
  CHECK(alert.labels.get("rule") == "Page the shop");
  CHECK(alert.labels.get("severity") == "error");
  CHECK(
      sentry()
          .only(with(fixture("sentry/plugin.json"), "\"title\": \"ValueError: cart\"", "\"x\": 1"))
          .labels.get("alertname") == "cart is full");
}

TEST_CASE("with a client secret what is not signed with it is refused", "[sentry]") {
  const std::string body = fixture("sentry/issue_alert.json");
  To to = sentry("event_alert");
  to.settings = {{"client_secret", "shhh"}};
  CHECK_THAT(to.fault(body), Catch::Matchers::Contains("Sentry-Hook-Signature"));
  const std::string signature = hex(hmac_sha256("shhh", body));
  to.headers.emplace_back("sentry-hook-signature", signature);
  CHECK(to.only(body).key == "issue:5150001");
  CHECK_THAT(to.fault(body + " "), Catch::Matchers::Contains("Sentry-Hook-Signature"));
  to.settings = {{"client_secret", "other"}};
  const std::string fault = to.fault(body);
  CHECK(fault.find("other") == std::string::npos);
  CHECK(fault.find(signature) == std::string::npos);
}

TEST_CASE("installations and what else Sentry tells are accepted", "[sentry]") {
  CHECK(sentry("installation")
            .nothing(R"({"action":"created","data":{"installation":{"status":"pending"}}})"));
  CHECK(sentry("comment").nothing(R"({"action":"created","data":{"comment":"x","issue_id":1}})"));
  CHECK(sentry("seer").nothing("{}"));
  CHECK(sentry().nothing(R"({"action":"created","data":{}})"));
  CHECK_THAT(sentry().fault("{}"), Catch::Matchers::Contains("neither data nor id"));
  CHECK_THAT(sentry("event_alert").fault(R"({"data":{"event":{}}})"),
             Catch::Matchers::Contains("issue_id"));
  check_plain_answers("sentry");
}

#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

namespace {

const To azure{"azure"};

}  // namespace

TEST_CASE("a metric alert of the common schema fires under its alertId", "[azure]") {
  const Alert alert = azure.only(fixture("azure/metric_fired.json"));
  CHECK(alert.status == AlertStatus::firing);
  CHECK_THAT(alert.key, Catch::Matchers::EndsWith("/alerts/5d2c7e10-4b6a-4c1e-9a33-0f1e2d3c4b5a"));
  CHECK(alert.labels == Fields({{"alertname", "api gateway slow"},
                                {"severity", "Sev1"},
                                {"signal", "Metric"},
                                {"monitoring_service", "Platform"},
                                {"subscription", "6a1f0000-0000-4000-8000-00000000beef"},
                                {"resource_group", "shop-rg"},
                                {"resource", "gw-1"},
                                {"dimension_Listener", "https-public"},
                                {"team", "shop"}}));
  CHECK(alert.annotations.get("description") == "p95 over 2 s");
  CHECK(alert.annotations.get("value") == "3120.5");
  CHECK(alert.annotations.get("threshold") == "2000");
  CHECK(alert.starts_at == at("2026-11-22T01:51:02.123456Z"));
  CHECK_THAT(alert.generator_url, Catch::Matchers::StartsWith("https://portal.azure.com/#blade/") &&
                                      Catch::Matchers::Contains("%2Fsubscriptions%2F"));
}

TEST_CASE("a metric alert that Azure resolved ends under the same key", "[azure]") {
  const std::string body = fixture("azure/metric_fired.json");
  const Alert over = azure.only(
      with(body, "\"monitorCondition\": \"Fired\"",
           R"("monitorCondition": "Resolved", "resolvedDateTime": "2026-11-22T01:52:00.5Z")"));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == azure.only(body).key);
  CHECK(over.ends_at == at("2026-11-22T01:52:00.5Z"));
}

TEST_CASE("log alerts end by Azure and activity logs never and last a day", "[azure]") {
  const Alert log = azure.only(fixture("azure/log_fired.json"));
  CHECK(log.labels.get("alertname") == "no heartbeat");
  CHECK(log.labels.get("dimension_Computer") == "vm-7");
  CHECK(log.annotations.get("query") == "Heartbeat | where Computer == 'vm-7'");
  CHECK(log.annotations.get("results") == "https://portal.azure.com/#search-7");
  CHECK(*log.ends_at == kNow + std::chrono::hours(24 * 7));
  To stateless = azure;
  stateless.settings = {{"stateless", "yes"}};
  CHECK(*stateless.only(fixture("azure/log_fired.json")).ends_at == kNow + std::chrono::hours(24));
  CHECK(*stateless.only(fixture("azure/metric_fired.json")).ends_at ==
        kNow + std::chrono::hours(24 * 7));
  const Alert activity = azure.only(fixture("azure/activity_log.json"));
  CHECK(activity.labels.get("severity") == "Sev4");
  CHECK(activity.labels.get("signal") == "Activity Log");
  CHECK(activity.annotations.get("operation") == "Microsoft.Sql/servers/databases/delete");
  CHECK(*activity.ends_at == kNow + std::chrono::hours(24));
  CHECK(*azure.only(fixture("azure/metric_fired.json")).ends_at ==
        kNow + std::chrono::hours(24 * 7));
}

TEST_CASE("the schemas before the common one are read", "[azure]") {
  const std::string body = fixture("azure/rule_activated.json");
  const Alert alert = azure.only(body);
  CHECK(alert.labels.get("alertname") == "CpuHigh");
  CHECK(alert.labels.get("severity") == "Sev2");
  CHECK(alert.labels.get("resource") == "web-3");
  CHECK(alert.labels.get("owner") == "web");
  CHECK(alert.annotations.get("metric") == "Percentage CPU");
  const Alert over = azure.only(with(body, "Activated", "Deactivated"));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == alert.key);

  const std::string classic =
      R"({"status":"Activated","context":{"name":"old","id":"/x/old","resourceId":"/subscriptions/s/r/site-1",
          "condition":{"metricName":"Requests","metricValue":"10","threshold":"10"}},"properties":{"a":"b"}})";
  CHECK(azure.only(classic).annotations.get("metric") == "Requests");
  CHECK(azure.only(with(classic, "Activated", "Resolved")).key == azure.only(classic).key);

  const Alert log = azure.only(
      R"({"schemaId":"Microsoft.Insights/LogAlert","data":{"SubscriptionId":"s","AlertRuleName":"errors",
          "SearchQuery":"x","Severity":"3","LinkToSearchResults":"https://portal.azure.com/q"}})");
  CHECK(log.labels.get("severity") == "Sev3");
  CHECK(log.key == "s|errors");
  const Alert activity = azure.only(
      R"({"schemaId":"Microsoft.Insights/activityLogs","data":{"status":"Activated","context":{"activityLog":
          {"eventDataId":"e-1","operationName":"Restart","resourceId":"/subscriptions/s/a/vm-1","status":"Started"}}}})");
  CHECK(activity.key == "e-1");
  CHECK(activity.labels.get("resource") == "vm-1");
}

TEST_CASE("what is in no schema of Azure is refused", "[azure]") {
  CHECK_THAT(azure.fault("{}"), Catch::Matchers::Contains("common alert schema"));
  CHECK_THAT(azure.fault(R"({"data":{"essentials":{}}})"), Catch::Matchers::Contains("alertId"));
  CHECK_THAT(azure.fault("[]"), Catch::Matchers::Contains("common alert schema"));
  check_plain_answers("azure", 429);
}

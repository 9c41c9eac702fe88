#include "router/core/digest.hpp"
#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

namespace {

const To google{"google-cloud"};

std::string open() { return fixture("google_cloud/open.json"); }

}  // namespace

TEST_CASE("an incident of Google Cloud fires under its id", "[google-cloud]") {
  const Alert alert = google.only(open());
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "0.opq77rst88uvw");
  CHECK(alert.labels == Fields({{"alertname", "Replica lag"},
                                {"condition", "lag over 30 s"},
                                {"project", "shop-prod"},
                                {"resource", "shop-prod db-2"},
                                {"resource_type", "cloudsql_database"},
                                {"severity", "Error"},
                                {"team", "data"},
                                {"database", "orders"},
                                {"database_id", "shop-prod:db-2"},
                                {"project_id", "shop-prod"},
                                {"region", "europe-west3"}}));
  CHECK(alert.annotations.get("description") == "Fail over by hand.");
  CHECK(alert.annotations.get("runbook") == "https://wiki.example.com/lag");
  CHECK(alert.annotations.get("value") == "41");
  CHECK(alert.starts_at == at("2026-11-22T01:51:02Z"));
  CHECK_THAT(alert.generator_url, Catch::Matchers::Contains("/incidents/0.opq77rst88uvw"));
}

TEST_CASE("an incident that closed is resolved whatever the case of the word", "[google-cloud]") {
  for (const char* word : {"closed", "CLOSED"}) {
    const Alert over = google.only(with(with(open(), "\"open\"", "\"" + std::string(word) + "\""),
                                        "\"ended_at\": null", "\"ended_at\": 1795312322"));
    CHECK(over.status == AlertStatus::resolved);
    CHECK(over.key == "0.opq77rst88uvw");
    CHECK(over.ends_at == at("2026-11-22T01:52:02Z"));
  }
}

TEST_CASE("a policy without a severity takes that of its labels", "[google-cloud]") {
  CHECK_FALSE(google.only(with(open(), "\"Error\"", "\"No severity\"")).labels.find("severity"));
  CHECK(google
            .only(with(with(open(), "\"Error\"", "\"No severity\""), "{\"team\": \"data\"}",
                       R"({"severity": "critical"})"))
            .labels.get("severity") == "critical");
}

TEST_CASE("what Pub/Sub pushes is unwrapped", "[google-cloud]") {
  const Alert pushed =
      google.only(R"({"message":{"data":")" + base64(open()) +
                  R"(","messageId":"1"},"subscription":"projects/p/subscriptions/s"})");
  CHECK(pushed == google.only(open()));
  CHECK_THAT(google.fault(R"({"message":{"data":"%%%"}})"), Catch::Matchers::Contains("base64"));
}

TEST_CASE("the first version of an incident is read and a test opens nothing", "[google-cloud]") {
  const Alert old = google.only(
      R"({"version":"1.1","incident":{"incident_id":"f2","resource_name":"web-8","state":"open","started_at":1795312262,
          "policy_name":"Health","condition_name":"CPU","documentation":"by hand","summary":"high"}})");
  CHECK(old.key == "f2");
  CHECK(old.annotations.get("description") == "by hand");
  CHECK(google.nothing(R"({"version":"test","incident":{"incident_id":"0","state":"open"}})"));
}

TEST_CASE("the key of a webhook channel is its auth_token", "[google-cloud]") {
  To to = google;
  to.query = {{"auth_token", "s3cret"}};
  REQUIRE(to.spec().key != nullptr);
  CHECK(to.spec().key(to.request("")) == "s3cret");
  CHECK(to.spec().key(google.request("")).empty());
}

TEST_CASE("what has no incident is refused", "[google-cloud]") {
  CHECK_THAT(google.fault("{}"), Catch::Matchers::Contains("incident_id"));
  CHECK_THAT(google.fault(""), Catch::Matchers::Contains("JSON"));
  check_plain_answers("google-cloud");
}

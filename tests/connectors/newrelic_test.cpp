#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

namespace {

const To newrelic{"newrelic"};

std::string activated() { return fixture("newrelic/activated.json"); }

std::string in_state(const std::string& state) { return with(activated(), "ACTIVATED", state); }

}  // namespace

TEST_CASE("an issue of New Relic fires under its id", "[newrelic]") {
  const Alert alert = newrelic.only(activated());
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "7c1b6a0e-1111-4222-8333-944444444444");
  CHECK(alert.labels == Fields({{"alertname", "Error rate"},
                                {"policy", "Golden signals"},
                                {"entity", "checkout, basket"},
                                {"severity", "HIGH"}}));
  CHECK_THAT(std::string(alert.annotations.get("summary")),
             Catch::Matchers::Contains("> 5.0 for 5 minutes"));
  CHECK(alert.starts_at == at("2026-11-22T01:51:02Z"));
  CHECK_THAT(alert.generator_url,
             Catch::Matchers::StartsWith("https://radar-api.service.newrelic.com/"));
  CHECK(newrelic.only(in_state("CREATED")).key == alert.key);
}

TEST_CASE("a closed issue is resolved and an acknowledged one is a word", "[newrelic]") {
  const Alert over = newrelic.only(in_state("CLOSED"));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == newrelic.only(activated()).key);
  CHECK(over.ends_at == at("2026-11-22T01:51:40Z"));
  const Said word = newrelic.word(in_state("ACKNOWLEDGED"));
  CHECK(word.kind == Said::Kind::acknowledged);
  CHECK(word.key == over.key);
}

TEST_CASE("an issue without its id has that in its link or its policy and condition",
          "[newrelic]") {
  const std::string without =
      with(activated(), "\"id\": \"7c1b6a0e-1111-4222-8333-944444444444\",", "");
  CHECK(newrelic.only(without).key == "7c1b6a0e-1111-4222-8333-944444444444");
  CHECK(newrelic.only(with(without, "/issues/", "/x/")).key == "Golden signals/Error rate");
}

TEST_CASE("times that are none cost no alert", "[newrelic]") {
  const Alert odd = newrelic.only(with(activated(), "1795312262000", "\"17137asd\""));
  CHECK(odd.starts_at == kNow);
  const Alert large = newrelic.only(with(in_state("CLOSED"), "\"updatedAt\": 1795312300000",
                                         "\"updatedAt\": \"123123123129312381923\""));
  CHECK(large.ends_at == kNow);
}

TEST_CASE("incidents of older channels are read as JSON and as a form", "[newrelic]") {
  const std::string body = fixture("newrelic/old_open.json");
  const Alert alert = newrelic.only(body);
  CHECK(alert.key == "4711");
  CHECK(alert.labels == Fields({{"alertname", "Apdex low"},
                                {"policy", "Web"},
                                {"entity", "storefront"},
                                {"account", "Shop"},
                                {"severity", "CRITICAL"}}));
  CHECK(alert.annotations.get("runbook") == "https://wiki.example.com/apdex");
  CHECK(newrelic.only(with(body, "\"open\"", "\"closed\"")).status == AlertStatus::resolved);
  CHECK(newrelic.word(with(body, "\"open\"", "\"acknowledged\"")).key == "4711");
  const Alert form = newrelic.only(
      "incident_id=4711&current_state=closed&condition_name=Apdex+low&policy_name=Web");
  CHECK(form.key == "4711");
  CHECK(form.status == AlertStatus::resolved);
}

TEST_CASE("a template without any known field is refused", "[newrelic]") {
  CHECK_THAT(newrelic.fault(R"({"unrecognized":"x"})"),
             Catch::Matchers::Contains("neither id nor title"));
  check_plain_answers("newrelic");
}

#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

namespace {

const To splunk{"splunk"};

std::string found() { return fixture("splunk/one_result.json"); }

}  // namespace

TEST_CASE("a search of Splunk that found something fires under app and search and host",
          "[splunk]") {
  const Alert alert = splunk.only(found());
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "search/failed payments/pay-1");
  CHECK(alert.labels == Fields({{"alertname", "failed payments"},
                                {"app", "search"},
                                {"host", "pay-1"},
                                {"service", "payment"},
                                {"sourcetype", "payments"}}));
  CHECK(alert.annotations.get("summary") == "payment 77 failed: timeout");
  CHECK(alert.annotations.get("count") == "12");
  CHECK_FALSE(alert.annotations.find("date_hour"));
  CHECK_FALSE(alert.annotations.find("_si"));
  CHECK_FALSE(alert.annotations.find("sourcetype"));
  CHECK(alert.generator_url == "https://splunk.example.com/app/search/search?q=1");
}

TEST_CASE("the next run of a search has the same key", "[splunk]") {
  CHECK(splunk.only(with(with(found(), "at_1795312260_7", "at_1795312320_8"), "\"12\"", "\"15\""))
            .key == splunk.only(found()).key);
}

TEST_CASE("what Splunk found lasts as long as the integration says", "[splunk]") {
  CHECK(*splunk.only(found()).ends_at == kNow + std::chrono::hours(24));
  To to = splunk;
  to.settings = {{"lasts", "2h"}};
  CHECK(*to.only(found()).ends_at == kNow + std::chrono::hours(2));
  for (const char* wrong : {"soon", "0s", "400d", "-1h"}) {
    to.settings = {{"lasts", wrong}};
    CHECK(*to.only(found()).ends_at == kNow + std::chrono::hours(24));
  }
}

TEST_CASE("whatever a search leaves out the alert comes in", "[splunk]") {
  const Alert bare = splunk.only(R"({"sid":"1","search_name":null,"result":{"a":"b"}})");
  CHECK(bare.labels.get("alertname") == "unnamed search");
  CHECK(bare.annotations.get("a") == "b");
  CHECK(splunk.only(R"({"search_name":"s"})").key == "/s/");
  const Alert long_name = splunk.only(R"({"search_name":")" + std::string(6'000, 'n') + "\"}");
  CHECK(long_name.labels.get("alertname").size() <= 4'096);
  CHECK_THAT(long_name.key, Catch::Matchers::StartsWith("sha256:"));
  CHECK_THAT(splunk.fault("{}"), Catch::Matchers::Contains("search_name"));
  check_plain_answers("splunk");
}

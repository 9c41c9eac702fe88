#include "tests/connectors/source_requests.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;

namespace {

const Sender kSender{"victorops"};
constexpr const char* kPath = "/integrations/generic/20131114/alert/K3Y/night";

}  // namespace

TEST_CASE("a message of VictorOps is an alert by its entity") {
  const Alert alert = kSender.only({fixture("victorops/critical.json"), kPath});
  CHECK(alert.key == "observatory/dome");
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.labels == Fields({{"alertname", "Dome does not close"},
                                {"host", "dome-1"},
                                {"monitoring_tool", "Skywatch"},
                                {"routing_key", "night"},
                                {"service", "dome"},
                                {"severity", "CRITICAL"}}));
  CHECK(alert.annotations.get("description") == "Motor 2 draws 0 A.\nIt rains.");
  CHECK(alert.annotations.get("wind") == R"({"kmh":40})");
  CHECK(alert.starts_at == WallTime(std::chrono::seconds(1795312000)));
  CHECK(alert.generator_url == "https://skywatch.example/dome");
}

TEST_CASE("recovery ends and acknowledgement acknowledges in any case of letters") {
  const Alert over =
      kSender.only({R"({"message_type":"recovery","entity_id":"observatory/dome"})", kPath});
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == "observatory/dome");
  const Parsed said = kSender.taken(
      {R"({"message_type":"ACKNOWLEDGEMENT","entity_id":"e","state_message":"seen"})", kPath});
  CHECK(said.alerts.empty());
  REQUIRE(said.said.size() == 1);
  CHECK(said.said[0].key == "e");
  CHECK(said.said[0].text == "seen");
}

TEST_CASE("the key of VictorOps is in the path and the entity in the answer") {
  const auto key = kSender.spec().key;
  CHECK(key(Sender::request({"", kPath})) == "K3Y");
  CHECK(key(Sender::request({"", "/in/vo/integrations/generic/20131114/alert/K4"})) == "K4");
  CHECK(key(Sender::request({"", "/v2/enqueue"})).empty());
  CHECK(kSender.answer(Kind::accepted, kPath, "a\"b").body ==
        R"({"result":"success","entity_id":"a\"b"})");
  const Parsed own = kSender.taken({R"({"message_type":"WARNING"})", kPath});
  REQUIRE(own.alerts.size() == 1);
  CHECK(own.reply == own.alerts[0].key);
  CHECK_THAT(kSender.fault({"{}", kPath}), Catch::Matchers::Contains("message_type is missing"));
  CHECK_THAT(kSender.fault({R"({"message_type":"RECOVERY"})", kPath}),
             Catch::Matchers::Contains("entity_id is missing"));
}

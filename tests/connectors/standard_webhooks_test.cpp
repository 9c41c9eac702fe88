#include "connectors/wire/standard_webhooks.hpp"

#include "tests/catch.hpp"

using namespace tocsin::wire;

TEST_CASE("signatures are those of the published examples", "[wire]") {
  const auto key = webhook_key("whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw");
  REQUIRE(key);
  CHECK(*key == std::string(24, '0'));
  CHECK(webhook_signature(*key, "msg_x", 1, "{}") ==
        "v1,rEubDiZv8ZkZFVQ8X6bH/mb+gMrRppzSwpaKD5v7giw=");
  const std::string event =
      R"({"type":"incident.triggered","timestamp":"2026-08-20T10:15:02.123Z","data":{"incident":{"id":"42",)"
      R"("status":"triggered","severity":"critical","title":"checkout error rate above 5%",)"
      R"("url":"https://alerts.example.com/i/42","labels":{"service":"checkout"}}}})";
  CHECK(webhook_signature(*key, "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", 1787220902, event) ==
        "v1,zSbIz2d1cWgZYYNVGf1b/Ayxo4QybDn41/w4ROEOZx8=");
}

TEST_CASE("a secret that signs nothing safely is refused without being shown", "[wire]") {
  for (const char* secret :
       {"", "hush", "whsec_", "whsec_aHVzaA==", "whsec_not base64!",
        "whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMA==", "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw"}) {
    INFO(secret);
    const auto key = webhook_key(secret);
    REQUIRE_FALSE(key);
    CHECK(key.error().message.find("openssl") != std::string::npos);
    CHECK(key.error().message.find("MDAw") == std::string::npos);
    CHECK(key.error().message.find("hush") == std::string::npos);
  }
  CHECK_FALSE(webhook_key("whsec_" + std::string(88, 'A')));  // 66 bytes
  CHECK(webhook_key("whsec_" + std::string(84, 'A')));        // 63 bytes
}

#include "connectors/wire/text.hpp"

#include "connectors/wire/standard_webhooks.hpp"
#include "tests/catch.hpp"

using namespace tocsin::wire;

TEST_CASE("text from strangers becomes one plain line", "[wire]") {
  CHECK(one_line("  a\t\r\n b\u2028c  ") == "a b c");
  CHECK(one_line("\x1b[2J\x07\x7f\u0085x") == "[2J x");
  CHECK(one_line("a\u202egnp.exe\u2066") == "agnp.exe");
  CHECK(one_line("é🙂\xff\xc0\xaf\xed\xa0\x80z\xe2\x82") ==
        "é🙂\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdz\ufffd\ufffd");
  CHECK(one_line(std::string("a\0b", 3)) == "ab");
  CHECK(plain_lines("one\r\n\n \x1b two\nthree") == "one\ntwo\nthree");
}

TEST_CASE("a text is cut between two characters", "[wire]") {
  CHECK(cut("abcdef", 6) == "abcdef");
  CHECK(cut("abcdefg", 6) == "abc…");
  CHECK(cut("ab🙂defg", 8) == "ab…");
  CHECK(cut("ab🙂defg", 9) == "ab🙂…");
  CHECK(cut("abcdef", 2).empty());
}

TEST_CASE("any text becomes a JSON string", "[wire]") {
  CHECK(json_string("a\"b\\c\n\t\x01\x7fé🙂") ==
        "\"a\\\"b\\\\c\\n\\u0009\\u0001\\u007fé🙂\"");
  CHECK(json_string("\xff") == "\"\ufffd\"");
}

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

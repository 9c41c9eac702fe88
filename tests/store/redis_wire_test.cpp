// What comes from a Redis, or from whatever answers in its place: read within limits, and told
// without a secret.
#include "connectors/stores/redis_wire.hpp"

#include "connectors/stores/redis_faults.hpp"
#include "connectors/stores/redis_layout.hpp"
#include "tests/store/tools.hpp"

namespace tocsin::store::testing {
namespace {

using Kind = RedisReply::Kind;

/// Whether a reader takes it, whole or as a beginning.
bool is_taken(const std::string& bytes) {
  RedisReplies replies;
  return replies.feed(bytes) && replies.next();
}

}  // namespace

TEST_CASE("replies of redis are read whole from pieces of any size") {
  const std::string bytes = "*5\r\n$3\r\na\r\n\r\n:-7\r\n$-1\r\n+OK\r\n*1\r\n-ERR no\r\n";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    RedisReplies replies;
    std::optional<RedisReply> reply;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      REQUIRE_FALSE(reply);
      REQUIRE(replies.feed(bytes.substr(at, piece)));
      reply = replies.next().value();
    }
    REQUIRE(reply);
    REQUIRE(reply->items.size() == 5);
    CHECK(reply->item(0).text == "a\r\n");
    CHECK(reply->item(1).number == -7);
    CHECK(reply->item(2).kind == Kind::nothing);
    CHECK(reply->item(3).kind == Kind::status);
    CHECK(reply->item(4).item(0).is_error());
    CHECK(reply->item(9).kind == Kind::nothing);
  }
}

TEST_CASE("replies that are none or too large are refused before they take memory") {
  CHECK_FALSE(is_taken("HTTP/1.1 400 Bad Request\r\n\r\n"));
  CHECK_FALSE(is_taken("*1048577\r\n"));
  CHECK_FALSE(is_taken("*2147483647\r\n"));
  CHECK_FALSE(is_taken("$99999999999999999999\r\n"));
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "*1\r\n";
  CHECK_FALSE(is_taken(deep));
  RedisReplies replies;
  REQUIRE(replies.feed("$500000000\r\n"));
  const std::string some(1 << 20, 'x');
  std::size_t fed = 0;
  while (replies.feed(some)) fed += some.size();
  CHECK(fed <= kMostReplyBytes);
}

TEST_CASE("what redis refuses is told with a remedy and without what it repeats of a command") {
  for (const char* secret :
       {"ERR unknown command `AUTH`, with args beginning with: `s3cr3t`, ",
        "ERR unknown command 'AUTH', with args beginning with: 's3cr3t' ",
        "ERR Error running script: \"s3cr3t\"", "NOAUTH s3cr3t", "-\r\n\x01 's3cr3t'"}) {
    const Error error = refused_by_redis(secret);
    CHECK(error.kind == ErrorKind::unavailable);
    CHECK(error.message.find("s3cr3t") == std::string::npos);
    CHECK(error.message.find('\n') == std::string::npos);
  }
  CHECK(refused_by_redis("OOM command not allowed").message.find("raise maxmemory") !=
        std::string::npos);
  CHECK(refused_by_redis("WRONGTYPE tocsin:ids is a list and no zset").message.find("tocsin:ids") !=
        std::string::npos);
}

TEST_CASE("words of keys are kept apart whatever is in them") {
  CHECK(key_word("cdp") == "cdp");
  CHECK(key_word("a:b%c\n") == "a%3ab%25c%0a");
  Query one;
  one.team = "a";
  one.gameday = "b";
  Query other;
  other.team = "a:gameday=b";
  CHECK(list_ending(one) != list_ending(other));
}

TEST_CASE("an incident of which any byte is changed is none") {
  const History saved = incident("7c1m", 3, "cdp", Severity::critical, "drill");
  const std::string bytes = encode_history(saved);
  const std::string sum = std::to_string(checksum_of(saved));
  CHECK(decode_history(bytes, sum) == saved);
  CHECK_FALSE(decode_history(bytes, sum + "1"));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    const auto read = decode_history(damaged, sum);
    CHECK((!read || *read == saved));
    CHECK_FALSE(decode_history(bytes.substr(0, at), sum));
  }
}

}  // namespace tocsin::store::testing

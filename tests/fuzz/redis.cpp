// What a Redis answers, in whatever pieces it comes, and an incident as it is kept there.
//
//   byte 0  how the bytes are cut into pieces; the rest are replies
#include "connectors/stores/redis_layout.hpp"
#include "connectors/stores/redis_wire.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tocsin::fuzz {
namespace {

using namespace store;

std::string shown(const RedisReply& reply) {
  std::string text = std::to_string(static_cast<int>(reply.kind)) + ":" + reply.text + ":" +
                     std::to_string(reply.number) + "[";
  for (const RedisReply& item : reply.items) text += shown(item) + ",";
  return text + "]";
}

std::string read_all(std::string_view bytes, std::size_t piece) {
  RedisReplies replies;
  std::string all;
  while (!bytes.empty()) {
    const std::string_view now = bytes.substr(0, piece);
    bytes.remove_prefix(now.size());
    if (!replies.feed(now)) return all + "corrupt";
    for (;;) {
      auto reply = replies.next();
      if (!reply) {
        check_error_text(reply.error().message);
        return all + "corrupt";
      }
      if (!*reply) break;
      all += shown(**reply) + "\n";
    }
  }
  return all;
}

std::vector<std::string> seeds() {
  return {"\3+OK\r\n:12\r\n$3\r\nabc\r\n$-1\r\n",
          "\1-ERR no\r\n",
          "\2*3\r\n$1\r\na\r\n*2\r\n:1\r\n*0\r\n*-1\r\n",
          "\7*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
          "\7$2147483648\r\n",
          "\7*1048577\r\n"};
}

}  // namespace

TOCSIN_FUZZ_TARGET(redis, seeds) {
  Input in(input);
  const std::size_t piece = in.byte() % 32 + 1;
  const std::string_view bytes = in.rest();
  const std::string whole = read_all(bytes, std::max<std::size_t>(bytes.size(), 1));
  PROMISE(whole == read_all(bytes, piece), whole);
  static_cast<void>(decode_history(bytes, bytes.substr(0, std::min<std::size_t>(8, bytes.size()))));
}

}  // namespace tocsin::fuzz

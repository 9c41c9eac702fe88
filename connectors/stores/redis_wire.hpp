// Redis' protocol as values: a command as the bytes that ask for it, bytes as the replies in them.
// No I/O. Replies are of another program: each is bounded in bytes and in elements.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "router/core/result.hpp"

namespace tocsin::store {

using RedisCommand = std::vector<std::string>;

struct RedisReply {
  enum class Kind : std::uint8_t { nothing, status, error, number, text, list };
  Kind kind = Kind::nothing;
  std::string text;  // of a status, an error or a text
  std::int64_t number = 0;
  std::vector<RedisReply> items;

  bool is_error() const { return kind == Kind::error; }
  /// What it is not is empty, or 0.
  const RedisReply& item(std::size_t place) const;
};

/// Errors: invalid, it is larger than Redis takes.
Result<std::string> encode(const RedisCommand& command);

class RedisReplies {
 public:
  RedisReplies();
  RedisReplies(RedisReplies&&) noexcept;
  RedisReplies& operator=(RedisReplies&&) noexcept;
  ~RedisReplies();

  /// Errors of both: corrupt, these are no replies of Redis, or one is larger than
  /// kMostReplyBytes; nothing more can be read then.
  Status feed(std::string_view bytes);
  /// Nothing while the next reply is not complete.
  Result<std::optional<RedisReply>> next();

 private:
  struct Reader;
  std::unique_ptr<Reader> reader_;
};

inline constexpr std::size_t kMostReplyBytes = 128u << 20;
inline constexpr int kMostReplyElements = 1 << 20;

}  // namespace tocsin::store

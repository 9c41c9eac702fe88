// Values of any size in Redis: a small one stands where it belongs, a large one in parts beside it,
// so that no single command holds up Redis' other callers.
//
// Parts are sent first and vanish by themselves; the script that makes a value whole keeps them.
#pragma once

#include "connectors/stores/redis_connection.hpp"

namespace tocsin::store {

/// One of the two is empty.
struct RedisValue {
  std::string blob;
  std::string parts;  // NAME:COUNT
};

class RedisParts {
 public:
  RedisParts(RedisConnection& redis, const RedisStoreOptions& options)
      : redis_(redis), options_(options) {}

  Result<RedisValue> send(std::string value);
  /// Nothing when a part is missing: the value has been replaced meanwhile, or is damaged.
  Result<std::optional<std::string>> read(const RedisValue& value);

 private:
  std::string key_of(const std::string& name, std::size_t place) const;

  RedisConnection& redis_;
  const RedisStoreOptions& options_;
};

}  // namespace tocsin::store

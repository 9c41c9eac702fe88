// Snapshots in Redis. What names one is written last, and by one script: it is whole or not there.
//
//   snapshots               set: the partitions that have one
//   snapshot:PARTITION      hash: identity, position, sum, blob or parts
#pragma once

#include "connectors/stores/redis_layout.hpp"
#include "connectors/stores/redis_parts.hpp"

namespace tocsin::store {

class RedisSnapshots {
 public:
  RedisSnapshots(RedisConnection& redis, RedisParts& parts, const RedisStoreOptions& options)
      : redis_(redis), parts_(parts), options_(options) {}

  /// Those of this journal; others are discarded with a word.
  Result<std::vector<Snapshot>> read_all();
  Status discard_all();
  /// Whether it was.
  Result<bool> drop_if_damaged(const std::string& partition);

 private:
  struct Kept {
    bool there = false;
    std::string checksum;
    std::optional<Snapshot> snapshot;  // if it is whole
  };
  Result<Kept> read(const std::string& partition);

  RedisConnection& redis_;
  RedisParts& parts_;
  const RedisStoreOptions& options_;
};

/// The arguments of redis_script::commit for one snapshot.
void add_to_commit(RedisCommand& arguments, const Snapshot& snapshot, RedisValue value);

}  // namespace tocsin::store

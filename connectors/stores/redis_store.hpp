// The store that several nodes share: one Redis. router/store/README.md says what is kept under
// which key.
//
// A Redis that is away, hung or refuses is met in the background: a call then fails at once, and at
// the longest after `answer_within`. Not for Redis Cluster, whose keys live in several places.
#pragma once

#include <functional>
#include <memory>

#include "router/core/clock.hpp"
#include "router/store/store.hpp"

namespace tocsin::store {

struct RedisStoreOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 6379;
  std::string user;      // empty: Redis' default user
  std::string password;  // empty: none is asked for
  unsigned database = 0;
  /// Every key begins with it. Tocsins with journals of their own need one each.
  std::string prefix = "tocsin:";
  /// The journal's. Snapshots made from another are discarded.
  std::string identity;
  /// A name of letters and digits that nobody gives twice; any thread may call it.
  std::function<std::string()> make_name;
  /// Words for the log: what is wrong, once for each new reason, and that it is over. Any thread
  /// may call it; it must be quick.
  std::function<void(const std::string&)> tell;
  Duration connect_within = std::chrono::seconds(2);
  /// For each command; a list, a page and a save are one or few of them.
  Duration answer_within = std::chrono::seconds(2);
  /// So often an idle connection is looked at, which also keeps it from being closed.
  Duration look_every = std::chrono::seconds(5);
  Duration first_back_off = std::chrono::milliseconds(100);
  Duration longest_back_off = std::chrono::seconds(10);
  /// Larger values are kept in parts of so much, so that none holds up Redis' other callers.
  std::size_t part_bytes = 1u << 20;
  /// A node may use a configuration that nothing names yet: for so long it is kept all the same.
  Duration configurations_kept = std::chrono::hours(24 * 7);
};

/// Waits until the first attempt to reach Redis has ended, well or not. Errors: invalid, an option
/// is wrong. A Redis that is away is no error: it is used once it is there.
Result<std::unique_ptr<Store>> open_redis_store(const RedisStoreOptions& options,
                                                const Clock& clock);

}  // namespace tocsin::store

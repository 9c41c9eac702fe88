// The way to Redis for many threads: one session under a lock, made again in the background when it
// breaks, with a back-off. Nobody waits for a connection to be made.
//
// One session is enough: Redis does one thing at a time as well.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>

#include "connectors/stores/redis_session.hpp"

namespace tocsin::store {

class RedisConnection {
 public:
  RedisConnection(const RedisStoreOptions& options, const Clock& clock);

  /// Errors of both: unavailable, at once when there is no session. An error reply is an error
  /// here, in words.
  Result<RedisReply> ask(const RedisCommand& command);
  Result<RedisReply> run(const RedisScript& script, const RedisCommand& arguments);

  /// Of the session there is; empty without one.
  std::string process() const;
  /// Not longer than an attempt may take.
  void wait_for_first_attempt();
  /// Each word once.
  void tell_once(const std::string& words);
  Error fault(const Error& error) const;

 private:
  template <class Use>
  Result<RedisReply> use(Use use);
  void keep_up(const std::stop_token& stop);
  void look();
  bool connect(std::unique_lock<std::mutex>& lock);
  void lose(const Error& why);

  const RedisStoreOptions options_;
  const Clock& clock_;
  const std::string name_;
  mutable std::mutex mutex_;  // held while Redis is asked
  std::condition_variable_any changed_;
  std::optional<RedisSession> session_;
  std::string trouble_ = "it has not answered yet";
  std::string told_trouble_;
  bool tried_ = false;
  std::mutex told_mutex_;  // taken last
  std::set<std::string> told_;
  std::jthread keeper_;  // last: it uses everything above
};

}  // namespace tocsin::store

// One connection to Redis, signed in: a command goes out and its answer comes back before the next.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "connectors/stores/redis_scripts.hpp"
#include "connectors/stores/redis_socket.hpp"
#include "connectors/stores/redis_store.hpp"
#include "connectors/stores/redis_wire.hpp"

namespace tocsin::store {

class RedisSession {
 public:
  /// Connects, signs in, selects the database. Errors: unavailable, saying what to do.
  static Result<RedisSession> open(const RedisStoreOptions& options, const Clock& clock);

  /// An error reply is a value here. Errors: unavailable, after which the session is of no use:
  /// whether the command was done is not known.
  Result<RedisReply> ask(const RedisCommand& command);
  /// The script's first key is the prefix; Redis is sent its text only when it has forgotten it.
  Result<RedisReply> run(const RedisScript& script, const RedisCommand& arguments);

  /// Idle, and nothing has gone wrong with it so far.
  bool is_sound() const { return !socket_.has_unasked(); }
  /// Of the process that answers: another one may have lost what the one before had.
  const std::string& process() const { return process_; }
  /// What of its settings threatens what is stored, for the log.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  RedisSession(const RedisStoreOptions& options, const Clock& clock, RedisSocket socket)
      : options_(&options), clock_(&clock), socket_(std::move(socket)) {}
  Status sign_in();
  Status look_around();

  const RedisStoreOptions* options_;
  const Clock* clock_;
  RedisSocket socket_;
  RedisReplies replies_;
  std::map<const RedisScript*, std::string> loaded_;  // the names that Redis has for them
  std::string process_;
  std::vector<std::string> warnings_;
};

}  // namespace tocsin::store

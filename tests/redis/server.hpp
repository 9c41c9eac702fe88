// A real Redis for the tests of this program, started by deploy/redis on a free port when a test
// first asks for it. Beside it what a test does to it as another client or an operator would, and
// what the store says meanwhile.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "connectors/stores/redis_store.hpp"

namespace tocsin::store::testing {

class Server {
 public:
  /// Without a password, and emptied.
  static Server& fresh();
  /// With kPassword, and with what it had.
  static Server& guarded();
  ~Server();

  std::uint16_t port() const { return port_; }
  /// What it holds stays.
  void stop();
  void start();
  void kill();
  void hang();
  void go_on();

  /// As another program would: the answer's text, or its number, or its texts with blanks between.
  std::string ask(const std::vector<std::string>& command);

 private:
  explicit Server(std::string password);
  void signal(int number);

  std::string directory_;
  std::string password_;
  std::uint16_t port_ = 0;
};

inline constexpr const char* kPassword = "s3cret-of-the-test";

/// What the store tells, to be waited for.
class Told {
 public:
  void add(const std::string& words);
  /// Within a few seconds.
  bool has(const std::string& words);
  std::size_t count();
  std::string all();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> words_;
};

RedisStoreOptions options_for(const Server& server);
RedisStoreOptions telling(RedisStoreOptions options, Told& told);
std::unique_ptr<Store> open(const RedisStoreOptions& options);

}  // namespace tocsin::store::testing

// The service: every room, put together, and the order in which they start, reload and stop.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "router/core/result.hpp"
#include "router/engine/owner/owner.hpp"

namespace tocsin {

struct ServeOptions {
  std::string config;         // directory
  std::string data = "data";  // directory
  std::string listen;   // HOST:PORT instead of the configuration's; empty: the configuration's
  bool strict = false;  // a broken configuration is never replaced by the last good one
  engine::Decide decide = {};  // empty: the engine's own; another one is for tests
};

class Service {
 public:
  /// Loads the configuration, takes the data directory, folds the journal, listens. A broken
  /// configuration is replaced by the last good one, if there is one: the log says every fault,
  /// /-/ready and the metrics that it is so, and a reload takes the mended one in. Errors: what is
  /// wrong and what to do; for a configuration, every fault, a line each.
  static Result<std::unique_ptr<Service>> start(const ServeOptions& options);
  /// stop().
  ~Service();

  std::string host() const;
  std::uint16_t port() const;

  /// All or nothing: a bad configuration leaves the good one in force. Returns what needs a restart
  /// to take effect, if anything.
  Result<std::string> reload();

  /// Accepts no more, lets requests and attempts under way end, closes the journal. Once only.
  void stop();

 private:
  struct Rooms;
  explicit Service(std::unique_ptr<Rooms> rooms);
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace tocsin

// A front door that listens on a free port with small limits, the routes the tests ask, and an
// ordinary client beside them.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "router/core/clock.hpp"
#include "router/ingest/front_door/front_door.hpp"
#include "tests/front_door/client.hpp"

namespace tocsin::tests {

/// A body of 1 MiB, deadlines of a few hundred milliseconds.
front_door::Limits small_limits();

/// Replies kept by a handler until a test gives them.
class KeptReplies {
 public:
  void keep(HttpRequest request, HttpReply reply);
  /// Waits until there are so many; false when they do not come within ten seconds.
  bool wait_for(std::size_t count);
  void reply_all(const HttpResponse& response);
  void drop_all();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<HttpReply> replies_;
};

class Door {
 public:
  explicit Door(front_door::Limits limits = small_limits());

  std::uint16_t port() const { return port_; }
  front_door::FrontDoor& operator*() { return *door_; }
  front_door::FrontDoor* operator->() { return &*door_; }
  KeptReplies& kept() { return kept_; }
  std::uint64_t rejected(front_door::Reason reason) const {
    return door_->counts().rejected_for(reason);
  }
  /// Do the counts come to this within ten seconds?
  bool comes_to(const std::function<bool(const front_door::Counts&)>& wanted) const;

  /// An ordinary request on a new connection, answered within a second.
  bool answers_a_ping() const;
  /// Runs `attack` on another thread and pings until it is over: each must be answered.
  bool answers_pings_during(const std::function<void()>& attack) const;
  Duration now() const { return clock_.now().elapsed; }

 private:
  SystemClock clock_;
  KeptReplies kept_;
  std::optional<front_door::FrontDoor> door_;
  std::uint16_t port_ = 0;
};

}  // namespace tocsin::tests

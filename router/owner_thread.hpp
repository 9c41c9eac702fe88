// The thread that runs the owner: woken by every commit, and when something comes due.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "router/core/clock.hpp"
#include "router/delivery/delivery.hpp"

namespace tocsin {

/// What wakes it: rung by the journal's thread, so it must live longer than the journal.
class Wake {
 public:
  void ring();
  void wait(const std::stop_token& stop, Duration most);

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool rung_ = false;
};

class OwnerThread {
 public:
  /// `step` does what there is to do, and returns how long it may rest.
  OwnerThread(std::function<Duration()> step, delivery::Delivery& delivery, const Clock& clock,
              Wake& wake);
  /// Waits for the step under way.
  ~OwnerThread();

  /// When the last step ended, on the steady clock: a thread that is stuck must show.
  Duration last_step() const { return Duration(last_step_.load()); }

 private:
  void work(const std::stop_token& stop);

  const std::function<Duration()> step_;
  delivery::Delivery& delivery_;
  const Clock& clock_;
  Wake& wake_;
  std::atomic<Duration::rep> last_step_{0};
  std::jthread thread_;  // last: it uses everything above
};

}  // namespace tocsin

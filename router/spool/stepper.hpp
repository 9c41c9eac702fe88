// One thread that does the same small step again and again: when it is rung, and when the time that
// the last step named has passed. Tests leave it out and take the steps themselves.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "router/core/time.hpp"

namespace tocsin::spool {

class Stepper {
 public:
  /// A step says how long the next one may wait; zero: at once.
  using Step = std::function<Duration()>;

  explicit Stepper(Step step) : step_(std::move(step)) {}
  /// As stop().
  ~Stepper() { stop(); }

  /// Called once, when everything that a step uses is there.
  void start();
  /// The next step is to be taken now. Any thread may call, also before start().
  void ring();
  /// Waits for the step under way; no other follows.
  void stop();

 private:
  void work(const std::stop_token& stop);

  const Step step_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool rung_ = false;
  std::jthread thread_;
};

}  // namespace tocsin::spool

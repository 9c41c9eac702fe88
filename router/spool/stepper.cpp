#include "router/spool/stepper.hpp"

namespace tocsin::spool {

void Stepper::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void Stepper::ring() {
  {
    const std::lock_guard lock(mutex_);
    if (rung_) return;
    rung_ = true;
  }
  changed_.notify_one();
}

void Stepper::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void Stepper::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const Duration rest = step_();
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, rest, [this] { return rung_; });
    rung_ = false;
  }
}

}  // namespace tocsin::spool

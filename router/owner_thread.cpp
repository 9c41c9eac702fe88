#include "router/owner_thread.hpp"

namespace tocsin {

OwnerThread::OwnerThread(std::function<Duration()> step, delivery::Delivery& delivery,
                         const Clock& clock, Wake& wake)
    : step_(std::move(step)),
      delivery_(delivery),
      clock_(clock),
      wake_(wake),
      last_step_(clock.now().elapsed.count()),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

OwnerThread::~OwnerThread() {
  thread_.request_stop();
  thread_.join();
}

void Wake::ring() {
  {
    const std::lock_guard lock(mutex_);
    if (rung_) return;
    rung_ = true;
  }
  changed_.notify_one();
}

void Wake::wait(const std::stop_token& stop, Duration most) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, most, [this] { return rung_; });
  rung_ = false;
}

void OwnerThread::work(const std::stop_token& stop) {
  constexpr Duration kOfferAgainEvery = std::chrono::seconds(1);
  Duration offered{};
  while (!stop.stop_requested()) {
    const Duration rest = step_();
    const Duration now = clock_.now().elapsed;
    if (now - offered >= kOfferAgainEvery) {
      delivery_.record_again();
      offered = now;
    }
    last_step_ = now.count();
    wake_.wait(stop, rest);
  }
}

}  // namespace tocsin

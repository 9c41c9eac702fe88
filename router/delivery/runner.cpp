#include "router/delivery/runner.hpp"

namespace tocsin::delivery {

LaneRunner::~LaneRunner() {
  for (auto& [name, lane] : lanes_)
    for (std::jthread& thread : lane->threads) thread.request_stop();
}

bool LaneRunner::run(const std::string& name, std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<Lane>& place = lanes_[name];
  if (!place) place = std::make_unique<Lane>();
  Lane& lane = *place;
  const std::lock_guard lane_lock(lane.mutex);
  if (lane.jobs.size() >= kMostWaitingJobs) return false;
  lane.jobs.push_back(std::move(job));
  if (lane.jobs.size() > lane.idle && lane.threads.size() < kLaneThreads)
    lane.threads.emplace_back([&lane](const std::stop_token& stop) { work(lane, stop); });
  lane.wake.notify_one();
  return true;
}

void LaneRunner::work(Lane& lane, const std::stop_token& stop) {
  std::unique_lock lock(lane.mutex);
  for (;;) {
    ++lane.idle;
    const bool job_waits = lane.wake.wait(lock, stop, [&] { return !lane.jobs.empty(); });
    --lane.idle;
    if (!job_waits || stop.stop_requested()) return;
    const std::function<void()> job = std::move(lane.jobs.front());
    lane.jobs.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
}

}  // namespace tocsin::delivery

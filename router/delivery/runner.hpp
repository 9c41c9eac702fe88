// Where attempts run: each channel in a lane of its own, so that one slow provider delays no other.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tocsin::delivery {

class Runner {
 public:
  virtual ~Runner() = default;
  /// Runs the job some time later (or at once), beside others of its lane. False if the lane is
  /// full: nothing will be run.
  virtual bool run(const std::string& lane, std::function<void()> job) = 0;
};

inline constexpr std::size_t kLaneThreads = 4;
inline constexpr std::size_t kMostWaitingJobs = 100'000;

/// Up to kLaneThreads threads for each lane, started when they are first needed.
class LaneRunner final : public Runner {
 public:
  LaneRunner() = default;
  /// Waits for the attempts under way (each has a deadline) and drops those that have not begun:
  /// their turns are in the journal.
  ~LaneRunner() override;

  bool run(const std::string& lane, std::function<void()> job) override;

 private:
  struct Lane {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::deque<std::function<void()>> jobs;
    std::size_t idle = 0;
    std::vector<std::jthread> threads;  // last: joined before what they use goes
  };
  static void work(Lane& lane, const std::stop_token& stop);

  std::mutex mutex_;  // of the map; taken before a lane's own, which is never held while a job runs
  std::map<std::string, std::unique_ptr<Lane>> lanes_;
};

}  // namespace tocsin::delivery

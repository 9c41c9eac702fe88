// Lets the checkpointer hold commits back for a moment. A plain mutex would starve it: the writer
// takes it again at once.
#pragma once

#include <condition_variable>
#include <mutex>

namespace tocsin::journal {

class CommitGate {
 public:
  /// Around each commit; waits while commits are held back.
  void enter() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !wanted_; });
    committing_ = true;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    committing_ = false;
    changed_.notify_all();
  }

  /// Waits for the commit under way, and no other begins until release().
  void hold() {
    std::unique_lock lock(mutex_);
    wanted_ = true;
    changed_.wait(lock, [this] { return !committing_; });
  }
  void release() {
    const std::lock_guard lock(mutex_);
    wanted_ = false;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false;
  bool committing_ = false;
};

}  // namespace tocsin::journal

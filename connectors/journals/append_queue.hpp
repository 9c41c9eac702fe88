// The appends that wait for the writer: bounded by bytes, counted until they are about to be
// answered.
//
// Whoever was answered comes again, mostly at once. So when the last commit had company, the next
// one waits for as many, kGather at the most: one fsync and one round of wake-ups for all of them,
// where the first to come would have had its own. A lone append never waits.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "router/journal/journal.hpp"

namespace tocsin::journal {

constexpr std::chrono::microseconds kGather{250};

struct AppendRequest {
  Partition partition = 0;
  std::uint32_t count = 0;
  std::string records;  // encoded, back to back
  AppendDone done;
};

class AppendQueue {
 public:
  explicit AppendQueue(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  /// False: the limit is reached and the request is untouched. Any thread; never waits for the
  /// disk.
  bool push(AppendRequest& request);
  /// What waits, in its order, up to about `most_bytes`; waits until something does, `patience` is
  /// over, or close().
  std::vector<AppendRequest> take(std::size_t most_bytes, std::chrono::microseconds patience);
  /// So many bytes no longer wait.
  void release(std::size_t bytes);
  void close();
  bool is_closed() const;

 private:
  void wait_for(std::unique_lock<std::mutex>& lock, std::size_t count,
                std::chrono::microseconds patience);

  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::vector<AppendRequest> waiting_;
  std::size_t bytes_ = 0;   // waiting, or taken and not yet released
  std::size_t taken_ = 0;   // appends of the last take()
  std::size_t wanted_ = 0;  // waking the writer is worth it from so many on; 0: it does not wait
  bool closed_ = false;
};

}  // namespace tocsin::journal

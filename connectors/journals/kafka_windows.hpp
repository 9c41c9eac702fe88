// What the follower has fetched last, in memory for readers that keep up: one window a partition,
// together bounded by bytes, oldest out first. Also what is known of each partition's end. Any
// thread may call.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "connectors/journals/kafka_frame.hpp"

namespace tocsin::journal {

class KafkaWindows {
 public:
  KafkaWindows(Partition partitions, std::size_t most_bytes);

  /// Before anything is put: the follower begins at `next`, and the partition ends at `end`.
  /// `whole`: there is nothing before it.
  void begin_at(Partition partition, Offset next, Offset end, bool whole);
  /// In the order of offsets, which may have gaps.
  void put(Partition partition, KafkaMessage message);
  /// Everything before `next` was fetched.
  void reached(Partition partition, Offset next);
  /// It is known from elsewhere that the partition goes at least to `end`.
  void extend(Partition partition, Offset end);

  enum class Place {
    here,     // there are messages, or nothing more is known of
    pending,  // the partition goes on; the follower does not have it yet
    older,    // no longer, or never, in the window
    beyond,   // after the end that is known
  };
  struct Slice {
    Place place = Place::here;
    std::vector<std::shared_ptr<const KafkaMessage>> messages;
    Offset next = 0;  // here: where to go on; older: where the window begins
  };
  /// The messages from the one after `position` on, at most `most` of them.
  Slice read(Partition partition, Position position, std::size_t most) const;
  Offset end(Partition partition) const;

  /// Waits for any change after `seen`; false when there was none in time.
  bool wait_for_change(std::uint64_t seen, Duration most) const;
  std::uint64_t changes() const;

 private:
  struct Window {
    std::deque<std::shared_ptr<const KafkaMessage>> messages;
    Offset begin = 0;  // all messages from here to `next` are in it
    Offset next = 0;
    Offset end = 0;
    bool whole = false;
  };

  void evict();
  void change();

  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<Window> windows_;
  std::deque<Partition> order_;  // whose first message is the oldest, next oldest, …
  std::size_t bytes_ = 0;
  std::uint64_t changes_ = 0;
};

}  // namespace tocsin::journal

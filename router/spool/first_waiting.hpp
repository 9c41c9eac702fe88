// When the first record came that the main journal does not have yet: of those on their way into
// the spool, and of those in it. Exact to a second, so that an outage of hours costs little memory.
// Not for several threads.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <vector>

#include "router/journal/journal.hpp"

namespace tocsin::spool {

class FirstWaiting {
 public:
  explicit FirstWaiting(Partition partitions) : stored_(partitions) {}

  /// An append to the spool, whose first record came then, begins and ends.
  void handed(Duration came) { handed_.insert(came); }
  void answered(Duration came);
  std::size_t handed_count() const { return handed_.size(); }

  /// The spool has the partition through `last`, from `came` on.
  void stored(Partition partition, Position last, Duration came);
  void forget(const journal::Cursor& forwarded);
  std::optional<Duration> since(const journal::Cursor& forwarded) const;

 private:
  struct Mark {
    Position last = 0;
    Duration came{};
  };
  std::multiset<Duration> handed_;
  std::vector<std::deque<Mark>> stored_;
};

}  // namespace tocsin::spool

// Where a topic begins, asked for one partition after the other by whoever goes through all of
// them: the brokers are asked once for all, and not again at once when they do not answer.
#pragma once

#include <mutex>
#include <optional>

#include "connectors/journals/kafka_follower.hpp"

namespace tocsin::journal {

class KafkaEdges {
 public:
  KafkaEdges(const KafkaFollower& follower, const Clock& clock)
      : follower_(follower), clock_(clock) {}

  /// The cursor before what is left, now. Errors: unavailable.
  Result<Cursor> beginning() const;
  /// The cursor behind everything taken before `time`. Errors: unavailable.
  Result<Cursor> taken_before(WallTime time) const;

  /// The same, a second old at most. Nothing, when the brokers do not answer.
  std::optional<Position> beginning(Partition partition);
  std::optional<Position> taken_before(WallTime time, Partition partition);

 private:
  struct Known {
    Duration until{};  // of elapsed time
    WallTime time;     // what was asked
    std::optional<Cursor> cursor;
  };
  template <class Ask>
  std::optional<Position> look(Known& known, WallTime time, Partition partition, const Ask& ask);

  const KafkaFollower& follower_;
  const Clock& clock_;
  std::mutex mutex_;
  Known beginning_, taken_;
};

}  // namespace tocsin::journal

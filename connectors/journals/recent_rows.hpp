// What was committed last, in memory, for readers that keep up: bounded by bytes, oldest out first.
//
// It is also where a position becomes readable: nothing beyond `durable()` is shown to anybody. Any
// thread may call.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "connectors/journals/row.hpp"

namespace tocsin::journal {

class RecentRows {
 public:
  explicit RecentRows(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  /// What is on stable storage before anything is published here.
  void begin_at(Position durable);
  /// The rows of one commit, in the order of their positions; `last` is the last of them.
  void publish(std::vector<Row> rows, Position last);
  Position durable() const;

  struct Slice {
    std::vector<std::shared_ptr<const Row>> rows;
    Position reached = 0;
  };
  /// The rows that end after `position`, about `most` records; nothing when that is longer ago than
  /// this remembers.
  std::optional<Slice> after(Position position, std::size_t most) const;

 private:
  struct Held {
    std::shared_ptr<const Row> row;
    Position last;
  };

  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::deque<Held> rows_;
  std::size_t bytes_ = 0;
  Position forgotten_ = 0;  // the last position that is no longer here
  Position durable_ = 0;
};

}  // namespace tocsin::journal

// The segments that there are, as the writer, the readers and retention share them. Any thread may
// call; nothing here touches the disk.
//
// The oldest leave at the front, the writer adds and takes back at the end: so what is dropped is
// always a beginning, and the last one is never dropped.
#pragma once

#include <mutex>

#include "connectors/journals/segment.hpp"

namespace tocsin::journal {

class SegmentList {
 public:
  explicit SegmentList(std::vector<Segment> segments) : segments_(std::move(segments)) {}

  std::vector<Segment> all() const;
  std::size_t count() const;
  Segment last() const;
  void add(Segment segment);
  void remove_last();

  /// A cursor that stands before it, or later, misses nothing that is still there.
  Position first() const;
  /// The last position of the segments that were followed by others before `before`; 0:
  /// there are none.
  Position droppable(WallTime before) const;
  /// Takes the segments out whose positions all are at or before `through`, oldest first.
  std::vector<Segment> take_through(Position through);

 private:
  mutable std::mutex mutex_;
  std::vector<Segment> segments_;
};

}  // namespace tocsin::journal

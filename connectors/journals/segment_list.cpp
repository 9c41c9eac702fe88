#include "connectors/journals/segment_list.hpp"

#include <algorithm>

namespace tocsin::journal {

std::vector<Segment> SegmentList::all() const {
  const std::lock_guard lock(mutex_);
  return segments_;
}

std::size_t SegmentList::count() const {
  const std::lock_guard lock(mutex_);
  return segments_.size();
}

Segment SegmentList::last() const {
  const std::lock_guard lock(mutex_);
  return segments_.back();
}

void SegmentList::add(Segment segment) {
  const std::lock_guard lock(mutex_);
  segments_.push_back(std::move(segment));
}

void SegmentList::remove_last() {
  const std::lock_guard lock(mutex_);
  segments_.pop_back();
}

// Positions between `follows` and the file's name were never given, or never counted.
Position SegmentList::first() const {
  const std::lock_guard lock(mutex_);
  return segments_.front().follows + 1;
}

// A segment was finished when the next one was made. A clock that was wrong for a while must not
// make young records old: every stamp up to there has to be early, not only the last. A segment
// that cannot say when it was made is judged by its neighbours.
Position SegmentList::droppable(WallTime before) const {
  const std::lock_guard lock(mutex_);
  Position through = 0;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    const std::optional<WallTime> made_at = segments_[i].made_at;
    if (made_at && *made_at >= before) break;
    if (i > 0 && made_at) through = segments_[i].follows;
  }
  return through;
}

std::vector<Segment> SegmentList::take_through(Position through) {
  const std::lock_guard lock(mutex_);
  auto end = segments_.begin();
  while (end + 1 != segments_.end() && (end + 1)->follows <= through) ++end;
  std::vector<Segment> taken(segments_.begin(), end);
  segments_.erase(segments_.begin(), end);
  return taken;
}

}  // namespace tocsin::journal

#include "connectors/journals/recent_rows.hpp"

#include <algorithm>

namespace tocsin::journal {

void RecentRows::begin_at(Position durable) {
  const std::lock_guard lock(mutex_);
  forgotten_ = durable_ = durable;
}

void RecentRows::publish(std::vector<Row> rows, Position last) {
  const std::lock_guard lock(mutex_);
  for (Row& row : rows) {
    bytes_ += row.records.size();
    const Position end = row.first + row.count - 1;
    rows_.push_back({std::make_shared<const Row>(std::move(row)), end});
  }
  while (bytes_ > most_bytes_) {
    bytes_ -= rows_.front().row->records.size();
    forgotten_ = rows_.front().last;
    rows_.pop_front();
  }
  durable_ = last;
}

Position RecentRows::durable() const {
  const std::lock_guard lock(mutex_);
  return durable_;
}

std::optional<RecentRows::Slice> RecentRows::after(Position position, std::size_t most) const {
  const std::lock_guard lock(mutex_);
  if (position < forgotten_) return std::nullopt;
  Slice slice{{}, std::max(position, durable_)};
  auto at = std::upper_bound(rows_.begin(), rows_.end(), position,
                             [](Position wanted, const Held& held) { return wanted < held.last; });
  for (std::size_t records = 0; at != rows_.end(); ++at) {
    if (records >= most) {
      slice.reached = slice.rows.empty() ? position : std::prev(at)->last;
      break;
    }
    slice.rows.push_back(at->row);
    records += at->row->count;
  }
  return slice;
}

}  // namespace tocsin::journal

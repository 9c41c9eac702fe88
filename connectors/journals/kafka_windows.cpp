#include "connectors/journals/kafka_windows.hpp"

#include <algorithm>

namespace tocsin::journal {

KafkaWindows::KafkaWindows(Partition partitions, std::size_t most_bytes)
    : most_bytes_(most_bytes), windows_(partitions) {}

void KafkaWindows::begin_at(Partition partition, Offset next, Offset end, bool whole) {
  const std::lock_guard lock(mutex_);
  windows_[partition] = {{}, next, next, std::max(next, end), whole};
}

void KafkaWindows::put(Partition partition, KafkaMessage message) {
  const std::lock_guard lock(mutex_);
  Window& window = windows_[partition];
  if (message.offset < window.next) return;
  window.next = message.offset + 1;
  window.end = std::max(window.end, window.next);
  bytes_ += message.bytes.size();
  window.messages.push_back(std::make_shared<const KafkaMessage>(std::move(message)));
  order_.push_back(partition);
  evict();
  change();
}

// The newest message stays, whatever its size: somebody waits for it.
void KafkaWindows::evict() {
  while (bytes_ > most_bytes_ && order_.size() > 1) {
    Window& window = windows_[order_.front()];
    order_.pop_front();
    bytes_ -= window.messages.front()->bytes.size();
    window.begin = window.messages.front()->offset + 1;
    window.whole = false;
    window.messages.pop_front();
  }
}

void KafkaWindows::reached(Partition partition, Offset next) {
  const std::lock_guard lock(mutex_);
  Window& window = windows_[partition];
  window.next = std::max(window.next, next);
  window.end = std::max(window.end, window.next);
  change();
}

void KafkaWindows::extend(Partition partition, Offset end) {
  const std::lock_guard lock(mutex_);
  windows_[partition].end = std::max(windows_[partition].end, end);
}

KafkaWindows::Slice KafkaWindows::read(Partition partition, Position position,
                                       std::size_t most) const {
  const std::lock_guard lock(mutex_);
  const Window& window = windows_[partition];
  Slice slice;
  Offset from = offset_after(position);
  if (position == 0 && window.whole) from = std::max(from, window.begin);
  if (from < window.begin) {
    slice.place = Place::older;
    slice.next = window.begin;
    return slice;
  }
  slice.next = from;
  if (from >= window.next) {
    if (from < window.end) slice.place = Place::pending;
    if (position > position_before(window.end)) slice.place = Place::beyond;
    return slice;
  }
  auto at = std::lower_bound(window.messages.begin(), window.messages.end(), from,
                             [](const auto& held, Offset wanted) { return held->offset < wanted; });
  for (; at != window.messages.end() && slice.messages.size() < most; ++at)
    slice.messages.push_back(*at);
  slice.next = at == window.messages.end() ? window.next : (*at)->offset;
  return slice;
}

Offset KafkaWindows::end(Partition partition) const {
  const std::lock_guard lock(mutex_);
  return windows_[partition].end;
}

bool KafkaWindows::wait_for_change(std::uint64_t seen, Duration most) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, most, [&] { return changes_ != seen; });
}

std::uint64_t KafkaWindows::changes() const {
  const std::lock_guard lock(mutex_);
  return changes_;
}

void KafkaWindows::change() {
  ++changes_;
  changed_.notify_all();
}

}  // namespace tocsin::journal

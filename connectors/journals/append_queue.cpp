#include "connectors/journals/append_queue.hpp"

#include <iterator>

namespace tocsin::journal {

bool AppendQueue::push(AppendRequest& request) {
  const std::lock_guard lock(mutex_);
  if (closed_ || bytes_ + request.records.size() > most_bytes_) return false;
  bytes_ += request.records.size();
  waiting_.push_back(std::move(request));
  if (wanted_ > 0 && waiting_.size() >= wanted_) came_.notify_one();
  return true;
}

std::vector<AppendRequest> AppendQueue::take(std::size_t most_bytes,
                                             std::chrono::microseconds patience) {
  std::unique_lock lock(mutex_);
  const std::size_t company = taken_ + waiting_.size();
  wait_for(lock, 1, patience);
  if (company > 1 && !waiting_.empty()) wait_for(lock, company, kGather);
  std::size_t bytes = 0;
  auto end = waiting_.begin();
  for (; end != waiting_.end() && bytes < most_bytes; ++end) bytes += end->records.size();
  std::vector<AppendRequest> taken(std::make_move_iterator(waiting_.begin()),
                                   std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  taken_ = taken.size();
  return taken;
}

void AppendQueue::wait_for(std::unique_lock<std::mutex>& lock, std::size_t count,
                           std::chrono::microseconds patience) {
  wanted_ = count;
  came_.wait_for(lock, patience, [&] { return closed_ || waiting_.size() >= count; });
  wanted_ = 0;
}

void AppendQueue::release(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  bytes_ -= bytes;
}

void AppendQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  came_.notify_one();
}

bool AppendQueue::is_closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace tocsin::journal

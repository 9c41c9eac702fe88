// What all connections together hold in memory, and each one's share of it. Any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace tocsin::front_door {

class Budget {
 public:
  explicit Budget(std::size_t most_bytes) : most_bytes_(most_bytes) {}
  bool used_up() const { return held_.load(std::memory_order_relaxed) > most_bytes_; }
  std::size_t held() const { return held_.load(std::memory_order_relaxed); }

 private:
  friend class Share;
  const std::size_t most_bytes_;
  std::atomic<std::size_t> held_{0};
};

/// Gives its part back when it goes. It keeps the budget alive, since a reply may outlive the front
/// door.
class Share {
 public:
  explicit Share(std::shared_ptr<Budget> budget) : budget_(std::move(budget)) {}
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;
  ~Share() { set(0); }

  void set(std::size_t bytes) {
    budget_->held_.fetch_add(bytes - bytes_, std::memory_order_relaxed);  // wraps when it shrinks
    bytes_ = bytes;
  }

 private:
  std::shared_ptr<Budget> budget_;
  std::size_t bytes_ = 0;
};

}  // namespace tocsin::front_door

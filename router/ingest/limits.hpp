// The limits of the integrations on this node: who is past its own, until when, and who has to be
// told of it; and each one's share of what waits for the journal. Any thread.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "router/core/rate.hpp"

namespace tocsin::ingest {

/// The log says it so often of one integration.
inline constexpr Duration kTellLimitedEvery = std::chrono::minutes(1);

/// Of one integration, appended and not answered: a part of what a journal lets wait, so that a
/// slow disk under one sender has room for the others.
inline constexpr std::size_t kMostUnderWayBytes = 32u << 20;

class Limits {
 public:
  struct Refusal {
    Duration wait{};         // until there is room again
    std::uint64_t tell = 0;  // requests sent away since it was last told; 0: nothing to tell now
  };
  /// Nothing: the integration is within its limit.
  std::optional<Refusal> refuse(const std::string& integration, const Rate& rate, Duration now);
  void spend(const std::string& integration, const Rate& rate, Duration now, std::size_t count);
  /// Whether so much more of it may be on its way; if so release() is to follow. Whoever has
  /// nothing on its way may have any one request.
  bool hold(const std::string& integration, std::size_t bytes);
  void release(const std::string& integration, std::size_t bytes);

  /// Of what others have spent nothing is kept.
  template <class Names>
  void keep_only(const Names& names) {
    const std::lock_guard lock(mutex_);
    std::erase_if(all_, [&](const auto& each) { return names.find(each.first) == names.end(); });
  }

 private:
  struct Known {
    Spent spent{};
    std::uint64_t refused = 0;  // and not told
    std::optional<Duration> told{};
  };
  std::mutex mutex_;
  std::map<std::string, Known> all_;              // guarded by mutex_
  std::map<std::string, std::size_t> under_way_;  // guarded by mutex_
};

}  // namespace tocsin::ingest

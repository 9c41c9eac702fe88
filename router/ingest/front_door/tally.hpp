// What the front door counted, for metrics. Written by the I/O thread, read by anyone.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "router/ingest/front_door/refusal.hpp"

namespace tocsin::front_door {

/// One moment's numbers.
struct Counts {
  std::uint64_t connections_open = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_evicted = 0;  // idle ones closed to make room
  std::uint64_t requests = 0;             // whole ones
  std::uint64_t bytes_held = 0;
  std::array<std::uint64_t, kReasons> rejected{};  // by Reason; see name_of()

  std::uint64_t rejected_for(Reason reason) const {
    return rejected[static_cast<std::size_t>(reason)];
  }
};

struct Tally {
  std::atomic<std::uint64_t> open{0}, accepted{0}, evicted{0}, requests{0};
  std::array<std::atomic<std::uint64_t>, kReasons> rejected{};

  void reject(Reason reason) {
    rejected[static_cast<std::size_t>(reason)].fetch_add(1, std::memory_order_relaxed);
  }
};

}  // namespace tocsin::front_door

// The only door to the clocks. Everything that needs the time takes a Clock& in its constructor;
// the pure rooms take an Instant.
#pragma once

#include "router/core/time.hpp"

namespace tocsin {

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  /// Any thread may call.
  virtual Instant now() const = 0;
};

/// CLOCK_REALTIME and CLOCK_BOOTTIME of this machine.
class SystemClock final : public Clock {
 public:
  SystemClock();
  Instant now() const override;

 private:
  std::uint64_t machine_boot_;
};

}  // namespace tocsin

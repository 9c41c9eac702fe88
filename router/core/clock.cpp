#include "router/core/clock.hpp"

#include <time.h>

#include <fstream>
#include <functional>
#include <string>

namespace tocsin {
namespace {

Duration read_clock(clockid_t which) {
  timespec t{};
  TOCSIN_CHECK(clock_gettime(which, &t) == 0, "Linux always has this clock");
  return std::chrono::duration_cast<Duration>(std::chrono::seconds(t.tv_sec) +
                                              std::chrono::nanoseconds(t.tv_nsec));
}

// Where /proc is hidden every start of the process counts as a new boot: waits then go by the wall
// clock, which is safe.
std::uint64_t name_this_boot() {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  if (id.empty()) id = std::to_string(read_clock(CLOCK_REALTIME).count());
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a: stable over builds, unlike std::hash
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

}  // namespace

SystemClock::SystemClock() : machine_boot_(name_this_boot()) {}

Instant SystemClock::now() const {
  return {WallTime(read_clock(CLOCK_REALTIME)), machine_boot_, read_clock(CLOCK_BOOTTIME)};
}

}  // namespace tocsin

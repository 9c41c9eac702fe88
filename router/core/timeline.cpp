#include "router/core/timeline.hpp"

#include <algorithm>

namespace tocsin {
namespace {

// How long it may have been from the last moment of one boot to `now` in another.
Duration gap_between(const Instant& last, const Instant& now) {
  const Duration by_wall = now.wall - last.wall;
  const Duration by_line = now.wall - on_line(last);
  if (by_wall < Duration::zero() || by_line < Duration::zero())
    return std::max({by_wall, by_line, Duration::zero()});
  return std::min(by_wall, by_line);
}

// By how much the wall clock was stepped on, where that is the truth at last.
Duration set_right(const Instant& last, const Instant& now) {
  const bool unsettled = now.elapsed < kClockUnsettled || last.ahead > Duration::zero();
  const Duration step = (now.wall - last.wall) - (now.elapsed - last.elapsed);
  if (!unsettled || step < kLeastStep) return Duration::zero();
  return std::max(step - std::max(last.ahead, Duration::zero()), Duration::zero());
}

}  // namespace

Instant on_timeline(const Instant& last, const Instant& now, Duration most) {
  const Duration passed = last.machine_boot == now.machine_boot
                              ? now.elapsed - last.elapsed + set_right(last, now)
                              : std::min(gap_between(last, now), most);
  Instant moved = now;
  moved.ahead = on_line(last) + passed - now.wall;
  if (moved.ahead > -kLeastStep && moved.ahead < kLeastStep) moved.ahead = Duration::zero();
  return moved;
}

bool has_leapt(const Instant& last, const Instant& now) {
  return last.machine_boot == now.machine_boot &&
         on_line(now) - on_line(last) >= now.elapsed - last.elapsed + kLeastStep;
}

}  // namespace tocsin

// The timeline of one partition, on which its waits go on over reboots and takeovers: the steady
// clock within one boot, and from one boot to the next the wall clock as far as it can be believed.
// Pure.
//
// A wall clock is wrong in two ways. It is stepped while the machine runs, which the steady clock
// shows; and it may be behind after a reboot (no battery: 1970 or the time of the last shutdown,
// until NTP has been heard), which only what was written before the reboot shows. How long such a
// machine was off nobody knows before its clock is right: until then the stop counts as nothing,
// and no wait fires early. A later step forward of a clock that was not to be believed is taken for
// the truth, and what is overdue by it is done at once: a page too early wakes somebody, one too
// late nobody.
#pragma once

#include "router/core/time.hpp"

namespace tocsin {

/// Up to here a step of the wall clock is nothing: it is slewed, and read beside the steady one.
inline constexpr Duration kLeastStep = std::chrono::seconds(1);
/// So long after a machine has started, its wall clock may yet be stepped to the truth.
inline constexpr Duration kClockUnsettled = std::chrono::hours(1);

/// Where an instant stands on the timeline.
inline WallTime on_line(const Instant& instant) { return instant.wall + instant.ahead; }

/// The moment `now`, with what its wall clock must be put ahead to stand on the timeline on which
/// `last` was the last moment that is known.
///
/// Within one boot the line runs by the steady clock. From one boot to the next the time between
/// them is either the wall clock's difference or what the line lacks to the wall clock, whichever
/// is less and not negative; at most `most`, for whoever knows that it has not been longer.
Instant on_timeline(const Instant& last, const Instant& now, Duration most = Duration::max());

/// Whether `now`, as on_timeline() gave it from `last`, stands further on than the steady clock
/// went: the wall clock was set right, and waits of earlier boots may be over.
bool has_leapt(const Instant& last, const Instant& now);

}  // namespace tocsin

// Time as values: wall time for people, elapsed time for waits, and their text forms. Reads no
// clock (see clock.hpp).
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "router/core/result.hpp"

namespace tocsin {

using Duration = std::chrono::microseconds;
/// UTC, microseconds. Shown to people, used for rotas and windows; never for waits.
using WallTime = std::chrono::sys_time<Duration>;

/// One moment as its observer knew it: both clocks, and which steady clock it was.
struct Instant {
  WallTime wall{};
  std::uint64_t machine_boot =
      0;               // names the run of the steady clock; a reboot or another machine changes it
  Duration elapsed{};  // CLOCK_BOOTTIME: goes on in suspend, is never stepped
  /// What must be added to `wall` so that waits go on from one boot to the next although the wall
  /// clock was stepped, or was behind after the reboot (timeline.hpp). Almost always zero.
  Duration ahead{};

  bool operator==(const Instant&) const = default;
};

/// How much of a wait of length `most` has passed between two moments, within [0, most]. Within one
/// boot it is the steady clock's difference, whatever the wall clock did; across a reboot or on
/// another machine the wall clock's, each with what it must be put `ahead`.
Duration elapsed_between(const Instant& since, const Instant& now, Duration most);

/// A wait that began at `since`.
struct Wait {
  Instant since;
  Duration length{};

  bool over(const Instant& now) const { return elapsed_between(since, now, length) >= length; }
  Duration left(const Instant& now) const { return length - elapsed_between(since, now, length); }
  bool operator==(const Wait&) const = default;
};

/// RFC 3339 with 0 to 9 fractional digits, and offsets as Z, +01:00 or +0100 (senders write all
/// three). Years 0001 to 9999.
Result<WallTime> parse_rfc3339(std::string_view text);
/// UTC, milliseconds, "2026-11-22T01:52:43.604Z".
std::string format_rfc3339(WallTime time);

/// "30s", "5m", "2h", "7d", "1w", "250ms" and their sums ("1h30m").
Result<Duration> parse_duration(std::string_view text);
/// The same form, largest units first: "1h30m", "0s".
std::string format_duration(Duration duration);

}  // namespace tocsin

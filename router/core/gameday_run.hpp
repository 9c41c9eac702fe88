// A run of a GameDay set: from when it is turned on until it is turned off, pauses, or its time is
// over. Pure.
//
// Whether it is on is computed whenever it is asked, never stored: no timer has to fire for a drill
// to end. A drill is over when either clock says so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "router/core/time.hpp"

namespace tocsin::gameday {

/// How a run ended before its time.
enum class EndKind : std::uint8_t {
  off = 0,     // somebody turned it off
  paused = 1,  // a real incident wins
  lever = 2,   // every set is blocked
};
inline constexpr EndKind kLastEnd = EndKind::lever;
std::string_view to_string(EndKind kind);

struct Ending {
  EndKind kind = EndKind::off;
  std::string by;  // empty: tocsin itself
  std::string why;
  WallTime at{};

  bool operator==(const Ending&) const = default;
};

struct Run {
  std::uint32_t number = 0;         // of its set, from 1
  std::string by, why;              // who turned it on, and what for
  Instant said;                     // when
  WallTime starts_at{};             // at `said`, or later
  Duration length{};                // from `starts_at`
  std::string team;                 // whose set it was then …
  std::vector<std::string> people;  // … and the people whom it may page
  std::optional<Ending> ending;

  WallTime ends_at() const { return starts_at + length; }
  /// When it ended or will, by itself or not.
  WallTime over_at() const;
  bool operator==(const Run&) const = default;
};

/// Its time is over, by either clock, or it was ended.
bool is_over(const Run& run, const Instant& now);
/// It has begun and is not over.
bool is_on(const Run& run, const Instant& now);
/// Why not, in words, for the incidents that it leaves: "GameDay set x was turned off by ada:
/// done".
std::string why_over(const std::string& set, const Run& run);

/// No set may be on for longer, whatever its configuration says.
inline constexpr Duration kLongestOfAll = std::chrono::hours(8);

/// Of one set.
inline constexpr std::size_t kMostRunsKept = 50;

}  // namespace tocsin::gameday

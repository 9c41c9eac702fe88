// When something holds, week for week: on these days between these times of day, in a time zone,
// within bounds. Pure; values only.
//
// When clocks change, maintenance stays whole:
//   a start in the autumn hour that comes twice is the first of the two, an end is the last;
//   a start or an end in the spring hour that is skipped is the first moment that exists after it.
// So a window is an hour longer or shorter than it looks, may be empty for a day, and is never an
// error.
#pragma once

#include <cstdint>
#include <optional>

#include "router/core/time.hpp"
#include "router/core/zone.hpp"

namespace tocsin {

class Weekdays {
 public:
  /// None.
  constexpr Weekdays() = default;
  static constexpr Weekdays all() { return Weekdays(0x7f); }

  constexpr void add(Weekday day) { bits_ = static_cast<std::uint8_t>(bits_ | bit(day)); }
  constexpr bool has(Weekday day) const { return (bits_ & bit(day)) != 0; }
  constexpr bool operator==(const Weekdays&) const = default;

 private:
  constexpr explicit Weekdays(std::uint8_t bits) : bits_(bits) {}
  static constexpr std::uint8_t bit(Weekday day) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(day));
  }

  std::uint8_t bits_ = 0;
};

inline constexpr int kMinutesOfDay = 24 * 60;

/// Without days, hours or bounds it always holds; something that holds once has only bounds.
struct Schedule {
  Zone zone;
  Weekdays days = Weekdays::all();   // on which it begins; it may end on the next
  int from_minute = 0;               // of the day, 0 to 1439
  int until_minute = kMinutesOfDay;  // 1 to 1440; up to `from_minute`: on the next day
  std::optional<WallTime> from;      // nothing before …
  std::optional<WallTime> until;     // … and nothing from then on

  bool operator==(const Schedule&) const = default;

  /// No day and no minute is left out, so only the bounds end it.
  bool is_unbroken() const;

  bool covers(WallTime now) const;
  /// While it covers `now`: when it no longer does. What begins where another ends is one. Nothing
  /// if it does not cover, or never ends.
  std::optional<WallTime> ends_at(WallTime now) const;
  /// The next moment after `now` at which it begins to cover. Nothing if there is none.
  std::optional<WallTime> next_start(WallTime now) const;
};

}  // namespace tocsin

// A time zone, and what its clocks on the wall show: from moments to dates and times of day, and
// back.
//
// On the way back two things can happen once a year each. In spring clocks go forward, and a time
// of day between is skipped: it never is. In autumn they go back, and a time of day is repeated: it
// is twice. Both are answered with moments and never with an error, so that a hand-over at 02:30 or
// a window until 02:30 has an answer every day. Reads the machine's time zone database, once for
// each name; no clock.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "router/core/result.hpp"
#include "router/core/time.hpp"

namespace tocsin {

enum class Weekday : std::uint8_t {
  monday,
  tuesday,
  wednesday,
  thursday,
  friday,
  saturday,
  sunday,
};
inline constexpr int kWeekdays = 7;

/// "Mon" … "Sun", as they are written in the configuration.
std::string_view to_string(Weekday day);
/// "Mon" or "Monday"; case counts.
std::optional<Weekday> weekday_named(std::string_view word);

/// A date and a time of day as they are written; which moment it is depends on the zone.
struct CivilTime {
  std::int64_t year = 1970;
  int month = 1;   // 1 to 12
  int day = 1;     // 1 to 31
  int hour = 0;    // 0 to 23
  int minute = 0;  // 0 to 59
  int second = 0;  // 0 to 59

  auto operator<=>(const CivilTime&) const = default;

  Weekday weekday() const;
  /// So many days later (or earlier), at the same time of day.
  CivilTime plus_days(std::int64_t days) const;
  /// The same date at so many minutes after midnight; 1440 is the next midnight.
  CivilTime at_minute(int minutes) const;

  /// Seconds since 1970-01-01T00:00 on this clock, of days that have 24 hours each: for arithmetic
  /// with dates and times of day, whatever clocks do on them.
  std::int64_t seconds() const;
  static CivilTime from_seconds(std::int64_t seconds);
};

/// 28 to 31.
int days_of_month(std::int64_t year, int month);

/// "2026-12-24T10:00" or with seconds; no offset, so it is in whatever zone is meant. Errors:
/// invalid, also for dates and times that no calendar has, such as the 30th of February.
Result<CivilTime> parse_civil(std::string_view text);

/// When a date and a time of day are: which moments, and how often.
struct Moments {
  enum class Kind : std::uint8_t { once, skipped, repeated };

  Kind kind = Kind::once;
  WallTime first{};  // skipped: the first moment after the gap, as is `last`
  WallTime last{};   // repeated: the second time that clocks show it; else as `first`

  bool operator==(const Moments&) const = default;
};

/// A value; copies share the zone's table. UTC until it is told otherwise.
class Zone {
 public:
  Zone();

  /// An IANA name such as "Europe/Dublin", or "UTC". Errors: invalid, with what to write instead.
  static Result<Zone> load(const std::string& name);

  const std::string& name() const;
  /// What clocks show at this moment; fractions of a second are dropped.
  CivilTime civil(WallTime time) const;
  Moments moments(const CivilTime& civil) const;
  /// The latest time that its clocks have shown by then. It only grows: in the hour that is
  /// repeated it stays at the last second of the first pass. What is at a time of day happens when
  /// this reaches it: `moments(civil).first` is the first moment at which it is `civil` or later.
  CivilTime reached(WallTime time) const;
  /// When its clocks, or their name, change next after this moment. Nothing if they do not, as far
  /// as the database goes: some centuries.
  std::optional<WallTime> next_transition(WallTime time) const;
  /// What its time is called then: "GMT", "CEST"; "+03" where it has no name.
  std::string abbreviation(WallTime time) const;

  bool operator==(const Zone& other) const {
    return table_ == other.table_ || name() == other.name();
  }

 private:
  struct Table;
  explicit Zone(std::shared_ptr<const Table> table) : table_(std::move(table)) {}

  std::shared_ptr<const Table> table_;
};

inline constexpr std::size_t kMostZoneNameBytes = 64;

}  // namespace tocsin

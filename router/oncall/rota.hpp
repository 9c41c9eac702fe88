// A rota: who is on call at a moment, and from when until when. Pure; nothing here reads a clock.
//
//   what counts, the last that has somebody:
//     layer 1    ada ──────── grace ─────── linus ──────     rotation, in the rota's own zone
//     layer 2         └ nights: alan ┘                       only on its days and hours
//     overrides                    mary ────                 configured, then those made by API
//   leave: whoever would be on call and is away passes it to the next of their layer who is not
//
// All hand-overs are counted on the clock on the wall: a shift of a week is seven dates long, also
// when one of them has 23 or 25 hours. A hand-over in the hour that clocks skip in spring is at the
// first moment that exists after it; in the hour that they repeat in autumn, at the first of the
// two (README.md has the table).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "router/core/schedule.hpp"
#include "router/core/time.hpp"
#include "router/core/zone.hpp"
#include "router/oncall/directory.hpp"

namespace tocsin::oncall {

/// How long a shift is, on the clock on the wall.
struct ShiftLength {
  enum class Unit : std::uint8_t { hour = 0, day = 1, week = 2, month = 3 };
  std::uint32_t count = 1;  // at least 1; no shift is longer than kMostShiftYears
  Unit unit = Unit::week;

  bool operator==(const ShiftLength&) const = default;
};

inline constexpr std::int64_t kMostShiftYears = 1000;

struct Rotation {
  /// One after the other, and again from the first; never empty. Months stand alone.
  std::vector<ShiftLength> every{ShiftLength{}};
  /// The first hand-over: where the first person's first shift begins; before it the layer has
  /// nobody. Months count from its day; one that is too short for it hands over on its last day.
  CivilTime start{1970, 1, 5, 0, 0, 0};

  bool operator==(const Rotation&) const = default;
};

struct Layer {
  std::vector<std::string> people;  // in their order; never empty
  Rotation rotation;
  std::vector<Schedule> only;     // has somebody within any of them; empty: always
  std::optional<Zone> time_zone;  // of its rotation; nothing: the rota's

  bool operator==(const Layer&) const = default;
};

/// Somebody is on call instead of whoever it would be. Where several hold, the last one counts.
struct Override {
  std::string person;
  WallTime from{}, until{};
  std::string why;  // may be empty
  std::string id;   // of one that was made by API; empty: configured
  std::string by;   // who made it; empty: the configuration

  bool operator==(const Override&) const = default;
};

struct Rota {
  std::string name;
  std::string team;
  Zone time_zone;
  std::vector<Layer> layers;        // a later one over an earlier one; never empty
  std::vector<Override> overrides;  // configured

  bool operator==(const Rota&) const = default;
};
using Rotas = std::map<std::string, Rota, std::less<>>;

/// Overrides that were made by API, by rota, in the order in which they were made.
using Overrides = std::map<std::string, std::vector<Override>, std::less<>>;

/// What says who is on call.
struct Source {
  enum class Kind : std::uint8_t { nobody, layer, cover, override };
  Kind kind = Kind::nobody;
  std::size_t layer = 0;   // layer, cover: which, from 0
  std::string instead_of;  // cover: who is away
  std::string why;         // override, cover: their words; may be empty

  bool operator==(const Source&) const = default;
};

struct OnCall {
  std::string person;  // empty: nobody
  Source source;

  bool operator==(const OnCall&) const = default;
};

struct Shift {
  WallTime from{}, until{};
  OnCall on_call;

  bool operator==(const Shift&) const = default;
};

/// What rotas are asked by: the people's leave, and what the API overrides.
struct Roster {
  const Rotas& rotas;
  const Directory& people;
  const Overrides& overrides;
};

/// A moment, with what the clocks of the zones show then worked out once for all the rotas that are
/// asked about it. By one thread.
class At {
 public:
  explicit At(WallTime time) : time_(time) {}
  At(const At&) = delete;
  At& operator=(const At&) = delete;
  WallTime time() const { return time_; }

  /// The latest time that clocks on the wall have shown by then: in the hour that they repeat, the
  /// end of its first pass. It only grows, so that a hand-over happens once.
  CivilTime reached(const Zone& zone) { return clocks(zone).reached; }

  /// What clocks of a zone show, ready for arithmetic.
  struct Clocks {
    CivilTime reached;
    std::int64_t reached_seconds = 0;  // CivilTime::seconds of it
    /// What they show, in microseconds since 1970 on their own count; only where they do not change
    /// for days before and after, so that what a schedule covers is arithmetic.
    std::optional<std::int64_t> steady;
  };
  const Clocks& clocks(const Zone& zone);

  /// The same as schedule.covers(time()), and fast while no change of clocks is near.
  bool covers(const Schedule& schedule);

 private:
  WallTime time_;
  std::map<std::string, Clocks, std::less<>> clocks_;  // by the zone's name
  const std::string* last_name_ = nullptr;             // of the zone that was asked for last …
  const Clocks* last_ = nullptr;                       // … and its answer
};

/// Nobody, for a rota that does not exist.
OnCall on_call(const Roster& roster, std::string_view rota, At& at);
OnCall on_call(const Roster& roster, std::string_view rota, WallTime at);

/// Everybody at once, by rota, in the order of their names.
std::vector<std::pair<std::string_view, OnCall>> everybody(const Roster& roster, At& at);

/// Who is on call from `from` until `until`, without a hole: where it is nobody, that stands there.
/// Neighbours that say the same are one. At most kMostShifts, found within kMostLooks at changes
/// of which each may make a difference or none; then it ends early.
std::vector<Shift> shifts(const Roster& roster, std::string_view rota, WallTime from,
                          WallTime until);
inline constexpr std::size_t kMostShifts = 20'000;
inline constexpr std::size_t kMostLooks = 100'000;

/// The shift that holds this moment, its ends no further away than `most` (an end that is `most`
/// away, or that took kMostLooks to look for, is no hand-over).
Shift shift_at(const Roster& roster, std::string_view rota, WallTime at,
               Duration most = std::chrono::hours(24 * 366));

/// "Mon 2026-11-30 10:00 GMT", with seconds where there are any; for people.
std::string clock_text(const Zone& zone, WallTime time);

/// "ada, on call in cdp-primary until Mon 2026-11-30 10:00 GMT (layer 2)"; for people.
std::string sentence(const Rota& rota, const Shift& shift);

}  // namespace tocsin::oncall

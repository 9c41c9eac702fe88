// When nobody is on call in a rota, and whether the rota itself says so. Pure.
//
//   office, Mon to Fri 9 to 17    Thu 17:00    Fri 9:00    Fri 17:00
//     grace is there      grace ──────┘ nobody      ├─ grace ─────┘     meant: `only` says so
//     away on Friday      grace ──────┘ nobody      ├─ nobody ────┘     nobody meant it from 9:00
#pragma once

#include <optional>
#include <vector>

#include "router/oncall/rota.hpp"

namespace tocsin::oncall {

struct Vacancy {
  WallTime from{}, until{};
  /// Some layer has somebody on its days and hours then, and yet it is nobody: from here on.
  /// Nothing: the rota leaves all of this time to others.
  std::optional<WallTime> unmeant_from;

  bool operator==(const Vacancy&) const = default;
};

/// Those that meet this time, cut to it, in their order; within what shifts() finds.
std::vector<Vacancy> vacancies(const Roster& roster, const Rota& rota, WallTime from,
                               WallTime until);

/// On the days and hours of one of its layers.
bool is_in_hours(const Rota& rota, WallTime at);
/// The first moment of this time at which it is.
std::optional<WallTime> first_in_hours(const Rota& rota, WallTime from, WallTime until);

/// The shift that holds this moment; WallTime::min() and max() for ends that are further than a
/// year away.
Shift whole_shift(const Roster& roster, std::string_view rota, WallTime at);
inline constexpr Duration kOutOfSight = std::chrono::hours(24 * 366);

}  // namespace tocsin::oncall

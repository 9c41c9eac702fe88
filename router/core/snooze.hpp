// How long an incident may be snoozed, whoever says so.
#pragma once

#include <chrono>

#include "router/core/time.hpp"

namespace tocsin {

inline constexpr Duration kShortestSnooze = std::chrono::minutes(1);
inline constexpr Duration kLongestSnooze = std::chrono::hours(24 * 7);

}  // namespace tocsin

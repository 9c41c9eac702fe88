// The shifts of a rota, or of a person in all rotas, as a calendar. Pure.
#pragma once

#include "router/api/ical.hpp"
#include "router/api/oncall_view.hpp"

namespace tocsin::api {

inline constexpr Duration kCalendarBack = std::chrono::hours(24 * 14);
inline constexpr Duration kCalendarAhead = std::chrono::hours(24 * 90);
/// The earliest; what is more is left out.
inline constexpr std::size_t kMostCalendarEvents = 5'000;

/// Each shift with somebody in it that meets that time, whole. A shift is the same event as long as
/// the same person begins it at the same time.
Calendar calendar_of_rota(const OnCallView& view, const oncall::Rota& rota, WallTime now);
Calendar calendar_of_person(const OnCallView& view, const oncall::Person& person, WallTime now);

}  // namespace tocsin::api

// Calendars as RFC 5545 writes them: lines end in CRLF and are folded at 75 octets, texts are
// escaped, times are in UTC. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "router/core/time.hpp"

namespace tocsin::api {

struct CalendarEvent {
  std::string uid;  // the same as long as it is the same event
  WallTime from{}, until{};
  std::string summary;
  std::string description;  // may be empty
};

struct Calendar {
  std::string name;
  std::string time_zone;  // to be shown in; empty: the reader's own
  std::vector<CalendarEvent> events;
};

/// `now`: when it is asked for.
std::string ical(const Calendar& calendar, WallTime now);

}  // namespace tocsin::api

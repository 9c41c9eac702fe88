// Why an incident that is open pages nobody at present. Each is a state with its reason; when the
// reason ends, what still fires becomes due.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "router/core/time.hpp"

namespace tocsin {

enum class HoldKind : std::uint8_t {
  silence = 0,  // subject: its id; every firing alert is silenced
  window = 1,   // subject: the maintenance window's name
  // A drill whose run is over; subject: its set. For good: nothing of it is sent any more.
  gameday_over = 2,
  gameday_paused = 3,  // likewise; whoever it paged is told so
};
inline constexpr HoldKind kLastHold = HoldKind::gameday_paused;

constexpr std::string_view to_string(HoldKind kind) {
  switch (kind) {
    case HoldKind::silence:
      return "silence";
    case HoldKind::window:
      return "window";
    case HoldKind::gameday_over:
      return "gameday_over";
    case HoldKind::gameday_paused:
      return "gameday_paused";
  }
  return "silence";
}

struct Hold {
  HoldKind kind = HoldKind::silence;
  std::string subject;
  std::string why;                // who says so, in words
  std::optional<WallTime> until;  // when it must be looked at again

  bool operator==(const Hold&) const = default;
};

/// Where a remedy stands.
enum class RemedyStatus : std::uint8_t {
  proposed = 0,  // waits for somebody's yes
  running = 1,   // started; the page is held
  failed = 2,    // it said no, could not be reached, or its answer never came
  spent = 3,     // it ran, and the alert still fires
  limited = 4,   // not started: its safety limit, or it runs already
  rejected = 5,  // a person said no
  worked = 6,    // the alert ended while the page was held for it
};
inline constexpr RemedyStatus kLastRemedyStatus = RemedyStatus::worked;
std::string_view to_string(RemedyStatus status);

}  // namespace tocsin

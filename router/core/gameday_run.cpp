#include "router/core/gameday_run.hpp"

#include <algorithm>

namespace tocsin::gameday {

std::string_view to_string(EndKind kind) {
  switch (kind) {
    case EndKind::off:
      return "off";
    case EndKind::paused:
      return "paused";
    case EndKind::lever:
      return "lever";
  }
  return "off";
}

WallTime Run::over_at() const { return ending ? std::min(ending->at, ends_at()) : ends_at(); }

bool is_over(const Run& run, const Instant& now) {
  if (run.ending || now.wall >= run.ends_at()) return true;
  const Duration until_start = std::max(run.starts_at - run.said.wall, Duration::zero());
  return Wait{run.said, until_start + run.length}.over(now);
}

bool is_on(const Run& run, const Instant& now) {
  return now.wall >= run.starts_at && !is_over(run, now);
}

std::string why_over(const std::string& set, const Run& run) {
  if (!run.ending) return "the time of GameDay set " + set + " is over";
  std::string text = "GameDay set " + set;
  switch (run.ending->kind) {
    case EndKind::off:
      text += " was turned off";
      break;
    case EndKind::paused:
      text += " paused";
      break;
    case EndKind::lever:
      text += " was stopped by the lever";
      break;
  }
  if (!run.ending->by.empty()) text += " by " + run.ending->by;
  return run.ending->why.empty() ? text : text + ": " + run.ending->why;
}

}  // namespace tocsin::gameday

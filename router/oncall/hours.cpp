#include "router/oncall/hours.hpp"

#include <algorithm>

#include "router/oncall/answer.hpp"

namespace tocsin::oncall {
namespace {

/// Where a schedule's answer is no step forward (at the ends of time), look again so much later.
constexpr std::chrono::hours kLookAgain{1};

}  // namespace

bool within(const std::vector<Schedule>& any, At& at) {
  return any.empty() || std::any_of(any.begin(), any.end(),
                                    [&](const Schedule& hours) { return at.covers(hours); });
}

// While it is within, the latest end of those that hold; otherwise the first beginning.
WallTime change_after(const std::vector<Schedule>& any, WallTime time, bool is_within) {
  std::optional<WallTime> change;
  for (const Schedule& hours : any) {
    const auto its = is_within ? hours.ends_at(time) : hours.next_start(time);
    if (is_within && !its && !hours.covers(time)) continue;
    const WallTime at = its.value_or(WallTime::max());
    change = !change ? at : is_within ? std::max(*change, at) : std::min(*change, at);
  }
  if (!change) return WallTime::max();
  return *change > time ? *change : later(time, kLookAgain);
}

}  // namespace tocsin::oncall

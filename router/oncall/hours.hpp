// Hours that something is restricted to: within any of several schedules, and when that changes.
// Inside of the room.
#pragma once

#include <vector>

#include "router/oncall/rota.hpp"

namespace tocsin::oncall {

/// Within any of them; without any there is no restriction.
bool within(const std::vector<Schedule>& any, At& at);

/// The next moment after `time` at which within() may be another, knowing what it is; it may turn
/// out to be the same. WallTime::max(): never.
WallTime change_after(const std::vector<Schedule>& any, WallTime time, bool is_within);

}  // namespace tocsin::oncall

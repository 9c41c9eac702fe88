// Who a rota says is on call at a moment: the one place that decides it. Inside of the room.
#pragma once

#include <algorithm>

#include "router/oncall/rota.hpp"

namespace tocsin::oncall {

/// The rota's overrides that were made by API; none is an empty list.
std::span<const Override> made_for(const Overrides& overrides, std::string_view rota);

OnCall answer(const Rota& rota, std::span<const Override> made, const Directory& people, At& at);

/// Nothing: they are not away.
const Leave* leave_at(const Person& person, WallTime time);

OnCall by_override(const Override& override);

/// Sums that end at the ends of time; `by` is not negative.
inline WallTime later(WallTime time, Duration by) {
  return time < WallTime::max() - by ? time + by : WallTime::max();
}
inline WallTime earlier(WallTime time, Duration by) {
  return time > WallTime::min() + by ? time - by : WallTime::min();
}

/// A layer with nobody to hand over to has no hand-overs.
inline bool has_turns(const Layer& layer) {
  return std::any_of(layer.people.begin(), layer.people.end(),
                     [&](const std::string& name) { return name != layer.people.front(); });
}

inline const Zone& zone_of(const Rota& rota, const Layer& layer) {
  return layer.time_zone ? *layer.time_zone : rota.time_zone;
}

}  // namespace tocsin::oncall

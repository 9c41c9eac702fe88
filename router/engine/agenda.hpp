// When which incident of a partition must be looked at again, on the owner's own steady clock.
// Derived from the state at every start.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "router/core/ids.hpp"
#include "router/core/time.hpp"

namespace tocsin::engine {

class Agenda {
 public:
  /// Puts the incident at this time, instead of where it was; nothing takes it off.
  void put(const IncidentId& id, std::optional<Duration> at) {
    if (const auto old = places_.find(id); old != places_.end()) {
      times_.erase(old->second);
      places_.erase(old);
    }
    if (at) places_.emplace(id, times_.emplace(*at, id));
  }

  /// Those whose time has come, longest ago first, `most` at the most.
  std::vector<IncidentId> due(Duration now, std::size_t most) const {
    std::vector<IncidentId> ids;
    for (auto it = times_.begin(); it != times_.end() && it->first <= now && ids.size() < most;
         ++it)
      ids.push_back(it->second);
    return ids;
  }

  std::optional<Duration> next() const {
    return times_.empty() ? std::nullopt : std::optional(times_.begin()->first);
  }

 private:
  std::multimap<Duration, IncidentId> times_;
  std::unordered_map<IncidentId, std::multimap<Duration, IncidentId>::iterator> places_;
};

}  // namespace tocsin::engine

// When which incident of a partition must be looked at again, on the owner's own steady clock.
// Derived from the state at every start.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "router/core/ids.hpp"
#include "router/core/time.hpp"

namespace tocsin::engine {

class Agenda {
 public:
  /// However many drills there are, what is real is looked at first.
  enum class Rank : std::uint8_t { real = 0, drill = 1 };

  /// Puts the incident at this time, instead of where it was; nothing takes it off.
  void put(const IncidentId& id, std::optional<Duration> at, Rank rank = Rank::real) {
    if (const auto old = places_.find(id); old != places_.end()) {
      times_[old->second.rank].erase(old->second.at);
      places_.erase(old);
    }
    const auto r = static_cast<std::size_t>(rank);
    if (at) places_.emplace(id, Place{r, times_[r].emplace(*at, id)});
  }

  /// Those whose time has come, the real ones first, of each longest ago first, `most` at the most.
  std::vector<IncidentId> due(Duration now, std::size_t most) const {
    std::vector<IncidentId> ids;
    for (const Times& times : times_)
      for (auto it = times.begin(); it != times.end() && it->first <= now && ids.size() < most;
           ++it)
        ids.push_back(it->second);
    return ids;
  }

  std::optional<Duration> next() const {
    std::optional<Duration> next;
    for (const Times& times : times_)
      if (!times.empty())
        next = next ? std::min(*next, times.begin()->first) : times.begin()->first;
    return next;
  }

 private:
  using Times = std::multimap<Duration, IncidentId>;
  struct Place {
    std::size_t rank = 0;
    Times::iterator at;
  };
  std::array<Times, 2> times_;
  std::unordered_map<IncidentId, Place> places_;
};

}  // namespace tocsin::engine

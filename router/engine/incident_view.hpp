// An incident with its alerts, as a copy: what people and channels are shown.
#pragma once

#include <optional>
#include <vector>

#include "router/engine/incident.hpp"
#include "router/engine/paged.hpp"

namespace tocsin::engine {

struct IncidentView {
  Incident incident;
  std::vector<AlertState> alerts;  // the first kMostAlertsShown; in a list, kMostAlertsListed
  std::optional<BundleWords> bundle = {};  // of the host of one: what it tells
};
inline constexpr std::size_t kMostAlertsShown = 100;
/// A list of a thousand incidents is copied under the lock, and must not hold up the owner.
inline constexpr std::size_t kMostAlertsListed = 10;

}  // namespace tocsin::engine

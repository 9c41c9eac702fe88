// Every time zone of the machine, and when its clocks change.
#pragma once

#include <string>
#include <vector>

#include "router/core/zone.hpp"

namespace tocsin::tests {

/// All of tzdata.zi: zones, and with `links` the other names of zones.
std::vector<Zone> zones_of_the_machine(bool links);

/// At which moments its clocks, or their name, change.
std::vector<WallTime> transitions(const Zone& zone, WallTime from, WallTime until);

}  // namespace tocsin::tests

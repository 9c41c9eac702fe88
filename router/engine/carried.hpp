// What is still open, written again as a whole: so that the records it was made of may be dropped.
//
// A journal whose beginning is gone is folded like any other. Records that speak of what is not
// known yet do nothing, until a `carried` record brings it as it was at that place.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "router/engine/state.hpp"

namespace tocsin::engine {

/// An incident with its alerts, or alerts that belong to none.
struct Carried {
  std::uint64_t after_turn = 0;  // it counts only where this was the last valid turn …
  Position as_of = 0;            // … and no result stands after this
  std::optional<Incident> incident;
  std::vector<AlertState> alerts;

  bool operator==(const Carried&) const = default;
};

std::string encode(const Carried& carried);
Result<Carried> decode_carried(std::string_view bytes);

/// What is known already only moves its anchor; where the beginning is gone, what is carried takes
/// the place of whatever was made of the rest.
void install(PartitionState& state, Carried carried);

/// What of a partition must be carried before records up to `through` may be dropped, `most` pieces
/// at the most; and alerts of no incident, up to kMostAlertsPerRecord in a piece.
std::vector<Carried> to_carry(const PartitionState& state, Position through, std::size_t most);

/// The configurations that what is known was decided by: kept for its explanations.
std::set<std::string> configurations_in_use(std::span<const PartitionState> states);

}  // namespace tocsin::engine

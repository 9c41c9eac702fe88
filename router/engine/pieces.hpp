// What an island says to the journal: what it decided, in pieces that a journal takes. Pure.
//
// An incident of many alerts comes in several pieces, those that fire first, so that it does not
// look over while they come in; each has the whole incident, but not the list of its alerts: each
// alert says whose it is. Any of them makes sense without the others, and comes in twice without
// harm. How they are taken in is in adopt.hpp.
#pragma once

#include <vector>

#include "router/engine/carried.hpp"

namespace tocsin::engine {

/// Of a piece, as written, unless its incident alone is larger or it has but one alert: half of
/// what a topic takes that nobody has set up for more (1 MB).
inline constexpr std::size_t kMostPieceBytes = 512u << 10;

/// What `island` says that `start`, from which it went on, did not; in the same order each time.
std::vector<Carried> pieces_of_island(const PartitionState& start, const PartitionState& island);

/// For a journal that finds it too large: the same in two, to be told in their order. Empty: it is
/// of one alert, or of what was said last of one, and cannot be cut further.
std::vector<Carried> halves_of(const Carried& piece);

}  // namespace tocsin::engine

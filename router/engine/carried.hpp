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

/// An incident with alerts of it, alerts that belong to none, or runs of hooks. An incident of many
/// alerts takes several pieces, each with the whole incident and some of them: whichever are there
/// make sense, in any number.
/// What a sender said last of an alert, by its key (alert_key()), and when.
struct LastWord {
  std::string key;
  Instant heard;

  bool operator==(const LastWord&) const = default;
};

struct Carried {
  std::uint64_t after_turn = 0;  // it counts only where this was the last valid turn …
  Position as_of = 0;            // … and no result stands after this
  std::optional<Incident> incident;
  std::vector<AlertState> alerts;
  std::vector<HookRun> runs;
  /// From an island: fingerprint() of the incident from which it went on; empty: it knew none.
  std::string before;
  /// From an island: alerts that it had known to fire, and to have ended before these of the same
  /// key began.
  std::vector<AlertId> replaced;
  /// From an island: of which alerts its senders said last that they are over, whether or not it
  /// knew them to fire; and of which that they fire, as it had known. Whoever heard of one later
  /// knows better.
  std::vector<LastWord> over;
  std::vector<LastWord> firing;

  bool operator==(const Carried&) const = default;
};

std::string encode(const Carried& carried);
Result<Carried> decode_carried(std::string_view bytes);

/// What is known already only moves its anchor; where the beginning is gone, what is carried takes
/// the place of whatever was made of the rest.
void install(PartitionState& state, Carried carried);

/// What of a partition must be carried before records up to `through` may be dropped: `most` pieces
/// and about kMostCarriedBytesAtOnce at the most, so that it is asked again until nothing is left.
std::vector<Carried> to_carry(const PartitionState& state, Position through, std::size_t most);
/// Alerts of a piece, as written: far below the journal's largest record, since an incident goes
/// with them.
inline constexpr std::size_t kMostCarriedBytes = 4u << 20;
/// Below what a journal lets wait for the disk, beside everything else that arrives.
inline constexpr std::size_t kMostCarriedBytesAtOnce = 16u << 20;

/// The incident, or none, with these alerts, as often as they need it; and about how large it is.
struct Cut {
  Carried piece;
  std::size_t bytes = 0;
};
std::vector<Cut> cut_pieces(const PartitionState& state, const Incident* incident,
                            std::span<const AlertState* const> alerts);

/// The runs that a limit may count at `now`, likewise: some of them, until nothing is left.
std::vector<Carried> runs_to_carry(const PartitionState& state, Position through,
                                   const Instant& now);
inline constexpr std::size_t kMostRunsPerPiece = 1'000;

/// The configurations that what is known was decided by: kept for its explanations.
std::set<std::string> configurations_in_use(std::span<const PartitionState> states);

}  // namespace tocsin::engine

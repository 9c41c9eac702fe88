// Retention: what is old leaves the journal, once everything that is still open has been written
// again further on.
//
//   droppable up to X ──▶ something reaches back to X or before? ──yes──▶ append it as `carried`,
//   look again
//                                                                  └─no──▶ drop
#pragma once

#include <functional>

#include "router/core/mint.hpp"
#include "router/engine/owner/node_state.hpp"
#include "router/journal/journal.hpp"

namespace tocsin::engine {

class Keeper {
 public:
  Keeper(journal::Journal& journal, Mint& mint, const NodeState& state);

  /// One step, by the owner's thread, with no turn under way. `retention` zero keeps everything.
  /// `mine`: which partitions this node decides; the others' nodes carry them. Returns when to call
  /// again, from now.
  Duration step(Duration retention, const std::vector<bool>& mine, const Instant& now);

 private:
  bool carry(const PartitionState& state, Position through, const Instant& now);
  bool carry_facts(Position through, const Instant& now);
  void append(Partition partition, RecordKind kind, std::string body, const Instant& now,
              std::uint8_t flags = 0);

  journal::Journal& journal_;
  Mint& mint_;
  const NodeState& state_;
};

inline constexpr Duration kKeepEvery = std::chrono::minutes(10);
/// While things are being carried.
inline constexpr Duration kKeepAgain = std::chrono::seconds(2);
inline constexpr std::size_t kMostCarriedAtOnce = 64;

}  // namespace tocsin::engine

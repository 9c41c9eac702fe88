// Retention: what is old leaves the journal, once everything that is still open has been written
// again further on.
//
//   droppable up to X ──▶ something reaches back to X or before? ──yes──▶ append it as `carried`,
//   look again
//                                                                  └─no──▶ drop
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "router/core/mint.hpp"
#include "router/engine/owner/node_state.hpp"
#include "router/journal/journal.hpp"

namespace tocsin::engine {

class OwnerEvents;

class Keeper {
 public:
  /// `events` hears when what is open cannot be written again: until it can, nothing is dropped.
  Keeper(journal::Journal& journal, Mint& mint, const NodeState& state, OwnerEvents& events);

  /// One step, by the owner's thread, with no turn under way. `retention` zero keeps everything.
  /// `mine`: which partitions this node decides; the others' nodes carry them. Returns when to call
  /// again, from now.
  Duration step(Duration retention, const std::vector<bool>& mine, const Instant& now);

 private:
  class Refusal;

  std::optional<Duration> pause_after_refusal();
  bool carry(const PartitionState& state, Position through, const Instant& now);
  bool carry_facts(Position through, const Instant& now);
  void append(Partition partition, RecordKind kind, std::string body, const Instant& now,
              std::uint8_t flags = 0);

  journal::Journal& journal_;
  Mint& mint_;
  const NodeState& state_;
  OwnerEvents& events_;
  const std::shared_ptr<Refusal> refusal_;  // the journal's answers may come later than its owner
  Duration pause_{};                        // zero: nothing was refused of late
};

inline constexpr Duration kKeepEvery = std::chrono::minutes(10);
/// While things are being carried.
inline constexpr Duration kKeepAgain = std::chrono::seconds(2);
inline constexpr std::size_t kMostCarriedAtOnce = 64;

}  // namespace tocsin::engine

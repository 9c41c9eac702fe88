// Deciding: what an owner's next turn says. Pure: the same state, configuration and time give the
// same turn.
#pragma once

#include <optional>
#include <span>
#include <unordered_set>

#include "router/engine/configuration.hpp"
#include "router/engine/state.hpp"

namespace tocsin::engine {

/// Who decides, and when.
struct Moment {
  Instant now;
  std::uint64_t boot = 0;  // of the owner's process
  /// Other processes that live: an attempt that one of them started may still be under way, one
  /// that any other started is lost.
  std::span<const std::uint64_t> living = {};
  /// More of an outage's backlog stands in the journal than has been decided: nobody is paged for
  /// what is old (see backlog.hpp).
  bool behind = false;
};

/// Most inputs that one turn covers: bounds its size and how long the owner thinks before anybody
/// is paged.
inline constexpr std::size_t kMostAlertsPerTurn = 512;
/// Most incidents whose time has come that one turn covers, likewise: after an outage it may have
/// come for all.
inline constexpr std::size_t kMostDuePerTurn = 512;

/// A node that is cut off from the journal decides what it has accepted itself. No hook is started:
/// what others have started it cannot know.
struct Island {
  /// Known when it was cut off, and looked after by another node: nobody is told of them from here.
  std::unordered_set<IncidentId> elsewhere;
};

/// What deciding sees beside its own partition.
struct View {
  const Facts& facts;
  std::span<const PartitionState> partitions = {};  // all of this node's, for hooks' limits
  const Island* island = nullptr;                   // set on an island
  bool copies =
      false;  // of nothing else: look for alerts that have no copy in a GameDay set that is on
  bool limits = true;  // a contact that has had too many messages gets the rest in a bundle
};
/// Most copies that one turn makes for sets that have been turned on.
inline constexpr std::size_t kMostCopiesPerTurn = 512;

/// After deciding has failed: which inputs are to be left alone.
struct Caution {
  std::size_t most_inputs = 0;  // 0: no limit but the usual; 1: one at a time, to find the culprit
  bool no_inputs = false;       // what is due, and nothing else
  std::map<RecordId, std::string> poison;  // set aside instead of decided, and why

  struct LeftAlone {
    RecordId number;
    std::string why;
  };
  /// Incidents, and alerts that are over, by id: nothing is decided for them. Who is not told of it
  /// yet is told.
  std::map<std::string, LeftAlone, std::less<>> left_alone;
};

/// The next turn: pending inputs, of each integration in their order (up to the limit, at least
/// one; see fair_inputs()), then whatever
/// is due for these incidents, then the end of these alerts, where they are over still. Nothing, if
/// there is nothing to say.
std::optional<Turn> decide_turn(const PartitionState& state, const View& view,
                                const Configuration& configuration, const Moment& moment,
                                std::span<const IncidentId> due, std::span<const AlertId> over = {},
                                const Caution& caution = {});

}  // namespace tocsin::engine

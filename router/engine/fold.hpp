// Fold: (state, record) → state. Without rules, clock or configuration, so that every node and
// every start comes to the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "router/core/control.hpp"
#include "router/core/record.hpp"
#include "router/engine/state.hpp"

namespace tocsin::engine {

/// An attempt that a valid turn has started: what delivery may send.
struct AttemptRef {
  Partition partition = 0;
  IncidentId incident;
  MessageId message;
  std::uint32_t attempt = 0;
  std::string channel;  // which delivers it

  bool operator==(const AttemptRef&) const = default;
};

/// What a record did, for those who must act on it.
struct Folded {
  enum class What { applied, skipped_duplicate, void_turn } what = What::applied;
  bool turn = false;  // a valid turn, of `boot`
  std::uint64_t boot = 0;
  std::vector<IncidentId> touched;         // incidents whose times must be looked at again
  std::vector<AttemptRef> started;         // by this turn, in order
  std::vector<effect::Answered> answered;  // commands that this turn carried out or refused
  std::vector<Decision> decided;           // for the metrics, those of drills too
  std::vector<IncidentId> begun;           // opened, reopened or raised by this turn
  std::optional<Instant> received;         // alerts: when they came
  bool control = false;                    // a fact for all nodes, and whether it holds
  std::string refused;                     // why not
  std::optional<control::Beat> beat;       // a node lives
  bool notices = false;                    // something of a notice is due, or may be
  bool news = false;                       // a fact that somebody is told of by a notice
};

Folded fold(PartitionState& state, Position position, const Record& record);

}  // namespace tocsin::engine

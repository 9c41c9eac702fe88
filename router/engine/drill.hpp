// Drills in the engine: which alerts must be copied for which set, and why a drill is silent. Pure.
//
// A copy is an alert of its own in the realm of the set's run: its own key, group, incident and
// ids, so that nothing that happens to it can touch what it was copied from. It begins with its
// original, or when the set is turned on, and ends with its original, or when the set is off.
//
// Production pages rather twice than not at all; a drill is rather silent. Whatever is not known to
// be on, and its own, is off.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "router/engine/agenda.hpp"
#include "router/engine/configuration.hpp"
#include "router/engine/state.hpp"

namespace tocsin::engine {

inline Agenda::Rank rank_of(const Incident& incident) {
  return incident.realm.is_production() ? Agenda::Rank::real : Agenda::Rank::drill;
}

/// An alert that fires and has no copy in the set's run that is on.
struct CopyDue {
  AlertId original;
  std::string set;

  bool operator==(const CopyDue&) const = default;
};

/// Whether the alert's copy belongs into this set: its tag says so, or the set copies it.
bool feeds(const gameday::Set& set, const AlertState& original, const Configuration& configuration);

/// `most` at the most, in an order that depends on the state alone.
std::vector<CopyDue> copies_due(const PartitionState& state, const Facts& facts,
                                const Configuration& configuration, const Instant& now,
                                std::size_t most);

/// Why the run of this realm is over; empty before that. Of production: always empty.
std::string why_run_over(const Realm& realm, const Facts& facts, const Configuration& configuration,
                         const Instant& now);

/// Why a drill pages nobody by way of this rota: production pages it, and the set may not. Empty:
/// it may; and of production always.
std::string why_not_by_rota(const Realm& realm, const std::string& rota,
                            const Configuration& configuration);

/// Whom a set may reach, at whatever time: its policy's people, those of its rotas and of what
/// overrides them, and the channels that take the place of others; each once.
std::vector<Contact> everybody_of(const gameday::Set& set, const Configuration& configuration,
                                  const oncall::Overrides& overrides);
bool may_reach(const gameday::Set& set, const Configuration& configuration, const Facts& facts,
               const Contact& contact);

/// Why nothing of this drill's message may leave tocsin at this moment; empty: it may.
std::string why_silent(const Incident& incident, const MessageState& message, const Facts& facts,
                       const Configuration& configuration, const Instant& now);

/// The sets that are on and practised by whom a real message reaches, or by its team: it must say
/// that it is not their drill.
std::vector<std::string> drills_beside(const Incident& incident, const Contact& contact,
                                       const Facts& facts, const Instant& now);

/// The sets that a real incident stops: its team's, and those that say `stop_if` for its severity.
/// `begins`: it opened, reopened or became graver just now; otherwise it must have opened after
/// them.
struct Paused {
  std::string set;
  std::uint32_t run = 0;
  std::string why;

  bool operator==(const Paused&) const = default;
};
std::vector<Paused> paused_by(const Incident& incident, const Facts& facts,
                              const Configuration& configuration, const Instant& now, bool begins);

}  // namespace tocsin::engine

// What a node decided while it was cut off from the journal, an island, comes back to it: as
// pieces, which are inputs like any other. Pure.
//
//   island's state ─ less the state it began with ─▶ pieces ─▶ journal ─▶ pending ─▶
//   effect::Adopted
//
// A piece whose incident nobody has touched since takes its place; one that is unknown is added;
// where both sides went on, or the group has another open incident by now, they are one from there
// on: the journal's id stays, the other becomes an alias. Nothing that either side has told a
// person is told again.
#pragma once

#include <string>
#include <vector>

#include "router/engine/apply.hpp"
#include "router/engine/carried.hpp"

namespace tocsin::engine {

/// What an incident says, wherever its journal stands: the same on every node.
std::string fingerprint(const Incident& incident);

/// The incident in which the piece's own goes on: the same, the open one of its group, or itself,
/// new. Empty, if the piece has none.
IncidentId adopted_into(const Workspace& state, const Carried& piece);

/// Takes a piece in. Of a person's words it only adds what was said (see words_of_island()).
void adopt(const Carried& piece, const IncidentId& into, Position position, const TurnContext& turn,
           Workspace& state);

/// The incidents, beside its own, of alerts that the piece ends or says to fire: they may be over
/// by then, or no longer.
std::vector<IncidentId> touched_by(const Workspace& state, const Carried& piece);

/// What people said on the island that the incident, after adopt(), does not say: acknowledged,
/// snoozed, resolved.
std::vector<Effect> words_of_island(const Incident& theirs, const Incident& ours,
                                    const Instant& now);

}  // namespace tocsin::engine

// Acknowledgements: one for all, each of several, and for how long. Pure.
//
//   everyone   pages ada and grace ── ada ──▶ in part: ada hears no more ── grace ──▶ acknowledged
//   timeout    acknowledged ── 30m, and not over ──▶ open, and paged anew
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "router/core/turn.hpp"
#include "router/engine/incident.hpp"

namespace tocsin::engine {

/// One of several who have to, and has: gets no more pages of it.
bool has_acknowledged(const Incident& incident, std::string_view person);

/// Whose acknowledgement is wanted still, each of them. Empty: whoever comes first does it for all,
/// or nobody is asked any more.
std::vector<std::string> waiting_for(const Incident& incident);

/// All that hold, for people; the last of several is the one that completed them.
std::vector<Acknowledgement> acknowledgements_of(const Incident& incident);

/// Acknowledged, or snoozed, until then; nothing: for good, or not at all.
std::optional<WallTime> acknowledged_until(const Incident& incident);

/// The time for which it was acknowledged is over, and it is not.
bool has_lapsed(const Incident& incident, const Instant& now);

/// What a person's acknowledgement comes to, if it changes anything.
std::optional<Effect> acknowledgement(const Incident& incident, const std::string& by,
                                      const std::string& via);

/// What whoever has just acknowledged should know: for whom it waits, or until when it holds; may
/// be empty.
std::string words_for(const std::string& by, const Incident& acknowledged);

/// "ada", "ada and grace", "ada, grace and linus".
std::string names(const std::vector<std::string>& people);

// What the effects do: by apply().
void acknowledge(Incident& incident, const effect::Acknowledged& said, const Instant& at);
void acknowledge_in_part(Incident& incident, const effect::AcknowledgedInPart& said,
                         const Instant& at);
/// Nobody has it in hand any more.
void forget_acknowledgements(Incident& incident);

}  // namespace tocsin::engine

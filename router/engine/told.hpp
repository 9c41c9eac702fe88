// What an incident's timeline tells of the attempts to send, and of how a drill ended. Pure.
#pragma once

#include <optional>
#include <vector>

#include "router/engine/incident.hpp"

namespace tocsin::engine {

/// When a provider first took a page of it; nothing: none did.
std::optional<WallTime> first_page_accepted(const Incident& incident);
/// The attempts that the sending gate held back, and why; oldest first.
std::vector<TimelineEntry> withheld_attempts(const Incident& incident);
/// A drill that was still open when its run ended, whatever ended it afterwards.
bool was_cut_off(const Incident& incident);

}  // namespace tocsin::engine

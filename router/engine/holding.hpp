// Silences and maintenance windows: why an incident is to page nobody at a moment. Pure.
//
// An incident is held while every alert of it that fires is covered by a silence or a window; one
// that is not is reason enough to page. One opened before the silence was made is held as well, and
// its timeline says so.
#pragma once

#include <optional>

#include "router/engine/decide.hpp"
#include "router/engine/workspace.hpp"

namespace tocsin::engine {

/// Nothing if somebody may be paged. The same question always gives the same hold.
std::optional<Hold> hold_of(const Incident& incident, const Workspace& state, const Facts& facts,
                            const Configuration& configuration, WallTime now);

/// When the next silence or window begins, after this moment: what is open must be looked at again.
std::optional<WallTime> next_beginning(const Facts& facts, const Configuration& configuration,
                                       WallTime now);

}  // namespace tocsin::engine

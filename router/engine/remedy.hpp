// Hooks that repair: when one starts, and when the page must go out all the same. Pure.
//
//   automatic  opened ─▶ running ─┬─▶ worked: the alert ended, and nobody was paged
//                                 ├─▶ failed: it said no, was not reached, or no answer came  ─▶
//                                 page at once └─▶ spent: it still fires when the wait is over ─▶
//                                 page at once
//              opened ─▶ limited: too many runs, or it runs already                           ─▶
//              page at once
//   approve    paged, proposed ─▶ (a person says yes) running, the escalation held; then as above
//
// A start is in a turn before the call, and there is never a second one for it: a start without a
// result is a failure.
#pragma once

#include <optional>
#include <string>

#include "router/engine/decide.hpp"
#include "router/engine/holding.hpp"

namespace tocsin::engine {

/// Whether the page is held for a hook that runs.
bool is_running(const Incident& incident);

/// Why the incident's hook may not start at this moment; empty if it may. Of one hook and group
/// there is one call at a time, also when the incident that it was made for has ended meanwhile.
std::string why_not_run(const Incident& incident, const Workspace& state, const View& view,
                        const Moment& moment);

/// The start of the hook; `by` is who said yes, empty if it starts by itself.
effect::Remedied start_remedy(const Incident& incident, const std::string& by);

/// The next effect of the hook, if one is due: its start, or that it did not help.
std::optional<Effect> remedy_due(const Incident& incident, const Workspace& state, const View& view,
                                 const Moment& moment);
/// How long until remedy_due() may have something to say.
std::optional<Duration> remedy_in(const Incident& incident, const Moment& moment);

}  // namespace tocsin::engine

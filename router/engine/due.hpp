// What is due for an incident at a moment, and when it must be looked at again. Pure.
#pragma once

#include <optional>
#include <vector>

#include "router/engine/configuration.hpp"
#include "router/engine/decide.hpp"
#include "router/engine/holding.hpp"

namespace tocsin::engine {

/// The process lives, so far as the decider knows.
bool lives(std::uint64_t boot, const Moment& moment);

/// Its attempt is under way and no result will come: a process that is no more started it, or it is
/// too long ago. It may have arrived.
bool lost(const MessageState& message, const Moment& moment);

/// The one question that is asked three times (when deciding, when a time comes due, and at the
/// sending gate): may this message go out now? Empty if it may, otherwise why not, for people.
std::string why_not_send(const Incident& incident, const MessageState& message);

/// How long until an attempt at this message is due; nothing while one is under way or it is over.
std::optional<Duration> attempt_in(const Incident& incident, const MessageState& message,
                                   const Moment& moment);

/// The next effect that is due for this incident, if any. Apply it and ask again until there is
/// none.
std::optional<Effect> next_due(const Incident& incident, const Workspace& state, const View& view,
                               const Configuration& configuration, const Moment& moment);

/// How long until next_due() may have something to say: zero if it has now, nothing if only an
/// input, or the beginning of a silence or window, can change that.
std::optional<Duration> due_in(const Incident& incident, const Moment& moment);

/// Wall time may be stepped, so what waits for it is looked at so often at the least.
inline constexpr Duration kLookAgain = std::chrono::minutes(1);

}  // namespace tocsin::engine

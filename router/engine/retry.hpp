// When the next attempt to hand over a message is due: exponential back-off with jitter, the
// provider's Retry-After obeyed.
#pragma once

#include <cstdint>
#include <optional>

#include "router/core/message.hpp"

namespace tocsin::engine {

inline constexpr Duration kFirstRetry = std::chrono::seconds(1);
inline constexpr Duration kLongestRetry = std::chrono::minutes(1);
/// A provider may ask for more patience than a page can have.
inline constexpr Duration kMostRetryAfter = std::chrono::minutes(5);
/// An attempt whose result has not come by then is lost; no attempt may take that long.
inline constexpr Duration kAttemptLost = std::chrono::minutes(1);

/// A page is tried until somebody acknowledges; the word that it is over, about an hour: by then
/// nobody waits for it, and a receiver that is gone for good must not gather every incident.
inline constexpr std::uint32_t kMostWordAttempts = 60;
/// A digest, about a day.
inline constexpr std::uint32_t kMostDigestAttempts = 1'440;

/// How long to wait after attempt `attempt` (from 1) failed for now. The jitter comes from the id,
/// so that every node computes the same: between three quarters and the whole of 1 s, 2 s, 4 s … 1
/// min; never less than `retry_after`, which is capped.
Duration retry_wait(const MessageId& id, std::uint32_t attempt,
                    std::optional<Duration> retry_after);

/// Hash of everything that makes one message another: the idempotency key that its provider sees.
MessageId make_message_id(const IncidentId& incident, std::uint32_t occurrence, MessageKind kind,
                          bool fallback, std::uint32_t round, std::uint32_t step,
                          const Contact& contact);

}  // namespace tocsin::engine

// Bundles: a contact that has had too many messages gets the rest of them in one. Pure.
//
//   ada, limit 10 in 1m   10 pages ─── 1 min after the first ───┐
//   38 incidents          page page page … │ bundled …  bundled │ one bundle: 28 incidents
//   a critical one                              page            │ its first page is never held
//
// Held is no secret: the incident's timeline says so, and until when; and so it does when the
// bundle was taken. Nothing waits for longer than the limit's own time, unless the provider is
// down, and the escalation goes on by its waits meanwhile. What was acknowledged or is over before
// the bundle goes is not in it. Its parts are those of one partition: an integration is in one.
#pragma once

#include <optional>
#include <vector>

#include "router/engine/apply.hpp"
#include "router/engine/configuration.hpp"
#include "router/engine/decide.hpp"

namespace tocsin::engine {

/// Whatever the limit, nothing is held for longer: nobody's limit is a way to sleep through it all.
inline constexpr Duration kLongestBundled = std::chrono::minutes(15);

/// The limit that holds for this person; the built-in one for whoever has none of their own.
oncall::PageLimit limit_of(const std::string& person, const oncall::Directory& directory);

/// Instead of beginning this message, which is due: its contact has had too many.
std::optional<effect::Bundled> bundled_instead(const Incident& incident,
                                               const MessageState& message, const Workspace& state,
                                               const Configuration& configuration,
                                               const Moment& moment);

/// The host of a bundle, and no incident.
bool is_host(const Incident& incident);
/// What is due for it, if its message is.
std::optional<Effect> bundle_due(const Incident& host, const Workspace& state, const View& view,
                                 const Moment& moment);

/// What the effects do.
void join_bundle(const effect::Bundled& bundled, const Instant& at, Workspace& state);
void leave_bundle(const effect::Unbundled& unbundled, const Instant& at, Workspace& state);
/// The first attempt at a message counts for its contact.
void count_attempt(const Incident& incident, const MessageState& message, const Instant& at,
                   Workspace& state);

/// By the fold alone: what its members are told of an attempt that begins, and of what came of it.
/// `touched` grows by their incidents.
void begin_bundle(PartitionState& state, const IncidentId& bundle,
                  std::vector<IncidentId>& touched);
void conclude_bundle(PartitionState& state, const IncidentId& bundle, WallTime recorded_at,
                     std::vector<IncidentId>& touched);

/// What it says, but of `hushed` incidents: somebody has just stopped them.
BundleWords words_of(const PartitionState& state, const Bundle& bundle,
                     const std::vector<IncidentId>& hushed);

}  // namespace tocsin::engine

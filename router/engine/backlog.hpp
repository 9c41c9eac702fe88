// The backlog of an outage: inputs that are decided long after they came. Pure.
//
//   received   Mon 02:00 fires   Mon 02:20 ends   Tue 07:00 fires │ Wed 09:00 back: all are decided
//   told                    └───── in one digest, to a room ─────┘ └ paged, since it is still open
//
// While more of it stands behind what was decided, nobody is paged for what is old: its end may be
// the next record. What opened and ended in it has passed: nobody is woken, and the team's room is
// told of all that has passed at once. One incident of those, the carrier, has the digest by value,
// so that the others may leave memory.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "router/engine/configuration.hpp"
#include "router/engine/decide.hpp"
#include "router/engine/workspace.hpp"

namespace tocsin::engine {

/// An input that waited so long to be decided is backlog: above any delay of a node that works, and
/// above the time in which another node takes over.
inline constexpr Duration kBacklogAfter = std::chrono::minutes(5);
/// And what waited so long while some of it is read: the outage's last minutes are of it as well.
inline constexpr Duration kBacklogTail = std::chrono::seconds(10);
/// After the last of it was heard nothing more is believed to come. A spool gives back what it kept
/// one record after the other.
inline constexpr Duration kBacklogSettles = std::chrono::seconds(2);
/// Nobody's page waits longer for it, so that endless backlog is not silence.
inline constexpr Duration kMostBehind = std::chrono::minutes(1);
/// Nor does a digest: one for each of these, while it does not end.
inline constexpr Duration kMostDigestWait = std::chrono::minutes(10);
/// How often what waits is looked at.
inline constexpr Duration kLookBehind = std::chrono::milliseconds(250);

/// Whether an input that was received then is backlog now.
bool is_backlog(const Instant& received, const Instant& now);
bool is_backlog(const Instant& received, const Moment& moment);
/// Whether a pending input is.
bool is_backlog(const Pending& pending, const Instant& now);

/// Whether an owner is behind with a partition: of its own memory, and never asked by a fold.
class CatchingUp {
 public:
  /// Backlog was read.
  void heard(Duration now) {
    if (!since_ || now - last_ >= kBacklogSettles) since_ = now;
    last_ = now;
  }
  /// `more`: something is not read or not decided yet. Never for longer than kMostBehind.
  bool behind(Duration now, bool more) const {
    if (!since_ || now - *since_ >= kMostBehind) return false;
    return more || now - last_ < kBacklogSettles;
  }
  /// False: behind() is, whatever there is more.
  bool has_heard() const { return since_.has_value(); }

 private:
  std::optional<Duration> since_;
  Duration last_{};
};

/// Old, and more stands behind it: nothing of it begins now.
bool waits_for_backlog(const Incident& incident, const Moment& moment);

/// It opened in the backlog and is over, and nobody has been told of it, who would have been.
bool has_passed(const Incident& incident, const Workspace& state, const Instant& now);

/// Who carries the digest of what has passed, while one turn is decided.
class Carriers {
 public:
  explicit Carriers(const PartitionState& state) : state_(state) {}

  /// One whose digest nobody has been told, of the same team and rooms; or itself.
  IncidentId of(const Incident& passed, const Workspace& draft);

 private:
  const PartitionState& state_;
  std::optional<std::map<std::string, IncidentId>> known_;
};

/// The word of an untold digest, if it is time for it: without messages when there is no room.
std::optional<effect::Told> digest_due(const Incident& incident, const Configuration& configuration,
                                       const Moment& moment);
/// How long until digest_due() may have something to say.
std::optional<Duration> digest_in(const Incident& incident, const Moment& moment);
bool is_digest(const effect::Told& told);

/// What the effects do to the incidents.
void open_in_backlog(Incident& incident, const Instant& at);
void pass(const effect::Resolved& resolved, const Instant& at, Workspace& state);
void take_back_passed(const IncidentId& reopened, Workspace& state);
void tell_digest(Incident& carrier, const effect::Told& told, const Instant& at);

}  // namespace tocsin::engine

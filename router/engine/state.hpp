// One partition's state: what folding its records gives. The same records always give the same
// state, on every node.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "router/core/bodies.hpp"
#include "router/core/turn.hpp"
#include "router/engine/alike.hpp"
#include "router/engine/contact_health.hpp"
#include "router/engine/facts.hpp"
#include "router/engine/incident.hpp"
#include "router/engine/notice.hpp"
#include "router/engine/paged.hpp"
#include "router/engine/pending.hpp"
#include "router/engine/seen_ids.hpp"
#include "router/engine/sharing.hpp"
#include "router/engine/table.hpp"

namespace tocsin::engine {

/// How an integration has been heard of late.
struct Heard {
  Instant since, last;  // the first and the last request of a time without a long silence
  Duration word{};      // how long the alerts of the last one hold

  bool operator==(const Heard&) const = default;
};
/// No sender's word counts for longer in telling a silence.
inline constexpr Duration kMostWord = std::chrono::hours(1);

/// What was said of an alert that is not known yet, in a journal whose beginning is gone: until it
/// is carried.
struct EarlyWord {
  Alert alert;  // of a re-send by reference, its end alone
  Instant heard;
  Position position = 0;
};

/// What is over, and when: it may leave memory some day.
template <class What>
struct Over {
  What what;
  std::uint64_t at = 0;  // PartitionState::records of that moment

  bool operator==(const Over&) const = default;
};

template <class T>
using TextMap = std::unordered_map<SharedText, T, TextHash, std::equal_to<>>;

/// All of a partition's state but what there may be very much of.
struct PartitionRest {
  Partition partition = 0;
  std::uint64_t turn = 0;      // the last valid one
  Instant at;                  // and when it was: the last known moment of the partition's timeline
  Position position = 0;       // the last record folded
  std::uint64_t records = 0;   // how many were folded
  std::uint64_t holder = 0;    // the boot that wrote the last valid turn, or that it was handed to
  Position turn_position = 0;  // and where it, or what was carried after it, stands
  Position result_position = 0;  // where the last result stands
  /// The journal's beginning was dropped: the first turn that is there counts, whatever its number.
  bool truncated = false;
  std::shared_ptr<const std::string> configuration;  // hash: of the last valid turn
  SeenIds seen;

  PendingInputs pending;
  std::unordered_map<std::string, std::uint32_t>
      pending_keys;  // alert key → how many pending inputs have it

  std::map<std::string, Heard, std::less<>> heard;  // by integration
  TextMap<AlertId> current;                         // alert key → its latest alert
  TextMap<IncidentId> groups;                       // of incidents that are not resolved

  std::deque<Over<IncidentId>> closed;         // oldest first; leave memory past kMostClosed
  std::deque<Over<IncidentId>> closed_drills;  // likewise: they take no place of production's
  std::deque<Over<AlertId>> ended;             // alerts of no incident that ended, likewise
  std::deque<effect::SetAside> set_aside;      // the latest, for people to see
  std::deque<HookRun> hook_runs;               // the latest, for their limits
  /// Of the steps that page one target after the other: whose turn it is next. Only here and in
  /// snapshots: where the journal's beginning is gone, it begins anew.
  std::map<std::string, std::uint32_t> turns;
  std::map<std::pair<std::string, std::string>, Instant>
      beats;                        // the last sign of life, by integration and heartbeat
  ContactsHealth contacts;          // what this partition has shown of them
  std::map<PagedKey, Paged> paged;  // how often each was paged of late
  std::unordered_map<IncidentId, Bundle> bundles;    // by the id of their host
  std::unordered_map<std::string, EarlyWord> early;  // alert key or id → the last; while truncated
  Facts facts;                                       // partition 0 only: what holds for all
  Notices notices;                                   // partition 0 only
  // On an island only, and in no snapshot: of which alert keys its senders said last that they are
  // over, and of which that they fire still.
  bool on_island = false;
  std::map<std::string, Instant> said_over;
  std::map<std::string, Instant> said_firing;
};

struct PartitionState : PartitionRest {
  Table<AlertId, AlertState> alerts;
  Table<IncidentId, Incident> incidents;
  AlikeDecisions decisions;  // of its alerts, each once
  Sharing sharing;           // of what else they have in common

  /// Where an incident of this realm waits to leave memory once it is over.
  std::deque<Over<IncidentId>>& closed_of(const Realm& realm) {
    return realm.is_production() ? closed : closed_drills;
  }
  /// An incident, or the host of a bundle, by its id.
  Incident* look_up(const IncidentId& id);
  const Incident* look_up(const IncidentId& id) const;
  /// The same, or by an alias of it.
  Incident* find_incident(const IncidentId& id);
};

inline constexpr std::size_t kMostClosed = 1'000;
inline constexpr std::size_t kMostEnded = 10'000;
/// An alert that ended stays for so many records more, whatever the limits: a re-send that refers
/// to it may be on its way (see known_resend()).
inline constexpr std::uint64_t kResendsUnderWay = 2'000;
inline constexpr std::size_t kMostTurns = 10'000;
inline constexpr std::size_t kMostBeats = 10'000;
inline constexpr std::size_t kMostSetAside = 100;
inline constexpr std::size_t kMostSaid = 1'000'000;

/// The alert of which this one, just received, is an unchanged re-send; empty if it says anything
/// new.
AlertId resend_of(const PartitionState& state, const std::string& integration, const Alert& alert);

/// How an alert is known within its partition: realm, integration and the sender's key.
std::string alert_key(const Realm& realm, std::string_view integration, std::string_view key);
std::string alert_key(const AlertState& alert);

/// What these incidents have in common with others is kept once.
void share(PartitionState& state, const std::vector<IncidentId>& incidents);

}  // namespace tocsin::engine

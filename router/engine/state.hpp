// One partition's state: what folding its records gives. The same records always give the same
// state, on every node.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "router/core/bodies.hpp"
#include "router/core/turn.hpp"
#include "router/engine/incident.hpp"
#include "router/engine/seen_ids.hpp"

namespace tocsin::engine {

/// An input that no valid turn has covered yet.
struct Pending {
  struct Broken {
    std::string why;
  };
  Position position = 0;
  RecordId id;
  std::variant<std::shared_ptr<const AlertsBody>, Command, Broken> input;
  std::vector<std::uint32_t> changed;  // alerts: the ones that need a decision
};

/// How an integration has been heard of late.
struct Heard {
  Instant since, last;  // the first and the last request of a time without a long silence
  Duration word{};      // how long the alerts of the last one hold

  bool operator==(const Heard&) const = default;
};
/// No sender's word counts for longer in telling a silence.
inline constexpr Duration kMostWord = std::chrono::hours(1);

struct PartitionState {
  Partition partition = 0;
  std::uint64_t turn = 0;       // the last valid one
  Position position = 0;        // the last record folded
  std::uint64_t turn_boot = 0;  // who wrote the last valid turn
  SeenIds seen;

  std::deque<Pending> pending;
  std::unordered_map<std::string, std::uint32_t>
      pending_keys;  // alert key → how many pending inputs have it

  std::unordered_map<AlertId, AlertState> alerts;
  std::map<std::string, Heard, std::less<>> heard;   // by integration
  std::unordered_map<std::string, AlertId> current;  // alert key → its latest alert
  std::unordered_map<IncidentId, Incident> incidents;
  std::unordered_map<std::string, IncidentId> groups;  // of incidents that are not resolved

  std::deque<IncidentId> closed;           // oldest first; leave memory past kMostClosed
  std::deque<AlertId> ended;               // alerts of no incident that ended, likewise
  std::deque<effect::SetAside> set_aside;  // the latest, for people to see

  const Pending* find_pending(const RecordId& id) const;
};

inline constexpr std::size_t kMostClosed = 1'000;
inline constexpr std::size_t kMostEnded = 10'000;
inline constexpr std::size_t kMostSetAside = 100;

/// How an alert is known within its partition: realm, integration and the sender's key.
std::string alert_key(const Realm& realm, std::string_view integration, std::string_view key);

}  // namespace tocsin::engine

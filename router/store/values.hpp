// What a store keeps, as values, the limits of it, and the checksums with which it is read again.
// Bodies are opaque here: whoever saves them encodes them. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "router/core/ids.hpp"
#include "router/core/result.hpp"
#include "router/core/severity.hpp"
#include "router/core/time.hpp"

namespace tocsin::store {

/// One partition's folded state: everything in the journal up to and including the position.
struct Snapshot {
  Partition partition = 0;
  Position position = 0;
  std::string body;

  bool operator==(const Snapshot&) const = default;
};

/// A closed incident as people will ask for it.
struct History {
  IncidentId id;
  Partition partition = 0;
  std::string state;
  std::string team;
  Severity severity = Severity::error;
  std::string gameday;  // empty: production
  WallTime opened_at{};
  WallTime resolved_at{};  // when it was closed, however it was: forget() goes by it
  std::vector<AlertId> alerts;
  std::vector<std::string> configurations;  // the hashes of those that decided its alerts
  std::string body;                         // the whole of it, with its alerts and timeline
  /// Of the journal, up to which it was folded: for save() to compare. What is read has none.
  Position position = 0;

  bool operator==(const History&) const = default;
};

/// What is left out is not asked for. An incident is wanted when everything that is said fits.
struct Query {
  std::vector<std::string> states;  // any of them; empty: all
  std::string team;                 // empty: all
  std::optional<Severity> severity;
  std::optional<std::string> gameday;  // "" asks for production's
  WallTime since{};                    // opened then or later
  std::size_t limit = 100;
  std::string cursor;  // the page before's `next`; of the form of core/listing_order.hpp
};

/// Newest opened first, ties by id: falling in listing_order(). All that is wanted between the
/// query's cursor and `next` is in it, which may be fewer than asked for although more follow.
struct Page {
  std::vector<History> incidents;
  std::string next;  // empty: nothing follows
};

inline constexpr std::size_t kMostListed = 1'000;
/// A page ends when its bodies have come to so much.
inline constexpr std::size_t kMostPageBytes = 64u << 20;
/// One snapshot, incident or configuration. SQLite and Redis could hold about as much again.
inline constexpr std::size_t kMostBodyBytes = 512u << 20;

/// Errors: invalid, naming what is too large.
Status within_limits(std::span<const History> incidents, std::span<const Snapshot> snapshots);
Status configuration_within_limits(const std::string& body);

/// Over everything that is stored of it, not only the body: a flipped bit must not move an incident
/// to another team, nor a state to another position.
std::uint32_t checksum_of(const Snapshot& snapshot);
std::uint32_t checksum_of(const History& incident);
std::uint32_t checksum_of_configuration(const std::string& hash, const std::string& body);

}  // namespace tocsin::store

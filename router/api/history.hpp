// Incidents from memory and from the store as one: memory holds what is open and what ended of
// late, the store what ended before. What memory has is newer and wins.
#pragma once

#include <optional>
#include <string>

#include "router/engine/owner/node_state.hpp"
#include "router/store/store.hpp"

namespace tocsin::api {

struct Listing {
  engine::IncidentPage page;
  std::string incomplete;  // why history is missing in it; empty: nothing is
};

struct Found {
  engine::IncidentView view;
  bool in_memory = true;  // only these can be changed
};

class History {
 public:
  /// Without a store only memory is looked at.
  History(const engine::NodeState& state, store::Store* store) : state_(state), store_(store) {}

  /// Newest first. Pages neither repeat nor miss an incident. What is open is listed even when the
  /// store does not work. Errors: the store's `invalid`.
  Result<Listing> list(const engine::IncidentQuery& query) const;

  /// By a beginning of its id that is unique over both. Errors: not_found, invalid (several begin
  /// so), and the store's when memory has none.
  Result<Found> find(std::string_view typed_id) const;

  struct FoundAlert {
    engine::AlertState alert;
    std::optional<engine::Incident> incident;
  };
  /// Errors: not_found, and the store's.
  Result<FoundAlert> find_alert(const AlertId& id) const;

  /// The bytes of a configuration; nothing if it is not kept. Errors: the store's.
  Result<std::optional<std::string>> configuration(const std::string& hash) const;

 private:
  bool memory_has(const store::History& kept) const;
  Result<std::optional<engine::IncidentView>> find_stored(std::string_view typed_id) const;

  const engine::NodeState& state_;
  store::Store* const store_;
};

}  // namespace tocsin::api

// Incidents as rows of the store's tables, written and read whole.
#pragma once

#include "connectors/sqlite/database.hpp"
#include "router/store/values.hpp"

namespace tocsin::store {

/// Writes incidents within transactions of the caller.
class IncidentWriter {
 public:
  static Result<IncidentWriter> prepare(sqlite::Database& database);
  /// Replaces the one of the same id, if that is not of a later position, or is damaged.
  Status put(const History& incident);
  Status remove(std::int64_t number);

 private:
  /// The row's number; 0 when it was passed over.
  Result<std::int64_t> put_row(const History& incident);
  Status remove_if_damaged(const IncidentId& id);
  Status remove_references(std::int64_t number);

  sqlite::Database* database_ = nullptr;
  sqlite::Statement put_, remove_;
  sqlite::Statement put_alert_, remove_alerts_;
  sqlite::Statement put_configuration_, remove_configurations_;
};

/// What was read of one row: the incident, or what is wrong with it, or neither when there is none.
struct ReadIncident {
  std::optional<History> incident;
  std::string damage;
};

class IncidentReader {
 public:
  static Result<IncidentReader> prepare(sqlite::Database& database);
  Result<ReadIncident> read(std::int64_t number);

 private:
  sqlite::Statement incident_, alerts_, configurations_;
};

/// As an incident is put.
Status put_snapshot(sqlite::Database& database, const Snapshot& snapshot);

/// Those that are whole; what is wrong with the others goes to `damage`.
Result<std::vector<Snapshot>> read_snapshots(sqlite::Database& database,
                                             std::vector<std::string>& damage);

}  // namespace tocsin::store

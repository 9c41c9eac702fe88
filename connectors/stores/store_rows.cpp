#include "connectors/stores/store_rows.hpp"

#include "router/core/listing_order.hpp"

namespace tocsin::store {
namespace {

std::int64_t microseconds(WallTime time) { return time.time_since_epoch().count(); }
WallTime wall_time(std::int64_t microseconds) { return WallTime(Duration(microseconds)); }

std::string text(sqlite::Statement& row, int column) { return std::string(row.bytes(column)); }

Status put_references(sqlite::Statement& put, std::int64_t number, std::int64_t place,
                      const std::string& to) {
  return put.bind(1, number).bind(2, place).bind_text(3, to).run();
}

}  // namespace

Result<IncidentWriter> IncidentWriter::prepare(sqlite::Database& database) {
  IncidentWriter writer;
  writer.database_ = &database;
  TOCSIN_TRY(
      writer.put_,
      database.prepare(
          "INSERT INTO incidents(id, partition, state, team, severity, gameday, opened_at, "
          "resolved_at, listing, checksum, body, position) "
          "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT(id) DO UPDATE SET "
          "partition = excluded.partition, state = excluded.state, team = excluded.team, "
          "severity = excluded.severity, gameday = excluded.gameday, "
          "opened_at = excluded.opened_at, resolved_at = excluded.resolved_at, "
          "listing = excluded.listing, checksum = excluded.checksum, body = excluded.body, "
          "position = excluded.position WHERE excluded.position >= incidents.position "
          "RETURNING number"));
  TOCSIN_TRY(writer.remove_, database.prepare("DELETE FROM incidents WHERE number = ?1"));
  TOCSIN_TRY(writer.put_alert_, database.prepare("INSERT INTO alerts VALUES(?1, ?2, ?3)"));
  TOCSIN_TRY(writer.remove_alerts_, database.prepare("DELETE FROM alerts WHERE incident = ?1"));
  TOCSIN_TRY(writer.put_configuration_,
             database.prepare("INSERT INTO decided_by VALUES(?1, ?2, ?3)"));
  TOCSIN_TRY(writer.remove_configurations_,
             database.prepare("DELETE FROM decided_by WHERE incident = ?1"));
  return writer;
}

Result<std::int64_t> IncidentWriter::put_row(const History& incident) {
  const Result<bool> row = put_.bind_text(1, incident.id.text)
                               .bind(2, incident.partition)
                               .bind_text(3, incident.state)
                               .bind_text(4, incident.team)
                               .bind(5, static_cast<std::int64_t>(incident.severity))
                               .bind_text(6, incident.gameday)
                               .bind(7, microseconds(incident.opened_at))
                               .bind(8, microseconds(incident.resolved_at))
                               .bind_text(9, listing_order(incident.opened_at, incident.id))
                               .bind(10, checksum_of(incident))
                               .bind_blob(11, incident.body)
                               .bind(12, static_cast<std::int64_t>(incident.position))
                               .step();
  const std::int64_t number = row && *row ? put_.number(0) : 0;
  put_.reset();
  if (!row) return row.error();
  return number;
}

Status IncidentWriter::put(const History& incident) {
  TOCSIN_TRY(std::int64_t number, put_row(incident));
  if (number == 0) {
    TOCSIN_TRY([[maybe_unused]] Unit looked, remove_if_damaged(incident.id));
    TOCSIN_TRY(number, put_row(incident));
  }
  if (number == 0) return ok();
  TOCSIN_TRY([[maybe_unused]] Unit removed, remove_references(number));
  std::int64_t place = 0;
  for (const AlertId& alert : incident.alerts) {
    TOCSIN_TRY([[maybe_unused]] Unit put, put_references(put_alert_, number, place++, alert.text));
  }
  place = 0;
  for (const std::string& hash : incident.configurations) {
    TOCSIN_TRY([[maybe_unused]] Unit put,
               put_references(put_configuration_, number, place++, hash));
  }
  return ok();
}

// Nobody would ever see it, and it would stand in the way for good.
Status IncidentWriter::remove_if_damaged(const IncidentId& id) {
  TOCSIN_TRY(sqlite::Statement find,
             database_->prepare("SELECT number FROM incidents WHERE id = ?1"));
  TOCSIN_TRY(const bool found, find.bind_text(1, id.text).step());
  if (!found) return ok();
  const std::int64_t number = find.number(0);
  find.reset();
  TOCSIN_TRY(IncidentReader reader, IncidentReader::prepare(*database_));
  TOCSIN_TRY(const ReadIncident kept, reader.read(number));
  return kept.damage.empty() ? ok() : remove(number);
}

Status IncidentWriter::remove(std::int64_t number) {
  TOCSIN_TRY([[maybe_unused]] Unit references, remove_references(number));
  return remove_.bind(1, number).run();
}

Status IncidentWriter::remove_references(std::int64_t number) {
  TOCSIN_TRY([[maybe_unused]] Unit alerts, remove_alerts_.bind(1, number).run());
  return remove_configurations_.bind(1, number).run();
}

Result<IncidentReader> IncidentReader::prepare(sqlite::Database& database) {
  IncidentReader reader;
  TOCSIN_TRY(reader.incident_,
             database.prepare("SELECT id, partition, state, team, severity, gameday, opened_at, "
                              "resolved_at, checksum, body FROM incidents WHERE number = ?1"));
  TOCSIN_TRY(reader.alerts_,
             database.prepare("SELECT alert FROM alerts WHERE incident = ?1 ORDER BY place"));
  TOCSIN_TRY(
      reader.configurations_,
      database.prepare("SELECT configuration FROM decided_by WHERE incident = ?1 ORDER BY place"));
  return reader;
}

Result<ReadIncident> IncidentReader::read(std::int64_t number) {
  TOCSIN_TRY(const bool found, incident_.bind(1, number).step());
  if (!found) {
    incident_.reset();
    return ReadIncident{};
  }
  sqlite::Statement& row = incident_;
  History incident{{text(row, 0)},
                   static_cast<Partition>(row.number(1)),
                   text(row, 2),
                   text(row, 3),
                   static_cast<Severity>(row.number(4)),
                   text(row, 5),
                   wall_time(row.number(6)),
                   wall_time(row.number(7)),
                   {},
                   {},
                   text(row, 9)};
  const auto checksum = row.number(8);
  row.reset();
  alerts_.bind(1, number);
  while (true) {
    TOCSIN_TRY(const bool more, alerts_.step());
    if (!more) break;
    incident.alerts.push_back({text(alerts_, 0)});
  }
  alerts_.reset();
  configurations_.bind(1, number);
  while (true) {
    TOCSIN_TRY(const bool more, configurations_.step());
    if (!more) break;
    incident.configurations.push_back(text(configurations_, 0));
  }
  configurations_.reset();
  if (checksum == checksum_of(incident)) return ReadIncident{std::move(incident), ""};
  return ReadIncident{std::nullopt, "incident number " + std::to_string(number) +
                                        " is damaged (its checksum does not fit) and left out"};
}

// Whether what is kept is whole and of a later position. Its body is only read when it may be.
Result<bool> is_kept_later(sqlite::Database& database, const Snapshot& snapshot) {
  TOCSIN_TRY(sqlite::Statement kept,
             database.prepare("SELECT position FROM snapshots WHERE partition = ?1"));
  TOCSIN_TRY(const bool found, kept.bind(1, snapshot.partition).step());
  if (!found || static_cast<Position>(kept.number(0)) <= snapshot.position) return false;
  kept.reset();
  std::vector<std::string> damage;
  TOCSIN_TRY(const auto whole, read_snapshots(database, damage));
  for (const Snapshot& each : whole)
    if (each.partition == snapshot.partition) return true;
  return false;
}

Status put_snapshot(sqlite::Database& database, const Snapshot& snapshot) {
  TOCSIN_TRY(const bool later, is_kept_later(database, snapshot));
  if (later) return ok();
  TOCSIN_TRY(sqlite::Statement put,
             database.prepare("INSERT OR REPLACE INTO snapshots VALUES(?1, ?2, ?3, ?4)"));
  return put.bind(1, snapshot.partition)
      .bind(2, static_cast<std::int64_t>(snapshot.position))
      .bind(3, checksum_of(snapshot))
      .bind_blob(4, snapshot.body)
      .run();
}

Result<std::vector<Snapshot>> read_snapshots(sqlite::Database& database,
                                             std::vector<std::string>& damage) {
  TOCSIN_TRY(sqlite::Statement row,
             database.prepare(
                 "SELECT partition, position, checksum, body FROM snapshots ORDER BY partition"));
  std::vector<Snapshot> found;
  while (true) {
    TOCSIN_TRY(const bool more, row.step());
    if (!more) return found;
    Snapshot snapshot{static_cast<Partition>(row.number(0)), static_cast<Position>(row.number(1)),
                      text(row, 3)};
    if (row.number(2) == checksum_of(snapshot))
      found.push_back(std::move(snapshot));
    else
      damage.push_back("the state of partition " + std::to_string(snapshot.partition) +
                       " is damaged (its checksum does not fit) and read from the journal instead");
  }
}

}  // namespace tocsin::store

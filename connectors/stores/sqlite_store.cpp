#include "connectors/stores/sqlite_store.hpp"

#include <algorithm>
#include <mutex>

#include "connectors/sqlite/files.hpp"
#include "connectors/stores/store_connections.hpp"
#include "connectors/stores/store_reading.hpp"
#include "connectors/stores/store_rows.hpp"

namespace tocsin::store {
namespace {

// In one transaction, so that a save never waits long for a forgetting.
constexpr int kForgottenAtOnce = 500;

Result<std::vector<std::int64_t>> ended_before(sqlite::Database& database, WallTime before) {
  TOCSIN_TRY(sqlite::Statement find,
             database.prepare("SELECT number FROM incidents WHERE resolved_at < ?1 LIMIT ?2"));
  find.bind(1, before.time_since_epoch().count()).bind(2, kForgottenAtOnce);
  std::vector<std::int64_t> numbers;
  while (true) {
    TOCSIN_TRY(const bool more, find.step());
    if (!more) return numbers;
    numbers.push_back(find.number(0));
  }
}

Result<std::vector<std::string>> configurations_of_none(sqlite::Database& database) {
  TOCSIN_TRY(sqlite::Statement find,
             database.prepare("SELECT hash FROM configurations WHERE NOT EXISTS (SELECT 1 FROM "
                              "decided_by WHERE configuration = hash)"));
  std::vector<std::string> hashes;
  while (true) {
    TOCSIN_TRY(const bool more, find.step());
    if (!more) return hashes;
    hashes.emplace_back(find.bytes(0));
  }
}

// Of incidents they only say which of two savings is the later one.
constexpr const char* kForgetPositions =
    "DELETE FROM snapshots; UPDATE incidents SET position = 0 WHERE position <> 0";

// Another journal's positions mean nothing here; its incidents are still what people ask for.
Status belong_to(const std::string& identity, StoreFile& file) {
  TOCSIN_TRY(sqlite::Statement get,
             file.writer.prepare("SELECT value FROM meta WHERE name = 'identity'"));
  TOCSIN_TRY([[maybe_unused]] Unit named,
             file.writer.run("INSERT OR IGNORE INTO meta VALUES('generation', "
                             "lower(hex(randomblob(16))))"));
  TOCSIN_TRY(const bool known, get.step());
  if (known && get.bytes(0) == identity) return ok();
  get.reset();
  TOCSIN_TRY([[maybe_unused]] Unit begun, file.writer.run("BEGIN IMMEDIATE"));
  Status changed = file.writer.run(kForgetPositions);
  if (changed) {
    TOCSIN_TRY(sqlite::Statement put,
               file.writer.prepare("INSERT OR REPLACE INTO meta VALUES('identity', ?1)"));
    changed = put.bind_text(1, identity).run();
  }
  if (changed) changed = file.writer.run("COMMIT");
  if (!changed) file.writer.roll_back();
  if (changed && known && file.notice.empty())
    file.notice =
        "the store belonged to another journal: its states are discarded and made again from this "
        "one; its history is kept";
  return changed;
}

class SqliteStore final : public Store {
 public:
  SqliteStore(const SqliteStoreOptions& options, sqlite::FileLock lock, sqlite::Database writer)
      : identity_(options.identity),
        lock_(std::move(lock)),
        connections_(options, std::move(writer)) {}

  Status save(std::span<const History> incidents, std::span<const Snapshot> snapshots) override;
  Result<std::vector<Snapshot>> snapshots() override;
  Status discard_snapshots() override;
  Result<Page> history(const Query& query) override;
  Result<std::optional<History>> find_incident(std::string_view id_beginning) override;
  Result<std::optional<History>> find_alert(const AlertId& alert) override;
  Status keep_configuration(const std::string& hash, const std::string& body) override;
  Result<std::optional<std::string>> configuration(const std::string& hash) override;
  Result<std::size_t> forget(WallTime before) override;
  Result<std::size_t> forget_configurations(std::span<const std::string> in_use) override;
  Result<std::string> generation() override;

 private:
  const std::string identity_;
  const sqlite::FileLock lock_;
  StoreConnections connections_;
};

Status SqliteStore::save(std::span<const History> incidents, std::span<const Snapshot> snapshots) {
  TOCSIN_TRY([[maybe_unused]] Unit small, within_limits(incidents, snapshots));
  return connections_.write([&](sqlite::Database& database) -> Status {
    TOCSIN_TRY(IncidentWriter writer, IncidentWriter::prepare(database));
    for (const History& incident : incidents) {
      TOCSIN_TRY([[maybe_unused]] Unit put, writer.put(incident));
    }
    for (const Snapshot& snapshot : snapshots) {
      TOCSIN_TRY([[maybe_unused]] Unit put, put_snapshot(database, snapshot));
    }
    return ok();
  });
}

Result<std::vector<Snapshot>> SqliteStore::snapshots() {
  std::vector<Snapshot> found;
  TOCSIN_TRY([[maybe_unused]] Unit read,
             connections_.read([&](sqlite::Database& database, Damage& damage) -> Status {
               TOCSIN_TRY(found, read_snapshots(database, damage));
               return ok();
             }));
  return found;
}

Status SqliteStore::discard_snapshots() {
  return connections_.write(
      [](sqlite::Database& database) { return database.run(kForgetPositions); });
}

Result<Page> SqliteStore::history(const Query& query) {
  Page page;
  TOCSIN_TRY([[maybe_unused]] Unit read,
             connections_.read([&](sqlite::Database& database, Damage& damage) -> Status {
               TOCSIN_TRY(page, read_page(database, query, damage));
               return ok();
             }));
  return page;
}

Result<std::optional<History>> SqliteStore::find_incident(std::string_view id_beginning) {
  std::optional<History> found;
  TOCSIN_TRY([[maybe_unused]] Unit read,
             connections_.read([&](sqlite::Database& database, Damage& damage) -> Status {
               TOCSIN_TRY(found, read_by_id(database, id_beginning, damage));
               return ok();
             }));
  return found;
}

Result<std::optional<History>> SqliteStore::find_alert(const AlertId& alert) {
  std::optional<History> found;
  TOCSIN_TRY([[maybe_unused]] Unit read,
             connections_.read([&](sqlite::Database& database, Damage& damage) -> Status {
               TOCSIN_TRY(found, read_by_alert(database, alert, damage));
               return ok();
             }));
  return found;
}

Status SqliteStore::keep_configuration(const std::string& hash, const std::string& body) {
  TOCSIN_TRY([[maybe_unused]] Unit small, configuration_within_limits(body));
  return connections_.write([&](sqlite::Database& database) -> Status {
    TOCSIN_TRY(sqlite::Statement put,
               database.prepare("INSERT OR REPLACE INTO configurations VALUES(?1, ?2, ?3)"));
    return put.bind_text(1, hash)
        .bind(2, checksum_of_configuration(hash, body))
        .bind_blob(3, body)
        .run();
  });
}

Result<std::optional<std::string>> SqliteStore::configuration(const std::string& hash) {
  std::optional<std::string> found;
  TOCSIN_TRY([[maybe_unused]] Unit read,
             connections_.read([&](sqlite::Database& database, Damage& damage) -> Status {
               TOCSIN_TRY(found, read_configuration(database, hash, damage));
               return ok();
             }));
  return found;
}

Result<std::size_t> SqliteStore::forget(WallTime before) {
  std::size_t forgotten = 0;
  while (true) {
    std::size_t now = 0;
    TOCSIN_TRY([[maybe_unused]] Unit written,
               connections_.write([&](sqlite::Database& database) -> Status {
                 TOCSIN_TRY(const auto numbers, ended_before(database, before));
                 TOCSIN_TRY(IncidentWriter writer, IncidentWriter::prepare(database));
                 for (const std::int64_t number : numbers) {
                   TOCSIN_TRY([[maybe_unused]] Unit removed, writer.remove(number));
                 }
                 now = numbers.size();
                 return ok();
               }));
    forgotten += now;
    if (now < static_cast<std::size_t>(kForgottenAtOnce)) return forgotten;
  }
}

Result<std::size_t> SqliteStore::forget_configurations(std::span<const std::string> in_use) {
  std::size_t forgotten = 0;
  TOCSIN_TRY([[maybe_unused]] Unit written,
             connections_.write([&](sqlite::Database& database) -> Status {
               TOCSIN_TRY(const auto hashes, configurations_of_none(database));
               TOCSIN_TRY(sqlite::Statement remove,
                          database.prepare("DELETE FROM configurations WHERE hash = ?1"));
               for (const std::string& hash : hashes) {
                 if (std::find(in_use.begin(), in_use.end(), hash) != in_use.end()) continue;
                 TOCSIN_TRY([[maybe_unused]] Unit removed, remove.bind_text(1, hash).run());
                 ++forgotten;
               }
               return ok();
             }));
  return forgotten;
}

// A file that was deleted while it was in use goes on taking what is saved, and nobody would ever
// read it.
Result<std::string> SqliteStore::generation() {
  TOCSIN_TRY([[maybe_unused]] Unit there, connections_.open_again_if_gone([this](StoreFile& file) {
    return belong_to(identity_, file);
  }));
  std::string name;
  TOCSIN_TRY([[maybe_unused]] Unit read,
             connections_.read([&](sqlite::Database& database, Damage&) -> Status {
               TOCSIN_TRY(sqlite::Statement get,
                          database.prepare("SELECT value FROM meta WHERE name = 'generation'"));
               TOCSIN_TRY(const bool known, get.step());
               if (known) name = get.bytes(0);
               return ok();
             }));
  return name;
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteStoreOptions& options) {
  const std::string name = "store " + options.path.string();
  TOCSIN_TRY(sqlite::FileLock lock, sqlite::FileLock::take(options.path.string() + ".lock", name));
  TOCSIN_TRY(StoreFile file, open_store_file(options.path, options.vfs, options.patience));
  const Status ours = belong_to(options.identity, file);
  if (!ours) return of_the_store(options.path, ours.error());
  if (!file.notice.empty() && options.tell) options.tell(file.notice);
  return std::unique_ptr<Store>(
      std::make_unique<SqliteStore>(options, std::move(lock), std::move(file.writer)));
}

}  // namespace tocsin::store

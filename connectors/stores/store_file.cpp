#include "connectors/stores/store_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "connectors/sqlite/files.hpp"
#include "connectors/stores/listing_query.hpp"

namespace tocsin::store {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kApplicationId = 0x746f6372;  // "tocr", for file(1)
constexpr std::int64_t kVersion = 2;
// Its incidents had no position.
constexpr std::int64_t kFirstVersion = 1;
// A check reads the whole file: a larger one is trusted until something is found wrong with it.
constexpr std::uint64_t kMostCheckedBytes = 64u << 20;

// An incident is known inside by a number of its own, so that what refers to it is small.
constexpr const char* kTables = R"(
  PRAGMA application_id = 1953457010;
  PRAGMA user_version = 2;
  CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE snapshots(partition INTEGER PRIMARY KEY, position INTEGER NOT NULL,
                         checksum INTEGER NOT NULL, body BLOB NOT NULL);
  CREATE TABLE incidents(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
                         partition INTEGER NOT NULL, state TEXT NOT NULL, team TEXT NOT NULL,
                         severity INTEGER NOT NULL, gameday TEXT NOT NULL,
                         opened_at INTEGER NOT NULL, resolved_at INTEGER NOT NULL,
                         listing TEXT NOT NULL, checksum INTEGER NOT NULL, body BLOB NOT NULL,
                         position INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX by_end ON incidents(resolved_at);
  CREATE TABLE alerts(incident INTEGER, place INTEGER, alert TEXT NOT NULL,
                      PRIMARY KEY(incident, place)) WITHOUT ROWID;
  CREATE INDEX by_alert ON alerts(alert);
  CREATE TABLE decided_by(incident INTEGER, place INTEGER, configuration TEXT NOT NULL,
                          PRIMARY KEY(incident, place)) WITHOUT ROWID;
  CREATE INDEX by_configuration ON decided_by(configuration);
  CREATE TABLE configurations(hash TEXT PRIMARY KEY, checksum INTEGER NOT NULL,
                              body BLOB NOT NULL);)";

fs::path beside(const fs::path& path, const char* tail) { return path.string() + tail; }

Error about(const fs::path& path, const std::string& what) {
  return unavailable("store " + path.string() + " " + what + ": " + std::strerror(errno) +
                     "; let this user write there");
}

// Before SQLite does, which would let others read it. It gives the WAL the same mode.
Status keep_to_owner(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return about(path, "cannot be opened");
  const bool kept = ::fchmod(descriptor, 0600) == 0;
  ::close(descriptor);
  if (!kept) return about(path, "cannot be kept to its owner");
  return ok();
}

Status make_tables(sqlite::Database& database) {
  TOCSIN_TRY([[maybe_unused]] Unit begun, database.run("BEGIN IMMEDIATE"));
  Status made = database.run((kTables + listing_indices()).c_str());
  if (made) made = database.run("COMMIT");
  if (!made) database.roll_back();
  return made;
}

Status bring_up(sqlite::Database& database) {
  TOCSIN_TRY([[maybe_unused]] Unit begun, database.run("BEGIN IMMEDIATE"));
  Status done = database.run(
      "ALTER TABLE incidents ADD COLUMN position INTEGER NOT NULL DEFAULT 0;"
      "PRAGMA user_version = 2;");
  if (done) done = database.run("COMMIT");
  if (!done) database.roll_back();
  return done;
}

Status check_ours(sqlite::Database& database, const fs::path& path) {
  TOCSIN_TRY(const std::int64_t application, database.number("PRAGMA application_id"));
  TOCSIN_TRY(const std::int64_t version, database.number("PRAGMA user_version"));
  if (application != kApplicationId)
    return invalid(path.string() +
                   " is the database of another program; name another path in `store`, or move "
                   "that file away");
  if (version == kFirstVersion) return bring_up(database);
  if (version != kVersion)
    return invalid("store " + path.string() + " was written by a newer tocsin (version " +
                   std::to_string(version) + ", this one knows " + std::to_string(kVersion) +
                   "); delete it: it is rebuilt from the journal");
  return ok();
}

// Errors: corrupt, the file is damaged.
Result<sqlite::Database> open_whole(const fs::path& path, const std::string& vfs,
                                    Duration patience) {
  TOCSIN_TRY(sqlite::Database database, open_store_writer(path, vfs, patience));
  TOCSIN_TRY(const std::int64_t tables, database.number("SELECT count(*) FROM sqlite_master"));
  if (tables == 0) {
    TOCSIN_TRY([[maybe_unused]] Unit made, make_tables(database));
    // Also that the rollback journal of the change to WAL is gone: it would undo everything.
    TOCSIN_TRY([[maybe_unused]] Unit durable,
               sqlite::sync_directory(fs::absolute(path).parent_path()));
  }
  TOCSIN_TRY([[maybe_unused]] Unit ours, check_ours(database, path));
  std::error_code problem;
  const auto bytes = fs::file_size(path, problem);
  if (problem || bytes > kMostCheckedBytes) return database;
  TOCSIN_TRY(const bool whole, database.is_whole());
  if (!whole) return corrupt("its b-trees are damaged");
  return database;
}

// The mark goes last: a crash in between is followed by another try.
Status set_aside(const fs::path& path) {
  const fs::path aside = beside(path, ".damaged");
  std::error_code problem;
  fs::remove(beside(aside, "-wal"), problem);
  fs::rename(path, aside, problem);
  if (problem && problem != std::errc::no_such_file_or_directory)
    return unavailable("store " + path.string() + " is damaged and cannot be set aside: " +
                       problem.message() + "; delete it: it is rebuilt from the journal");
  fs::rename(beside(path, "-wal"), beside(aside, "-wal"), problem);
  fs::remove(beside(path, "-shm"), problem);
  TOCSIN_TRY([[maybe_unused]] Unit durable,
             sqlite::sync_directory(fs::absolute(path).parent_path()));
  fs::remove(beside(path, ".suspect"), problem);
  return ok();
}

}  // namespace

Result<sqlite::Database> open_store_writer(const fs::path& path, const std::string& vfs,
                                           Duration patience) {
  TOCSIN_TRY([[maybe_unused]] Unit kept, keep_to_owner(path));
  TOCSIN_TRY(sqlite::Database database,
             sqlite::Database::open(path.string(), sqlite::Database::Mode::write, vfs));
  database.be_patient(patience);
  TOCSIN_TRY([[maybe_unused]] Unit wal, database.use_wal(sqlite::Database::Durable::at_checkpoint));
  return database;
}

Result<StoreFile> open_store_file(const fs::path& path, const std::string& vfs, Duration patience) {
  std::error_code problem;
  std::string found = "damage was found while it was in use";
  if (!fs::exists(beside(path, ".suspect"), problem)) {
    Result<sqlite::Database> database = open_whole(path, vfs, patience);
    if (database) return StoreFile{std::move(*database), ""};
    if (database.error().kind != ErrorKind::corrupt) return std::move(database).error();
    found = database.error().message;
  }
  TOCSIN_TRY([[maybe_unused]] Unit aside, set_aside(path));
  TOCSIN_TRY(sqlite::Database fresh, open_whole(path, vfs, patience));
  return StoreFile{std::move(fresh), "store " + path.string() + " was damaged (" + found +
                                         ") and is now " + beside(path, ".damaged").string() +
                                         "; a new one is rebuilt from the journal"};
}

void suspect_store_file(const fs::path& path) {
  const std::ofstream mark(beside(path, ".suspect"));
}

}  // namespace tocsin::store

#include "connectors/sqlite/database.hpp"

#include <sqlite3.h>

namespace tocsin::sqlite {
namespace {

// Long enough for another thread's checkpoint or recovery of the same file; nothing else ever holds
// a lock.
constexpr int kMostBusyMilliseconds = 5000;

// Our statements are few and right: any other error, even "no such table", is one of the file's
// content.
bool is_of_the_disk(int code) {
  switch (code) {
    case SQLITE_PERM:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_READONLY:
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
      return true;
    default:
      return false;
  }
}

Error error_of(sqlite3* database, const std::string& path) {
  const int code = sqlite3_errcode(database) & 0xff;
  const std::string message = path + ": " + sqlite3_errmsg(database) + " (SQLite code " +
                              std::to_string(sqlite3_extended_errcode(database)) + ")";
  if (code == SQLITE_FULL) return refused(message + "; make room on the disk");
  return is_of_the_disk(code) ? unavailable(message) : corrupt(message);
}

int remember_wal_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<std::int64_t*>(pages) = count;
  return SQLITE_OK;
}

int checkpoint_mode(Database::Checkpoint kind) {
  switch (kind) {
    case Database::Checkpoint::passive:
      return SQLITE_CHECKPOINT_PASSIVE;
    case Database::Checkpoint::restart:
      return SQLITE_CHECKPOINT_RESTART;
    case Database::Checkpoint::truncate:
      return SQLITE_CHECKPOINT_TRUNCATE;
  }
  return SQLITE_CHECKPOINT_PASSIVE;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement& Statement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(handle_.get(), parameter, value);
  return *this;
}

Statement& Statement::bind_text(int parameter, std::string_view value) {
  sqlite3_bind_text64(handle_.get(), parameter, value.data(), value.size(), SQLITE_TRANSIENT,
                      SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view value) {
  sqlite3_bind_blob64(handle_.get(), parameter, value.data(), value.size(), SQLITE_STATIC);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* const database = sqlite3_db_handle(handle_.get());
  const char* const path = sqlite3_db_filename(database, "main");
  return error_of(database, path != nullptr ? path : "a database");
}

Status Statement::run() {
  const Result<bool> row = step();
  const Status status = row ? ok() : Status(row.error());
  reset();
  return status;
}

void Statement::reset() { sqlite3_reset(handle_.get()); }

bool Statement::is_null(int column) {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::number(int column) { return sqlite3_column_int64(handle_.get(), column); }

std::string_view Statement::bytes(int column) {
  const void* const data = sqlite3_column_blob(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return {static_cast<const char*>(data), data != nullptr ? static_cast<std::size_t>(size) : 0};
}

void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Result<Database> Database::open(const std::string& path, Mode mode, const std::string& vfs) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (mode == Mode::create) flags |= SQLITE_OPEN_CREATE;
  Database database;
  database.path_ = path;
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
  database.handle_.reset(handle);
  if (handle == nullptr) return unavailable(path + ": SQLite has no memory for a connection");
  if (code != SQLITE_OK) return database.last_error();
  // What this allows is to read a file that is shorter than it says: otherwise SQLite would show
  // nothing of it.
  if (mode == Mode::read) {
    TOCSIN_TRY([[maybe_unused]] Unit lenient, database.run("PRAGMA writable_schema = ON"));
  }
  sqlite3_busy_timeout(handle, kMostBusyMilliseconds);
  // A hook of our own also switches SQLite's own checkpoints off, which would run inside a commit.
  sqlite3_wal_hook(handle, remember_wal_pages, database.wal_pages_.get());
  return database;
}

Status Database::run(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return last_error();
  return ok();
}

void Database::be_patient(Duration patience) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
  sqlite3_busy_timeout(handle_.get(), static_cast<int>(milliseconds));
}

Status Database::use_wal(Durable durable) {
  TOCSIN_TRY(Statement mode, prepare("PRAGMA journal_mode = WAL"));
  TOCSIN_TRY(const bool row, mode.step());
  if (!row || mode.bytes(0) != "wal")
    return unavailable(path_ + ": the file system cannot keep a WAL; use a local disk");
  mode.reset();
  return run(durable == Durable::at_commit ? "PRAGMA synchronous = FULL"
                                           : "PRAGMA synchronous = NORMAL");
}

Result<Statement> Database::prepare(std::string_view sql) {
  Statement statement;
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  statement.handle_.reset(handle);
  if (code != SQLITE_OK) return last_error();
  return statement;
}

Result<std::int64_t> Database::number(std::string_view sql) {
  TOCSIN_TRY(Statement statement, prepare(sql));
  TOCSIN_TRY(const bool row, statement.step());
  if (!row) return corrupt(path_ + ": no answer to " + std::string(sql));
  return statement.number(0);
}

Result<bool> Database::is_whole() {
  TOCSIN_TRY(Statement check, prepare("PRAGMA quick_check(1)"));
  TOCSIN_TRY(const bool row, check.step());
  return row && check.bytes(0) == "ok";
}

Result<Database::WalState> Database::checkpoint(Checkpoint kind) {
  int pages = 0;
  int copied = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, checkpoint_mode(kind), &pages, &copied);
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) return last_error();
  return WalState{pages, copied, code != SQLITE_OK};
}

bool Database::roll_back() {
  if (sqlite3_get_autocommit(handle_.get()) != 0) return true;  // it already did so by itself
  return sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr) == SQLITE_OK;
}

Error Database::last_error() const { return error_of(handle_.get(), path_); }

}  // namespace tocsin::sqlite

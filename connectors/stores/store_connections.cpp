#include "connectors/stores/store_connections.hpp"

#include <sys/stat.h>

namespace tocsin::store {
namespace {

constexpr std::size_t kWalPageBytes = 4096 + 24;
// A damaged entry is met by every list that has it: the log hears of it once, and of so many.
constexpr std::size_t kMostTold = 100;

}  // namespace

StoreConnections::StoreConnections(const SqliteStoreOptions& options, sqlite::Database writer)
    : options_(options), writer_(std::move(writer)) {
  remember_file();
}

void StoreConnections::remember_file() {
  struct stat status {};
  file_ = ::stat(options_.path.c_str(), &status) == 0 ? status.st_ino : 0;
}

bool StoreConnections::is_gone() const {
  struct stat status {};
  return ::stat(options_.path.c_str(), &status) != 0 || status.st_ino != file_;
}

Status StoreConnections::open_again_if_gone(const std::function<Status(StoreFile&)>& settle) {
  const std::scoped_lock lock(write_mutex_, read_mutex_);
  if (!is_gone()) return ok();
  writer_ = sqlite::Database();
  reader_ = sqlite::Database();
  Result<StoreFile> file = open_store_file(options_.path, options_.vfs, options_.patience);
  if (!file) return fault(file.error());
  const Status settled = settle(*file);
  if (!settled) return fault(settled.error());
  if (!file->notice.empty()) tell_once(file->notice);
  tell_once("store " + options_.path.string() +
            " was deleted while it was in use; a new one is rebuilt from the journal");
  writer_ = std::move(file->writer);
  remember_file();
  return ok();
}

Status StoreConnections::write(const std::function<Status(sqlite::Database&)>& work) {
  const std::lock_guard lock(write_mutex_);
  const Status written = transact(work);
  if (!written) return fault(written.error());
  shorten_wal();
  return ok();
}

Status StoreConnections::transact(const std::function<Status(sqlite::Database&)>& work) {
  if (!writer_.is_open()) {
    TOCSIN_TRY(writer_, open_store_writer(options_.path, options_.vfs, options_.patience));
  }
  TOCSIN_TRY([[maybe_unused]] Unit begun, writer_.run("BEGIN IMMEDIATE"));
  Status done = work(writer_);
  if (done) done = writer_.run("COMMIT");
  if (!done && !writer_.roll_back()) writer_ = sqlite::Database();
  return done;
}

// SQLite begins the WAL anew with the next commit once all of it has been copied, and cuts it to
// the limit then. A reader in the way only puts it off.
void StoreConnections::shorten_wal() {
  const auto bytes = static_cast<std::size_t>(writer_.wal_pages()) * kWalPageBytes;
  if (bytes <= options_.most_wal_bytes) return;
  const std::string limit = std::to_string(options_.most_wal_bytes);
  static_cast<void>(writer_.number("PRAGMA journal_size_limit = " + limit));
  const auto copied = writer_.checkpoint(sqlite::Database::Checkpoint::passive);
  if (!copied) tell_once(fault(copied.error()).message);
}

Status StoreConnections::read(const std::function<Status(sqlite::Database&, Damage&)>& work) {
  Damage damage;
  {
    const std::lock_guard lock(read_mutex_);
    if (!reader_.is_open()) {
      Result<sqlite::Database> opened = sqlite::Database::open(
          options_.path.string(), sqlite::Database::Mode::read, options_.vfs);
      if (!opened) return fault(opened.error());
      reader_ = std::move(*opened);
      reader_.be_patient(options_.patience);
    }
    Status done = reader_.run("BEGIN");
    if (done) done = work(reader_, damage);
    const bool ended = reader_.roll_back();
    if (!ended || (!done && done.error().kind != ErrorKind::invalid)) reader_ = sqlite::Database();
    if (!done) return fault(done.error());
  }
  for (const std::string& words : damage)
    tell_once("store " + options_.path.string() + ": " + words);
  return ok();
}

Error StoreConnections::fault(const Error& error) {
  if (error.kind == ErrorKind::corrupt) suspect_store_file(options_.path);
  return of_the_store(options_.path, error);
}

void StoreConnections::tell_once(const std::string& words) {
  const std::lock_guard lock(told_mutex_);
  if (told_.size() >= kMostTold || !told_.insert(words).second || !options_.tell) return;
  options_.tell(words);
}

// A full disk is `refused` below: nothing was done, and it may work later.
Error of_the_store(const std::filesystem::path& path, const Error& error) {
  if (error.kind == ErrorKind::invalid) return error;
  if (error.kind == ErrorKind::corrupt)
    return corrupt("store " + path.string() + " is damaged: " + error.message +
                   "; restart tocsin: the file is then set aside, and a new one is rebuilt from "
                   "the journal");
  return unavailable("store " + path.string() + ": " + error.message);
}

}  // namespace tocsin::store

#include "connectors/journals/checkpointer.hpp"

namespace tocsin::journal {
namespace {

// After two rounds beside the commits what is left is what came during the second, shorter one.
constexpr int kRoundsBesideCommits = 2;

// A try fails when a reader is in the way, or the disk; then the WAL grows by this part of its
// limit until the next.
constexpr std::int64_t kTriesInOneLimit = 4;
// How long the last step may wait for readers: commits are held meanwhile.
constexpr Duration kPatience = std::chrono::milliseconds(50);

}  // namespace

Checkpointer::Checkpointer(CommitGate& gate, std::int64_t most_wal_pages, std::string vfs)
    : gate_(gate),
      most_wal_pages_(most_wal_pages),
      vfs_(std::move(vfs)),
      due_at_(most_wal_pages),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

Checkpointer::~Checkpointer() {
  thread_.request_stop();
  thread_.join();
}

void Checkpointer::committed(const std::string& path, std::int64_t wal_pages) {
  const std::lock_guard lock(mutex_);
  if (path_ != path || wal_pages < wal_pages_) due_at_ = most_wal_pages_;  // a WAL that began anew
  path_ = path;
  wal_pages_ = wal_pages;
  if (wal_pages_ > due_at_) changed_.notify_one();
}

void Checkpointer::retire(sqlite::Database database) {
  const std::lock_guard lock(mutex_);
  retired_.push_back(std::move(database));
  changed_.notify_one();
}

void Checkpointer::forget() {
  {
    const std::lock_guard lock(mutex_);
    path_.clear();
    wal_pages_ = 0;
  }
  const std::lock_guard lock(connection_mutex_);
  connection_ = sqlite::Database();
  connected_to_.clear();
}

std::string Checkpointer::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void Checkpointer::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, stop, [this] { return !retired_.empty() || wal_pages_ > due_at_; });
    if (stop.stop_requested() && retired_.empty()) return;
    std::vector<sqlite::Database> retired = std::exchange(retired_, {});
    const std::string path = path_;
    const std::int64_t pages = wal_pages_;
    const bool due = pages > due_at_;
    lock.unlock();
    // What does not work here is done when the file is opened again: nothing is lost, the WAL only
    // stays longer.
    for (sqlite::Database& database : retired)
      static_cast<void>(database.checkpoint(sqlite::Database::Checkpoint::truncate));
    retired.clear();
    const Status shortened = due ? shorten_wal(path) : ok();
    lock.lock();
    if (!due || path_ != path) continue;
    trouble_ = shortened ? "" : shortened.error().message;
    // The WAL begins anew with the next commit; until then, or after a failure, the next try is one
    // limit further on.
    due_at_ = wal_pages_ + most_wal_pages_ / kTriesInOneLimit;
  }
}

Status Checkpointer::shorten_wal(const std::string& path) {
  const std::lock_guard lock(connection_mutex_);
  if (connected_to_ != path) {
    connection_ = sqlite::Database();
    TOCSIN_TRY(connection_, sqlite::Database::open(path, sqlite::Database::Mode::write, vfs_));
    connected_to_ = path;
    TOCSIN_TRY([[maybe_unused]] Unit durable, connection_.use_wal());
    connection_.be_patient(kPatience);
  }
  for (int round = 0; round < kRoundsBesideCommits; ++round) {
    TOCSIN_TRY([[maybe_unused]] const auto state,
               connection_.checkpoint(sqlite::Database::Checkpoint::passive));
  }
  gate_.hold();
  const auto last = connection_.checkpoint(sqlite::Database::Checkpoint::restart);
  gate_.release();
  return last ? ok() : Status(last.error());
}

}  // namespace tocsin::journal

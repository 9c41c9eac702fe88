#include "connectors/journals/sqlite_journal.hpp"

#include <algorithm>
#include <thread>

#include "connectors/journals/append_queue.hpp"
#include "connectors/journals/commit_layout.hpp"
#include "connectors/journals/directory_lock.hpp"
#include "connectors/journals/journal_opening.hpp"
#include "connectors/journals/recent_rows.hpp"
#include "connectors/journals/segment_reader.hpp"

namespace tocsin::journal {
namespace {

constexpr std::size_t kWalPageBytes = 4096 + 24;
constexpr auto kNoHurry = std::chrono::hours(1);

class SqliteJournal final : public Journal {
 public:
  SqliteJournal(const SqliteOptions& options, const Clock& clock, sqlite::FileLock lock,
                Opening opening);
  ~SqliteJournal() override;

  Partition partitions() const override { return options_.partitions; }
  void append(Partition partition, std::vector<Record> records, AppendDone done) override;
  Result<Batch> read(Cursor& cursor, std::size_t most) override;
  // Cursors of all partitions move together, so no smaller number would be at or after every
  // cursor.
  Position tail(Partition) const override { return recent_.durable(); }
  Identity identity() const override { return identity_; }
  void on_commit(std::function<void()> listener) override { listener_ = std::move(listener); }
  std::string trouble() const override;
  Position first(Partition) const override { return writer_.segments().first(); }
  Position droppable(Partition, WallTime before) const override {
    return writer_.segments().droppable(before);
  }
  Status drop(const Cursor& through) override;

 private:
  void work();
  void commit(std::vector<AppendRequest> requests);
  void set_trouble(std::string why);
  std::string own_trouble() const;
  Result<Position> read_files(Position from, std::size_t most, const Cursor& cursor, Batch& batch);

  const SqliteOptions options_;
  const sqlite::FileLock lock_;
  const Identity identity_;
  CommitGate gate_;
  Checkpointer checkpointer_;
  SegmentWriter writer_;
  SegmentReader reader_;
  RecentRows recent_;
  AppendQueue queue_;
  std::function<void()> listener_;
  std::mutex drop_mutex_;
  std::vector<Segment>
      dropped_;  // no longer there for anybody, and their files still to be removed
  mutable std::mutex trouble_mutex_;
  std::string trouble_;
  std::jthread thread_;
};

SqliteJournal::SqliteJournal(const SqliteOptions& options, const Clock& clock,
                             sqlite::FileLock lock, Opening opening)
    : options_(options),
      lock_(std::move(lock)),
      identity_(opening.identity),
      checkpointer_(gate_, static_cast<std::int64_t>(options.most_wal_bytes / kWalPageBytes),
                    options.vfs),
      writer_({options.directory, options.vfs, options.segment_bytes, options.segment_span,
               identity_, options.partitions},
              std::move(opening.start), clock, gate_, checkpointer_),
      reader_(options.vfs),
      recent_(options.recent_bytes),
      queue_(options.most_waiting_bytes) {
  recent_.begin_at(writer_.durable());
  thread_ = std::jthread([this] { work(); });
}

SqliteJournal::~SqliteJournal() {
  queue_.close();
  thread_.join();
}

void SqliteJournal::append(Partition partition, std::vector<Record> records, AppendDone done) {
  TOCSIN_CHECK(partition < options_.partitions, "partitions are computed modulo their count");
  if (records.empty()) return done({Appended::Outcome::durable, tail(partition), ""});
  AppendRequest request{partition, static_cast<std::uint32_t>(records.size()), {}, std::move(done)};
  for (const Record& record : records) request.records += encode(record);
  if (!queue_.push(request))
    request.done({Appended::Outcome::refused, 0,
                  "the journal already has " + std::to_string(options_.most_waiting_bytes) +
                      " bytes waiting for the disk; try again later"});
}

void SqliteJournal::work() {
  while (true) {
    const auto patience = own_trouble().empty() ? Duration(kNoHurry) : options_.probe_every;
    std::vector<AppendRequest> requests = queue_.take(options_.most_commit_bytes, patience);
    if (!requests.empty()) {
      commit(std::move(requests));
    } else if (queue_.is_closed()) {
      return;
    } else if (!own_trouble().empty()) {
      // Without this a node taken out of service for its trouble would get no append that ends it.
      const Status probed = writer_.probe();
      set_trouble(probed ? "" : probed.error().message);
    }
  }
}

void SqliteJournal::commit(std::vector<AppendRequest> requests) {
  CommitLayout layout = lay_out(requests, options_.partitions, {writer_.next(), writer_.durable()});
  const Appended committed = writer_.commit(layout.rows);
  set_trouble(committed.why);
  if (committed.durable()) recent_.publish(std::move(layout.rows), committed.last);
  queue_.release(layout.bytes);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    Appended answer = committed;
    if (answer.durable()) answer.last = layout.last_of[i];
    requests[i].done(answer);
  }
  if (committed.durable() && listener_) listener_();
}

void SqliteJournal::set_trouble(std::string why) {
  const std::lock_guard lock(trouble_mutex_);
  trouble_ = std::move(why);
}

std::string SqliteJournal::own_trouble() const {
  const std::lock_guard lock(trouble_mutex_);
  return trouble_;
}

std::string SqliteJournal::trouble() const {
  std::string own = own_trouble();
  return own.empty() ? checkpointer_.trouble() : own;
}

Result<Batch> SqliteJournal::read(Cursor& cursor, std::size_t most) {
  cursor.resize(options_.partitions);
  most = std::max<std::size_t>(most, 1);
  const RowPlace memory{options_.partitions, "memory of " + options_.directory.string()};
  Position from = std::max(*std::min_element(cursor.begin(), cursor.end()), first(0) - 1);
  Batch batch;
  // Other partitions' cursors may be far ahead of this one; an empty batch must mean the tail.
  while (batch.entries.size() < most && batch.damaged.empty() && from < recent_.durable()) {
    if (const auto slice = recent_.after(from, most - batch.entries.size())) {
      for (const auto& row : slice->rows) read_row(*row, memory, cursor, batch);
      from = slice->reached;
    } else {
      TOCSIN_TRY(from, read_files(from, most - batch.entries.size(), cursor, batch));
    }
  }
  for (Position& each : cursor) each = std::max(each, from);
  return batch;
}

// From the one segment in which the next position lies. Returns how far that came.
Result<Position> SqliteJournal::read_files(Position from, std::size_t most, const Cursor& cursor,
                                           Batch& batch) {
  const Position durable = recent_.durable();  // before the list, which then has a segment for it
  const std::vector<Segment> segments = writer_.segments().all();
  auto next = std::upper_bound(segments.begin(), segments.end(), from + 1,
                               [](Position wanted, const Segment& s) { return wanted < s.first; });
  if (next == segments.begin()) ++next;
  const Segment& segment = *std::prev(next);
  // A segment is left at its last position that counts; what comes before the next one's first was
  // never given away.
  const Position limit = next == segments.end() ? durable : std::min(durable, next->follows);
  const Position end = next == segments.end() ? durable : std::min(durable, next->first - 1);
  if (from >= limit) return end;
  Result<SegmentScan> scanned = reader_.scan(segment, {from, limit, most});
  if (const Position left = first(0) - 1; left > segment.follows) {
    // It was dropped meanwhile: whatever went wrong, or is missing from it, is no damage.
    reader_.forget(segment.path);
    return std::max(from, left);
  }
  TOCSIN_TRY(SegmentScan scan, std::move(scanned));
  const RowPlace place{options_.partitions, segment.path};
  for (Damage& damage : scan.damaged) batch.damaged.push_back(std::move(damage));
  Position reached = from;
  for (const Row& row : scan.rows) reached = std::max(reached, read_row(row, place, cursor, batch));
  return scan.finished ? end : reached;
}

// Oldest first and one after the other, so that a crash leaves no hole. What cannot be removed now
// is tried again the next time.
Status SqliteJournal::drop(const Cursor& through) {
  // Positions are one sequence here: what any partition still wants stays.
  const Position wanted = through.empty() ? 0 : *std::min_element(through.begin(), through.end());
  const std::lock_guard lock(drop_mutex_);
  for (Segment& segment : writer_.segments().take_through(wanted))
    dropped_.push_back(std::move(segment));
  while (!dropped_.empty()) {
    reader_.forget(dropped_.front().path);
    TOCSIN_TRY([[maybe_unused]] Unit removed, drop_segment(dropped_.front()));
    dropped_.erase(dropped_.begin());
  }
  return ok();
}

}  // namespace

Result<std::unique_ptr<Journal>> open_sqlite_journal(const SqliteOptions& options,
                                                     const Clock& clock) {
  TOCSIN_CHECK(options.partitions > 0, "a journal has at least one partition");
  TOCSIN_CHECK(options.segment_span.count() > 0, "a segment is of a span of time");
  TOCSIN_TRY(sqlite::FileLock lock, lock_directory(options.directory));
  TOCSIN_TRY(Opening opening, open_directory(options, clock.now().wall));
  return std::unique_ptr<Journal>(
      std::make_unique<SqliteJournal>(options, clock, std::move(lock), std::move(opening)));
}

}  // namespace tocsin::journal

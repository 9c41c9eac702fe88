#include "connectors/journals/segment_writer.hpp"

#include "connectors/sqlite/files.hpp"

namespace tocsin::journal {
namespace {

constexpr std::uint64_t kPageBytes = 4096;

}  // namespace

SegmentWriter::SegmentWriter(Settings settings, Start start, const Clock& clock, CommitGate& gate,
                             Checkpointer& checkpointer)
    : settings_(std::move(settings)),
      clock_(clock),
      gate_(gate),
      checkpointer_(checkpointer),
      next_(start.durable + 1),
      durable_(start.durable),
      last_is_sound_(start.last_is_sound),
      last_made_at_(start.last_made_at),
      segments_(std::move(start.segments)) {}

Appended SegmentWriter::commit(const std::vector<Row>& rows) {
  using Outcome = Appended::Outcome;
  const Status ready = have_segment();
  if (!ready) return {Outcome::refused, 0, ready.error().message};
  const Position last = rows.back().first + rows.back().count - 1;
  next_ = last + 1;
  gate_.enter();
  const Status filled = insert(rows);
  Status committed = filled ? current_->database.run("COMMIT") : filled;
  gate_.leave();
  if (committed) committed = name_the_wal();
  if (committed) {
    durable_ = last;
    current_->used = true;
    if (const auto pages = current_->pages.step(); pages && *pages)
      current_->bytes = static_cast<std::uint64_t>(current_->pages.number(0)) * kPageBytes;
    current_->pages.reset();
    checkpointer_.committed(current_->path, current_->database.wal_pages());
    return {Outcome::durable, last, ""};
  }
  // A full disk stops the commit before its last page, without which a WAL's transaction does not
  // exist.
  const bool full = committed.error().kind == ErrorKind::refused;
  const bool certain = !filled || full;
  if (!current_->database.roll_back() || !full) leave_behind();
  return {certain ? Outcome::refused : Outcome::unknown, 0, committed.error().message};
}

Status SegmentWriter::probe() {
  TOCSIN_TRY([[maybe_unused]] Unit ready, have_segment());
  gate_.enter();
  const Status written = current_->database.run(
      "REPLACE INTO meta VALUES('probes', 1 + ifnull((SELECT value FROM "
      "meta WHERE name = 'probes'), 0))");
  gate_.leave();
  if (!written && (!current_->database.roll_back() || written.error().kind != ErrorKind::refused))
    leave_behind();
  return written;
}

Status SegmentWriter::have_segment() {
  const WallTime now = clock_.now().wall;
  if (!current_ && last_is_sound_) {
    Status opened = open_last(last_made_at_);
    if (!opened && opened.error().kind == ErrorKind::corrupt) leave_behind();
    if (!opened) return opened;
  }
  if (current_ && !is_over(now)) return ok();
  return begin_segment(now);
}

bool SegmentWriter::is_over(WallTime now) const {
  if (!current_->used) return false;
  const auto span_of = [&](WallTime time) {
    return time.time_since_epoch() / settings_.segment_span;
  };
  return span_of(now) > span_of(current_->made_at) || current_->bytes >= settings_.segment_bytes;
}

Status SegmentWriter::open_last(WallTime made_at) {
  const Segment segment = segments_.last();
  Current current;
  current.path = segment.path;
  TOCSIN_TRY(current.database,
             sqlite::Database::open(segment.path, sqlite::Database::Mode::write, settings_.vfs));
  TOCSIN_TRY([[maybe_unused]] Unit durable, current.database.use_wal());
  TOCSIN_TRY(current.insert,
             current.database.prepare("INSERT INTO batches VALUES(?1, ?2, ?3, ?4, ?5, ?6)"));
  TOCSIN_TRY(current.pages, current.database.prepare("PRAGMA page_count"));
  current.made_at = made_at;
  current.used = durable_ >= segment.first;
  std::error_code problem;
  const auto bytes = std::filesystem::file_size(segment.path, problem);
  current.bytes = problem ? 0 : bytes;
  current_ = std::move(current);
  return ok();
}

// Once this was tried the segment before is never written again: should the new one be on the disk
// in spite of an error here, its `follows` would void what came after.
Status SegmentWriter::begin_segment(WallTime now) {
  leave_behind();
  const SegmentMeta meta{settings_.identity, settings_.partitions, next_, durable_, now};
  TOCSIN_TRY(Segment made, make_segment(settings_.directory, meta, settings_.vfs));
  segments_.add(std::move(made));
  last_is_sound_ = true;
  last_made_at_ = now;
  const Status opened = open_last(now);
  if (!opened) leave_behind();
  return opened;
}

Status SegmentWriter::insert(const std::vector<Row>& rows) {
  TOCSIN_TRY([[maybe_unused]] Unit begun, current_->database.run("BEGIN IMMEDIATE"));
  for (const Row& row : rows) {
    const Status inserted = current_->insert.bind(1, static_cast<std::int64_t>(row.first))
                                .bind(2, row.partition)
                                .bind(3, row.count)
                                .bind(4, static_cast<std::int64_t>(row.follows))
                                .bind(5, row.seal)
                                .bind_blob(6, row.records)
                                .run();
    if (!inserted) return inserted;
  }
  return ok();
}

// SQLite makes the WAL with the first commit and its name durable as well as it can: an error of
// that it keeps to itself. A WAL without a name is gone after a power cut, with all that is in it.
Status SegmentWriter::name_the_wal() {
  if (current_->named) return ok();
  TOCSIN_TRY([[maybe_unused]] Unit durable, sqlite::sync_directory(settings_.directory));
  current_->named = true;
  return ok();
}

// A segment in which nothing ever became durable goes away, so that an error that stays does not
// fill the directory.
void SegmentWriter::leave_behind() {
  last_is_sound_ = false;
  // The only one stays all the same, since it knows the journal's identity.
  const bool has_empty_last = segments_.count() > 1 && segments_.last().first > durable_;
  if (current_) {
    checkpointer_.forget();
    current_->insert = sqlite::Statement();
    current_->pages = sqlite::Statement();
    if (!has_empty_last) checkpointer_.retire(std::move(current_->database));
    current_.reset();
  }
  if (!has_empty_last) return;
  remove_segment(segments_.last());
  segments_.remove_last();
}

}  // namespace tocsin::journal

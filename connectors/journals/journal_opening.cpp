#include "connectors/journals/journal_opening.hpp"

#include "connectors/journals/wal_damage.hpp"

namespace tocsin::journal {
namespace {

namespace fs = std::filesystem;

std::uint64_t size_of(const std::string& path) {
  std::error_code problem;
  const auto size = fs::file_size(path, problem);
  return problem ? 0 : size;
}

// No segment of these bytes holds a later position; for a segment that cannot say itself what it
// holds.
Position bound_on_positions(const Segment& segment) {
  const std::uint64_t bytes = size_of(segment.path) + size_of(segment.path + "-wal");
  return segment.first + bytes / kRecordHeaderBytes;
}

Error about(const Segment& segment, Error error) {
  error.message = "journal segment " + segment.path + ": " + error.message;
  return error;
}

Result<SegmentMeta> read_meta(const Segment& segment, const std::string& vfs) {
  TOCSIN_TRY(sqlite::Database database,
             sqlite::Database::open(segment.path, sqlite::Database::Mode::read, vfs));
  return load_meta(database);
}

Status check_fits(const SegmentMeta& meta, const Opening& opening, const SqliteOptions& options) {
  if (!opening.identity.empty() && meta.identity != opening.identity)
    return invalid("journal " + options.directory.string() +
                   " holds segments of two journals; move those of one of them elsewhere");
  if (meta.partitions != options.partitions)
    return invalid(
        "journal " + options.directory.string() + " was made with " +
        std::to_string(meta.partitions) + " partitions and " + std::to_string(options.partitions) +
        " are asked for; their number is fixed when a journal is made: set it back to " +
        std::to_string(meta.partitions) + ", or begin a new journal in another directory");
  return ok();
}

// The last segment's highest position, once all of it is durable. A checkpoint makes it so: it
// syncs the WAL and the database.
Result<Position> settle(const Segment& segment, const std::string& vfs) {
  TOCSIN_TRY(sqlite::Database database,
             sqlite::Database::open(segment.path, sqlite::Database::Mode::write, vfs));
  TOCSIN_TRY([[maybe_unused]] Unit durable, database.use_wal());
  TOCSIN_TRY(const auto state, database.checkpoint(sqlite::Database::Checkpoint::truncate));
  if (state.busy) return unavailable("another program reads or writes it; stop that one");
  // A row put into a damaged tree might never be found again.
  TOCSIN_TRY(const bool whole, database.is_whole());
  if (!whole) return corrupt("its b-trees are damaged");
  TOCSIN_TRY(sqlite::Statement last,
             database.prepare("SELECT position, partition, count, follows, seal FROM batches "
                              "ORDER BY position DESC LIMIT 1"));
  TOCSIN_TRY(const bool found, last.step());
  if (!found) {
    // Rows are never removed by us; whoever did must not make positions begin again.
    TOCSIN_TRY(const std::int64_t free_pages, database.number("PRAGMA freelist_count"));
    if (free_pages > 0) return corrupt("its rows were removed");
    return segment.first - 1;
  }
  const Row row{static_cast<Position>(last.number(0)),      static_cast<Partition>(last.number(1)),
                static_cast<std::uint32_t>(last.number(2)), static_cast<Position>(last.number(3)),
                static_cast<std::uint32_t>(last.number(4)), ""};
  if (row.first < segment.first || seal_of(row) != row.seal)
    return corrupt("its last row is damaged");
  return row.first + row.count - 1;
}

Status take_in(Segment& segment, Opening& opening, const SqliteOptions& options) {
  const Result<SegmentMeta> meta = read_meta(segment, options.vfs);
  opening.start.last_is_sound = meta.has_value();
  if (meta) {
    TOCSIN_TRY([[maybe_unused]] Unit fits, check_fits(*meta, opening, options));
    opening.identity = meta->identity;
    segment.follows = meta->follows;
    segment.made_at = meta->made_at;
    opening.start.last_made_at = meta->made_at;
    return ok();
  }
  if (meta.error().kind != ErrorKind::corrupt) return about(segment, meta.error());
  segment.follows = segment.first - 1;
  return ok();
}

Result<Opening> make_journal(const SqliteOptions& options, WallTime now) {
  TOCSIN_CHECK(options.make_identity, "a new journal needs an identity");
  Opening opening;
  opening.identity = options.make_identity();
  const SegmentMeta meta{opening.identity, options.partitions, 1, 0, now};
  TOCSIN_TRY(Segment segment, make_segment(options.directory, meta, options.vfs));
  opening.start = {{std::move(segment)}, true, now, 0};
  return opening;
}

}  // namespace

Result<Opening> open_directory(const SqliteOptions& options, WallTime now) {
  TOCSIN_TRY(std::vector<Segment> segments, find_segments(options.directory));
  if (segments.empty()) return make_journal(options, now);
  // Before anything else reads it. Only the last one has a WAL, unless damage kept it there.
  const Result<bool> mended = mend_wal(segments.back().path + "-wal");
  if (!mended && mended.error().kind != ErrorKind::corrupt)
    return about(segments.back(), mended.error());
  Opening opening;
  for (Segment& segment : segments) {
    TOCSIN_TRY([[maybe_unused]] Unit taken, take_in(segment, opening, options));
  }
  if (opening.identity.empty())
    return corrupt("journal " + options.directory.string() +
                   ": none of its segments can be read; restore them from a copy, or move them "
                   "away to begin a new journal");
  SegmentWriter::Start& start = opening.start;
  const Segment& last = segments.back();
  const Result<Position> settled =
      start.last_is_sound && mended ? settle(last, options.vfs) : Result<Position>(corrupt(""));
  if (!settled && settled.error().kind != ErrorKind::corrupt) return about(last, settled.error());
  start.last_is_sound = settled.has_value();
  start.durable = settled ? *settled : bound_on_positions(last);
  start.segments = std::move(segments);
  return opening;
}

}  // namespace tocsin::journal

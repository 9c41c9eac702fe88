#include "connectors/journals/segment_reader.hpp"

#include <algorithm>

namespace tocsin::journal {
namespace {

constexpr std::size_t kMostIdle = 4;
constexpr std::size_t kMostScanBytes = 16u << 20;  // or one row, when that is more

constexpr std::string_view kRows =
    "SELECT position, partition, count, seal, records FROM batches "
    "WHERE position BETWEEN ?1 AND ?2 ORDER BY position";

bool is_damage(const Error& error) { return error.kind == ErrorKind::corrupt; }

/// One scan of one file.
class Scanning {
 public:
  Scanning(Database& database, const Segment& segment, const SegmentReader::Range& range)
      : database_(database), segment_(segment), range_(range) {}

  Result<SegmentReader::Scan> run();

 private:
  Result<Position> first_row();
  Status read_rows(Position from);
  Result<Position> next_readable(Position from);
  Result<bool> is_readable(Position from);
  void report(Position from, Position to, const std::string& what);

  Database& database_;
  const Segment& segment_;
  const SegmentReader::Range& range_;
  SegmentReader::Scan scan_;
  Position next_ = 0;  // where reading goes on after a damaged place
  bool full_ = false;
};

Result<SegmentReader::Scan> Scanning::run() {
  TOCSIN_TRY(next_, first_row());
  while (next_ <= range_.limit && !full_) {
    const Status read = read_rows(next_);
    if (read) break;
    if (!is_damage(read.error())) return read.error();
    TOCSIN_TRY(const Position readable, next_readable(next_ + 1));
    report(next_, std::min(readable - 1, range_.limit), read.error().message);
    next_ = readable;
  }
  scan_.finished = !full_;
  return std::move(scan_);
}

// A cursor may stand in the middle of a row.
Result<Position> Scanning::first_row() {
  TOCSIN_TRY(Statement find,
             database_.prepare("SELECT max(position) FROM batches WHERE position <= ?1"));
  const Result<bool> row = find.bind(1, static_cast<std::int64_t>(range_.after + 1)).step();
  if (!row && !is_damage(row.error())) return row.error();
  const bool found = row && *row && !find.is_null(0);
  return found ? static_cast<Position>(find.number(0)) : range_.after + 1;
}

Status Scanning::read_rows(Position from) {
  TOCSIN_TRY(Statement select, database_.prepare(kRows));
  select.bind(1, static_cast<std::int64_t>(from)).bind(2, static_cast<std::int64_t>(range_.limit));
  std::size_t records = 0;
  std::size_t bytes = 0;
  while (true) {
    TOCSIN_TRY(const bool is_row, select.step());
    if (!is_row) return ok();
    Row row{static_cast<Position>(select.number(0)), static_cast<Partition>(select.number(1)),
            static_cast<std::uint32_t>(select.number(2)),
            static_cast<std::uint32_t>(select.number(3)), std::string(select.bytes(4))};
    const bool sealed = seal_of(row) == row.seal;
    const Position end = row.first + (sealed ? row.count : 1);
    next_ = std::max(next_, end);
    // Only what is new counts: a scan that is full has come further.
    if (end > range_.after + 1) {
      records += row.count;
      bytes += row.records.size();
    } else if (sealed) {
      continue;
    }
    scan_.rows.push_back(std::move(row));
    full_ = records >= range_.most || bytes >= kMostScanBytes;
    if (full_) return ok();
  }
}

Result<bool> Scanning::is_readable(Position from) {
  TOCSIN_TRY(Statement probe, database_.prepare(kRows));
  probe.bind(1, static_cast<std::int64_t>(from)).bind(2, static_cast<std::int64_t>(range_.limit));
  const Result<bool> row = probe.step();
  if (!row && !is_damage(row.error())) return row.error();
  return row.has_value();
}

// The smallest position from which reading works again: found by doubling steps and then by
// halving. Past the limit: none.
Result<Position> Scanning::next_readable(Position from) {
  Position damaged = from - 1;
  Position step = 1;
  Position readable = 0;
  while (readable == 0) {
    const Position probe = damaged + step;
    if (probe > range_.limit) {
      readable = range_.limit + 1;
      break;
    }
    TOCSIN_TRY(const bool works, is_readable(probe));
    if (works)
      readable = probe;
    else
      damaged = probe;
    step *= 2;
  }
  while (readable - damaged > 1) {
    const Position middle = damaged + (readable - damaged) / 2;
    TOCSIN_TRY(const bool works, is_readable(middle));
    (works ? readable : damaged) = middle;
  }
  return readable;
}

void Scanning::report(Position from, Position to, const std::string& what) {
  scan_.damaged.push_back(
      {segment_.path + ", positions " + std::to_string(from) + " to " + std::to_string(to), what});
}

}  // namespace

Result<SegmentReader::Scan> SegmentReader::scan(const Segment& segment, const Range& range) {
  Result<Connection> connection = borrow(segment.path);
  Result<Scan> scan = connection ? Scanning(connection->database, segment, range).run()
                                 : Result<Scan>(connection.error());
  if (connection && scan) give_back(std::move(*connection));
  if (scan || !is_damage(scan.error())) return scan;
  Scan nothing;
  nothing.damaged.push_back({segment.path + ", all positions from " +
                                 std::to_string(range.after + 1) + " to " +
                                 std::to_string(range.limit),
                             scan.error().message});
  nothing.finished = true;
  return nothing;
}

Result<SegmentReader::Connection> SegmentReader::borrow(const std::string& path) {
  {
    const std::lock_guard lock(mutex_);
    const auto same = std::find_if(idle_.begin(), idle_.end(),
                                   [&](const Connection& each) { return each.path == path; });
    if (same != idle_.end()) {
      Connection connection = std::move(*same);
      idle_.erase(same);
      return connection;
    }
  }
  TOCSIN_TRY(Database database, Database::open(path, Database::Mode::read, vfs_));
  return Connection{path, std::move(database)};
}

void SegmentReader::give_back(Connection connection) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() >= kMostIdle) idle_.erase(idle_.begin());
  idle_.push_back(std::move(connection));
}

}  // namespace tocsin::journal

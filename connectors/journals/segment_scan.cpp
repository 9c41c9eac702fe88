#include "connectors/journals/segment_scan.hpp"

#include <algorithm>

namespace tocsin::journal {
namespace {

constexpr std::size_t kMostScanBytes = 16u << 20;  // or one row, when that is more

constexpr std::string_view kRange =
    "SELECT position, partition, count, follows, seal, records FROM batches "
    "WHERE position BETWEEN ?1 AND ?2 ORDER BY position";
constexpr std::string_view kWalk =
    "SELECT position, partition, count, follows, seal, records FROM batches";

bool is_damage(const Error& error) { return error.kind == ErrorKind::corrupt; }

Row row_at(sqlite::Statement& select) {
  return {static_cast<Position>(select.number(0)),      static_cast<Partition>(select.number(1)),
          static_cast<std::uint32_t>(select.number(2)), static_cast<Position>(select.number(3)),
          static_cast<std::uint32_t>(select.number(4)), std::string(select.bytes(5))};
}

class Scanning {
 public:
  Scanning(sqlite::Database& database, const Segment& segment, const ScanRange& range)
      : database_(database),
        segment_(segment),
        range_(range),
        covered_(std::max(range.after, segment.first - 1)),
        at_(covered_) {}

  Result<SegmentScan> run();

 private:
  Result<Position> first_row();
  Status search();
  Status walk();
  Status read_rows(sqlite::Statement select);
  void take(Row row);
  void guess_place_of(Row& row) const;
  Result<Position> next_readable(Position from);
  Result<bool> is_readable(Position from);
  void report_until(Position last);

  sqlite::Database& database_;
  const Segment& segment_;
  const ScanRange& range_;
  SegmentScan scan_;
  Position covered_;  // the last position that was found, or reported
  Position at_;       // the last position of the row before, in the order of the tree
  std::string why_;   // SQLite's own words for what is missing next
  bool walking_ = false;
  bool gap_ = false;  // something is missing and SQLite said nothing
  std::size_t records_ = 0;
  std::size_t bytes_ = 0;

  bool is_full() const { return records_ >= range_.most || bytes_ >= kMostScanBytes; }
};

Result<SegmentScan> Scanning::run() {
  TOCSIN_TRY([[maybe_unused]] Unit searched, search());
  if (gap_ || (!is_full() && covered_ < range_.limit && why_.empty())) {
    TOCSIN_TRY([[maybe_unused]] Unit walked, walk());
  }
  if (!is_full()) report_until(range_.limit);
  scan_.finished = covered_ >= range_.limit;
  return std::move(scan_);
}

Status Scanning::search() {
  TOCSIN_TRY(Position from, first_row());
  while (from <= range_.limit && !is_full() && !gap_) {
    TOCSIN_TRY(sqlite::Statement select, database_.prepare(kRange));
    select.bind(1, static_cast<std::int64_t>(from))
        .bind(2, static_cast<std::int64_t>(range_.limit));
    const Status read = read_rows(std::move(select));
    if (read) return ok();
    if (!is_damage(read.error())) return read.error();
    why_ = read.error().message;
    TOCSIN_TRY(from, next_readable(std::max(from, covered_) + 1));
  }
  return ok();
}

Status Scanning::walk() {
  walking_ = true;
  gap_ = false;
  at_ = segment_.first - 1;
  TOCSIN_TRY(sqlite::Statement select, database_.prepare(kWalk));
  const Status read = read_rows(std::move(select));
  if (!read && !is_damage(read.error())) return read.error();
  if (!read) why_ = read.error().message;
  return ok();
}

// A cursor may stand in the middle of a row.
Result<Position> Scanning::first_row() {
  TOCSIN_TRY(sqlite::Statement find,
             database_.prepare("SELECT max(position) FROM batches WHERE position <= ?1"));
  const Result<bool> row = find.bind(1, static_cast<std::int64_t>(range_.after + 1)).step();
  if (!row && !is_damage(row.error())) return row.error();
  const bool found = row && *row && !find.is_null(0);
  return found ? static_cast<Position>(find.number(0)) : range_.after + 1;
}

Status Scanning::read_rows(sqlite::Statement select) {
  while (!is_full() && !gap_) {
    TOCSIN_TRY(const bool is_row, select.step());
    if (!is_row) return ok();
    take(row_at(select));
  }
  return ok();
}

void Scanning::take(Row row) {
  if (seal_of(row) != row.seal) {
    // Known to be new only when it comes straight after what was found last.
    if (at_ != covered_ || (!walking_ && row.first <= range_.after)) return;
    guess_place_of(row);
  }
  const Position last = row.first + row.count - 1;
  at_ = last;
  if (last <= covered_ || row.first > range_.limit) return;
  if (row.follows > covered_ && why_.empty() && !walking_) {
    gap_ = true;
    return;
  }
  report_until(row.follows);
  covered_ = last;
  records_ += row.count;
  bytes_ += row.records.size();
  scan_.rows.push_back(std::move(row));
}

void Scanning::guess_place_of(Row& row) const {
  row.doubtful = true;
  row.first = covered_ + 1;
  row.follows = covered_;
  row.count = std::max(count_records(row.records), std::uint32_t{1});
}

Result<bool> Scanning::is_readable(Position from) {
  TOCSIN_TRY(sqlite::Statement probe, database_.prepare(kRange));
  probe.bind(1, static_cast<std::int64_t>(from)).bind(2, static_cast<std::int64_t>(range_.limit));
  const Result<bool> row = probe.step();
  if (!row && !is_damage(row.error())) return row.error();
  return row.has_value();
}

// The smallest position from which reading works again: found by doubling steps and then by
// halving. Past the limit: none.
Result<Position> Scanning::next_readable(Position from) {
  Position damaged = from - 1;
  Position readable = 0;
  for (Position step = 1; readable == 0; step *= 2) {
    const Position probe = damaged + step;
    if (probe > range_.limit) return range_.limit + 1;
    TOCSIN_TRY(const bool works, is_readable(probe));
    (works ? readable : damaged) = probe;
  }
  while (readable - damaged > 1) {
    const Position middle = damaged + (readable - damaged) / 2;
    TOCSIN_TRY(const bool works, is_readable(middle));
    (works ? readable : damaged) = middle;
  }
  return readable;
}

// Names what is missing up to a position that is known to have been given.
void Scanning::report_until(Position last) {
  if (last > covered_)
    scan_.damaged.push_back(range_damage(segment_, covered_ + 1, last,
                                         why_.empty() ? "no rows are found there" : why_));
  covered_ = std::max(covered_, last);
  why_.clear();
}

}  // namespace

Result<SegmentScan> scan_segment(sqlite::Database& database, const Segment& segment,
                                 const ScanRange& range) {
  return Scanning(database, segment, range).run();
}

Damage range_damage(const Segment& segment, Position from, Position to, std::string what) {
  return {segment.path + ", positions " + std::to_string(from) + " to " + std::to_string(to),
          std::move(what)};
}

}  // namespace tocsin::journal

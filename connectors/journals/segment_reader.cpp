#include "connectors/journals/segment_reader.hpp"

#include <algorithm>

namespace tocsin::journal {
namespace {

constexpr std::size_t kMostIdle = 4;

}  // namespace

Result<SegmentScan> SegmentReader::scan(const Segment& segment, const ScanRange& range) {
  Result<Connection> connection = borrow(segment.path);
  Result<SegmentScan> scan = connection ? scan_segment(connection->database, segment, range)
                                        : Result<SegmentScan>(connection.error());
  if (connection && scan) give_back(std::move(*connection));
  if (scan || scan.error().kind != ErrorKind::corrupt) return scan;
  SegmentScan nothing;
  nothing.damaged.push_back(
      range_damage(segment, range.after + 1, range.limit, scan.error().message));
  nothing.finished = true;
  return nothing;
}

void SegmentReader::forget(const std::string& path) {
  const std::lock_guard lock(mutex_);
  std::erase_if(idle_, [&](const Connection& each) { return each.path == path; });
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
  TOCSIN_TRY(sqlite::Database database,
             sqlite::Database::open(path, sqlite::Database::Mode::read, vfs_));
  return Connection{path, std::move(database)};
}

void SegmentReader::give_back(Connection connection) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() >= kMostIdle) idle_.erase(idle_.begin());
  idle_.push_back(std::move(connection));
}

}  // namespace tocsin::journal

// Reads rows from the segment files, for readers further behind than memory goes: keeps a few
// connections open. Any thread may call.
#pragma once

#include <mutex>

#include "connectors/journals/segment_scan.hpp"

namespace tocsin::journal {

class SegmentReader {
 public:
  explicit SegmentReader(std::string vfs) : vfs_(std::move(vfs)) {}

  /// Damage of the file is part of the answer. Errors: unavailable.
  Result<SegmentScan> scan(const Segment& segment, const ScanRange& range);
  /// Closes what is open of a file that is removed, so that its room on the disk comes back.
  void forget(const std::string& path);

 private:
  struct Connection {
    std::string path;
    sqlite::Database database;
  };
  Result<Connection> borrow(const std::string& path);
  void give_back(Connection connection);

  const std::string vfs_;
  std::mutex mutex_;
  std::vector<Connection> idle_;
};

}  // namespace tocsin::journal

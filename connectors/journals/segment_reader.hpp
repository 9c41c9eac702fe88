// Reads rows from the segment files, for readers further behind than memory goes. Any thread may
// call.
#pragma once

#include <mutex>

#include "connectors/journals/row.hpp"
#include "connectors/journals/segment.hpp"

namespace tocsin::journal {

class SegmentReader {
 public:
  explicit SegmentReader(std::string vfs) : vfs_(std::move(vfs)) {}

  struct Range {
    Position after = 0;  // rows that end at or before it need not come
    Position limit = 0;  // rows that begin after it must not come
    std::size_t most = 1;
  };
  struct Scan {
    std::vector<Row> rows;
    std::vector<Damage> damaged;
    bool finished = false;  // nothing more within the range
  };
  /// Damage of the file is part of the answer: what cannot be read is named and what follows it is
  /// read. Errors: unavailable.
  Result<Scan> scan(const Segment& segment, const Range& range);

 private:
  struct Connection {
    std::string path;
    Database database;
  };
  Result<Connection> borrow(const std::string& path);
  void give_back(Connection connection);

  const std::string vfs_;
  std::mutex mutex_;
  std::vector<Connection> idle_;
};

}  // namespace tocsin::journal

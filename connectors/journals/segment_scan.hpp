// One look at the rows of one segment, and what is missing from them.
//
// Every row says which position it follows, so a row that is lost is noticed even when SQLite says
// nothing: pages are damaged loudly (an error) or quietly (a wrong pointer in a b-tree). After a
// loud one it goes on with the next row that can be reached; after a quiet one it walks through the
// whole table once, which finds rows that a search does not.
#pragma once

#include "connectors/journals/row.hpp"
#include "connectors/journals/segment.hpp"

namespace tocsin::journal {

struct ScanRange {
  Position after = 0;  // rows that end at or before it do not come
  Position limit = 0;  // rows that begin after it do not come
  std::size_t most = 1;
};

struct SegmentScan {
  std::vector<Row> rows;
  std::vector<Damage> damaged;
  bool finished = false;  // nothing more within the range
};

/// Errors: unavailable; corrupt, nothing of the file can be read.
Result<SegmentScan> scan_segment(sqlite::Database& database, const Segment& segment,
                                 const ScanRange& range);

Damage range_damage(const Segment& segment, Position from, Position to, std::string what);

}  // namespace tocsin::journal

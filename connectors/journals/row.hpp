// A row of a segment: the records of one commit for one partition, back to back, and how to read
// one that is damaged.
//
// The position of a record is the row's first plus its place in it. SQLite keeps no checksum: each
// record has its own, and the seal covers the row's other columns.
#pragma once

#include "router/journal/journal.hpp"

namespace tocsin::journal {

struct Row {
  Position first = 0;
  Partition partition = 0;
  std::uint32_t count = 0;
  /// The last position before this row that counts, wherever it is: a row that is lost without a
  /// trace leaves a gap here.
  Position follows = 0;
  std::uint32_t seal = 0;
  std::string records;
  /// The seal does not fit: place and count are guesses from where the row was found.
  bool doubtful = false;
};

/// What `seal` should be.
std::uint32_t seal_of(const Row& row);

/// How many records, or gaps where one should be, there are in a row's bytes.
std::uint32_t count_records(std::string_view records);

/// What reading needs to know of the row's surroundings.
struct RowPlace {
  Partition partitions = 1;
  std::string where;  // the file, for people
};

/// Adds the row's records after `cursor` to the batch, and what is damaged. Returns the last
/// position of the row, past which nothing is added unless its numbers are in doubt.
Position read_row(const Row& row, const RowPlace& place, const Cursor& cursor, Batch& batch);

}  // namespace tocsin::journal

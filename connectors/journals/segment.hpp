// A segment: one SQLite file of the journal, named by the first position that it may hold.
//
//   segment-0000000000000001.db    table meta      what the file belongs to, written once
//                                  table batches   one row for each (commit, partition), only ever
//                                  added to
//
// Making one is durable and all or nothing: it is made under another name and renamed.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "connectors/sqlite/database.hpp"
#include "router/journal/journal.hpp"

namespace tocsin::journal {

/// What a segment says of itself.
struct SegmentMeta {
  Identity identity;
  Partition partitions = 0;
  Position first = 1;
  /// The last position that counts in the segments before. What they hold beyond it was never
  /// answered as durable (its commit failed with an outcome nobody knew), and must not come back
  /// when a later start finds it on the disk after all.
  Position follows = 0;
  WallTime made_at{};
};

/// A segment as the others see it.
struct Segment {
  Position first = 1;
  Position follows = 0;
  std::string path;
  std::optional<WallTime> made_at = std::nullopt;  // unless its meta cannot be read
};

std::string segment_name(Position first);
/// The segments of a directory in their order. Removes what a crash left of one being made or
/// removed.
Result<std::vector<Segment>> find_segments(const std::filesystem::path& directory);
/// Errors: corrupt; invalid when a newer tocsin wrote it.
Result<SegmentMeta> load_meta(sqlite::Database& database);
/// Durable on return.
Result<Segment> make_segment(const std::filesystem::path& directory, const SegmentMeta& meta,
                             const std::string& vfs);
/// One that nothing durable is in: whether a crash brings it back does not matter.
void remove_segment(const Segment& segment);
/// Durable on return: a crash never brings it back when a later one is gone. Errors: unavailable;
/// trying again is harmless.
Status drop_segment(const Segment& segment);

}  // namespace tocsin::journal

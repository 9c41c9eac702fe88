// Finds out what a directory of segments holds: which files, whose, and where positions go on.
#pragma once

#include "connectors/journals/segment_writer.hpp"
#include "connectors/journals/sqlite_journal.hpp"

namespace tocsin::journal {

struct Opening {
  Identity identity;
  SegmentWriter::Start start;
};

/// What is in the files is on stable storage when this returns, also what a killed process had
/// written and not yet made durable. A damaged last segment is kept for reading and not written on.
/// Errors: as of open_sqlite_journal.
Result<Opening> open_directory(const SqliteOptions& options, WallTime now);

}  // namespace tocsin::journal

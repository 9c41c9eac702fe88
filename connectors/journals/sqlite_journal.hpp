// The journal on this machine's disk: a directory of SQLite files. Every `durable` stands on an
// fsync, and one fsync serves every append that came during the one before.
// router/journal/README.md has the pictures and the figures.
//
// Positions are one sequence for the whole journal. Nothing is deleted but by drop(). It is not for
// a network file system.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "router/core/clock.hpp"
#include "router/journal/journal.hpp"

namespace tocsin::journal {

struct SqliteOptions {
  std::filesystem::path directory;
  Partition partitions = 16;
  /// 128 random bits in hexadecimal; asked once, when the journal is made.
  std::function<std::string()> make_identity;
  /// A segment that is larger, or of an earlier span of time (in UTC: a day), is followed by the
  /// next one.
  std::uint64_t segment_bytes = 256u << 20;
  Duration segment_span = std::chrono::hours(24);
  /// Waiting for the disk; beyond it appends are refused.
  std::size_t most_waiting_bytes = 64u << 20;
  /// In one transaction: what comes in a second of a very large load.
  std::size_t most_commit_bytes = 8u << 20;
  /// The last records, kept in memory for readers.
  std::size_t recent_bytes = 8u << 20;
  /// A larger WAL is moved into its database.
  std::size_t most_wal_bytes = 16u << 20;
  /// After an error, how often to try whether the disk works again.
  Duration probe_every = std::chrono::seconds(1);
  /// SQLite's name of the way to the disk; empty is the system's own.
  std::string vfs;
};

/// Errors: invalid, the directory's journal is of another kind than asked for; refused, it is in
/// use; corrupt, none of its files can be read; unavailable, the disk. The destructor waits for
/// what was appended and closes the files.
Result<std::unique_ptr<Journal>> open_sqlite_journal(const SqliteOptions& options,
                                                     const Clock& clock);

}  // namespace tocsin::journal

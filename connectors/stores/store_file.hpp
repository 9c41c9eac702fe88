// The store's file: makes it, knows its schema, and sets a damaged one aside.
//
//   store.db           application "tocr", version 2; for its owner only
//   store.db-wal       committed, not yet moved into the file
//   store.db.lock      one process at a time
//   store.db.suspect   damage was found while it was in use: the next start sets it aside
//   store.db.damaged   the last one that was set aside; nobody reads it
#pragma once

#include <filesystem>

#include "connectors/sqlite/database.hpp"

namespace tocsin::store {

struct StoreFile {
  sqlite::Database writer;
  std::string notice;  // for the log: what was found and done; empty when all was well
};

/// Opens the file, or makes it. A damaged one is set aside and a new one made. Errors: invalid, it
/// is a newer tocsin's or another program's; unavailable.
/// `patience` is for the locks of other programs.
Result<StoreFile> open_store_file(const std::filesystem::path& path, const std::string& vfs,
                                  Duration patience);

/// Only for a file that has been opened before.
Result<sqlite::Database> open_store_writer(const std::filesystem::path& path,
                                           const std::string& vfs, Duration patience);

/// Damage was met while reading or writing: the next open_store_file() sets the file aside.
void suspect_store_file(const std::filesystem::path& path);

}  // namespace tocsin::store

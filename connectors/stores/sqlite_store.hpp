// The store on this machine's disk: one SQLite file, indexed for every list. router/store/README.md
// says how it is kept and what happens when it is damaged.
//
// A commit may be lost by a power cut, never a part of one: it is rebuilt from the journal. It is
// not for a network file system.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "router/store/store.hpp"

namespace tocsin::store {

struct SqliteStoreOptions {
  std::filesystem::path path;
  /// The journal's. Snapshots made from another are discarded at the opening.
  std::string identity;
  /// Words for the log: each is said once. Any thread may call it; it must be quick.
  std::function<void(const std::string&)> tell;
  /// How long to wait for another program's lock.
  Duration patience = std::chrono::seconds(5);
  /// A larger WAL is moved into its database after a save, and shortened.
  std::size_t most_wal_bytes = 16u << 20;
  /// SQLite's name of the way to the disk; empty is the system's own.
  std::string vfs;
};

/// Makes the file when there is none, for its owner only; its directory must exist. Errors:
/// refused, another tocsin has it; invalid, it is a newer tocsin's or another program's;
/// unavailable.
Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteStoreOptions& options);

}  // namespace tocsin::store

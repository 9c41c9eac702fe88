// The store's two connections, one that writes and one that reads, each under its lock: a long save
// never holds up a list.
//
// Whatever goes wrong is told apart here: what may work later is unavailable, what is damaged is
// marked for the next start.
#pragma once

#include <functional>
#include <mutex>
#include <set>

#include "connectors/stores/sqlite_store.hpp"
#include "connectors/stores/store_file.hpp"

namespace tocsin::store {

/// What is wrong with single entries, for the log.
using Damage = std::vector<std::string>;

class StoreConnections {
 public:
  StoreConnections(const SqliteStoreOptions& options, sqlite::Database writer);

  /// In one transaction, which is undone when `work` fails.
  Status write(const std::function<Status(sqlite::Database&)>& work);
  /// All that `work` reads is of one moment. Damage it names is told, and is no error.
  Status read(const std::function<Status(sqlite::Database&, Damage&)>& work);
  /// When the file that is written is no longer the one at the path: makes a new one, which
  /// `settle` makes ready.
  Status open_again_if_gone(const std::function<Status(StoreFile&)>& settle);

 private:
  bool is_gone() const;
  void remember_file();
  Status transact(const std::function<Status(sqlite::Database&)>& work);
  void shorten_wal();
  void tell_once(const std::string& words);
  Error fault(const Error& error);

  const SqliteStoreOptions options_;
  std::mutex write_mutex_;
  sqlite::Database writer_;
  std::mutex read_mutex_;
  sqlite::Database reader_;  // opened by the first read, and again after a fault
  std::mutex told_mutex_;    // taken last
  std::set<std::string> told_;
  std::uint64_t file_ = 0;  // its number on its disk; of whoever holds write_mutex_
};

/// The error as callers of a store know it.
Error of_the_store(const std::filesystem::path& path, const Error& error);

}  // namespace tocsin::store

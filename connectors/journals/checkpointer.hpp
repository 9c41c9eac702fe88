// Moves what is in the WAL into the database file, in a thread and with a connection of its own, so
// that no commit waits for it.
//
// When the WAL has grown past its limit most of it is copied while commits go on; then commits are
// held for the little that is left, and the next one starts the WAL from its beginning. So the WAL
// stays bounded under a load that never pauses. The destructor finishes what was retired.
#pragma once

#include <cstdint>
#include <thread>
#include <vector>

#include "connectors/journals/commit_gate.hpp"
#include "connectors/sqlite/database.hpp"

namespace tocsin::journal {

class Checkpointer {
 public:
  Checkpointer(CommitGate& gate, std::int64_t most_wal_pages, std::string vfs);
  ~Checkpointer();

  /// After each commit to the file. Never waits.
  void committed(const std::string& path, std::int64_t wal_pages);
  /// Nothing more is written to it: checkpoints it whole and closes it.
  void retire(sqlite::Database database);
  /// Closes this object's own connection to the file; the next commit opens one again.
  void forget();
  /// Empty, or why the WAL cannot be moved at present.
  std::string trouble() const;

 private:
  void work(const std::stop_token& stop);
  Status shorten_wal(const std::string& path);

  CommitGate& gate_;
  const std::int64_t most_wal_pages_;
  const std::string vfs_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::string path_;            // of the file last committed to
  std::int64_t wal_pages_ = 0;  // in its WAL
  std::int64_t due_at_;  // pages; later than the limit after a failure, so that it is not tried for
                         // every commit
  std::vector<sqlite::Database> retired_;
  std::string trouble_;

  std::mutex connection_mutex_;  // taken alone
  std::string connected_to_;
  sqlite::Database connection_;

  std::jthread thread_;
};

}  // namespace tocsin::journal

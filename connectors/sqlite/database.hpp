// One connection to one SQLite file, and its statements: the only place that calls the library. The
// journal and the store both stand on it.
//
// Errors: refused, the disk is full and nothing was done; corrupt, the file is damaged or no
// database; unavailable, the rest. A connection belongs to one thread at a time. Statements must go
// before their connection.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "router/core/result.hpp"
#include "router/core/time.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace tocsin::sqlite {

class Statement {
 public:
  Statement() = default;

  /// Parameters are numbered from 1. A blob is not copied: it must live until the statement is
  /// reset.
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind_text(int parameter, std::string_view value);
  Statement& bind_blob(int parameter, std::string_view value);
  /// True: there is a row, and its columns (numbered from 0) can be read until the next step.
  Result<bool> step();
  /// Steps a statement without rows and makes it ready for the next use.
  Status run();
  void reset();

  bool is_null(int column);
  std::int64_t number(int column);
  std::string_view bytes(int column);

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

class Database {
 public:
  enum class Mode { create, write, read };
  enum class Checkpoint { passive, restart, truncate };
  /// Pages in the WAL, and how many of them are in the database file as well.
  struct WalState {
    std::int64_t pages = 0;
    std::int64_t copied = 0;
    bool busy = false;  // a reader or a writer was in the way
  };

  Database() = default;
  /// `vfs` is empty for the system's own.
  static Result<Database> open(const std::string& path, Mode mode, const std::string& vfs);

  bool is_open() const { return handle_ != nullptr; }
  Status run(const char* sql);
  /// Commits of this connection go to the WAL. They are durable at once, or (for what can be made
  /// again) with the next checkpoint; in both cases what a power cut leaves is whole.
  enum class Durable { at_commit, at_checkpoint };
  Status use_wal(Durable durable = Durable::at_commit);
  /// How long a statement waits for the locks of others before it is `unavailable`.
  void be_patient(Duration patience);
  Result<Statement> prepare(std::string_view sql);
  /// The first column of the first row, which there must be.
  Result<std::int64_t> number(std::string_view sql);
  /// Whether the file's b-trees are whole; reads all of it.
  Result<bool> is_whole();
  Result<WalState> checkpoint(Checkpoint kind);
  /// Pages in the WAL after the last commit of this connection.
  std::int64_t wal_pages() const { return *wal_pages_; }
  /// Ends a failed transaction. False: the connection cannot be trusted any more.
  bool roll_back();

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  Error last_error() const;

  std::string path_;
  std::unique_ptr<std::int64_t> wal_pages_ = std::make_unique<std::int64_t>(0);
  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace tocsin::sqlite

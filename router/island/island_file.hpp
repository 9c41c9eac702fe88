// Where the beginning of an island is kept, so that a process that was restarted goes on with the
// island of the one before: which spool, from where on, and what the state was then.
//
//   "tocsin island 1\n"  u32 n  header: n bytes of CBOR  the states, side by side  u32 CRC-32C
//
// Numbers are little-endian; the CRC covers everything before it. The header has the spool, the
// time, the cursor, the flags and how long each state is.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "router/journal/journal.hpp"

namespace tocsin::island {

struct IslandBeginning {
  journal::Identity spool;
  journal::Cursor from;             // of the spool: the island has what comes after it
  std::vector<bool> held;           // by partition: this node decided it
  std::vector<std::string> states;  // by partition, encoded; only bytes here
  WallTime began{};

  bool operator==(const IslandBeginning&) const = default;
};

/// One thread at a time.
class IslandFile {
 public:
  /// The file itself; its directory is there.
  explicit IslandFile(std::filesystem::path path) : path_(std::move(path)) {}

  /// Durable, and whole or not at all, when it returns. Takes what is there already to be an
  /// earlier island's. Errors: unavailable, the disk.
  Status save(const IslandBeginning& beginning) const;
  /// Nothing if there is none. Errors: corrupt; unavailable, the disk.
  Result<std::optional<IslandBeginning>> load() const;
  /// Durable; there need not be one. Errors: unavailable, the disk.
  Status remove() const;
  /// There is one, or it cannot be said that there is none.
  bool exists() const;

 private:
  const std::filesystem::path path_;
};

}  // namespace tocsin::island

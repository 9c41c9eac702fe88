// What SQLite's files need around them: a lock for one process, names that survive a power cut.
#pragma once

#include <filesystem>

#include "router/core/result.hpp"

namespace tocsin::sqlite {

/// Held by one process, or one object of it. The kernel releases it when the process ends, however
/// it ends.
class FileLock {
 public:
  /// Makes the file when there is none, for its owner only. `name` is what is locked, for people.
  /// Errors: refused, somebody has it; unavailable.
  static Result<FileLock> take(const std::filesystem::path& path, const std::string& name);
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

/// Makes names in the directory durable.
Status sync_directory(const std::filesystem::path& directory);

}  // namespace tocsin::sqlite

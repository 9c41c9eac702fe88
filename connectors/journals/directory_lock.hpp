// Keeps a directory for one process, or for one object of it: two writers would give the same
// positions twice. The kernel releases it when the process ends, however it ends.
#pragma once

#include <filesystem>

#include "router/core/result.hpp"

namespace tocsin::journal {

class DirectoryLock {
 public:
  /// Makes the directory when there is none. Errors: refused, somebody has it; unavailable.
  static Result<DirectoryLock> take(const std::filesystem::path& directory);
  DirectoryLock(DirectoryLock&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace tocsin::journal

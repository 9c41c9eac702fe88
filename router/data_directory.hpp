// The directory under --data: owner-only, held by one process at a time, with the secret that signs
// page links.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "router/core/result.hpp"

namespace tocsin {

class DataDirectory {
 public:
  /// Makes it if it is missing, takes the lock. Errors: refused, when another process has it;
  /// unavailable, the disk.
  static Result<DataDirectory> open(const std::filesystem::path& path);
  DataDirectory(DataDirectory&& other) noexcept;
  DataDirectory& operator=(DataDirectory&&) = delete;
  ~DataDirectory();  // gives the lock back

  const std::filesystem::path& path() const { return path_; }
  /// Made once, of 32 random bytes, readable by the owner only.
  Result<std::string> secret() const;
  /// Names this directory among all nodes of a cluster; made once.
  Result<std::string> node() const;
  /// A word kept under a name, such as which journal this node belongs to; empty if there is none.
  std::string remembered(const std::string& name) const;
  Status remember(const std::string& name, const std::string& word) const;

 private:
  DataDirectory(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::filesystem::path path_;
  int lock_;
};

/// From the kernel. Only the composition of the service asks for chance.
std::uint64_t random_number();
std::string random_hex(std::size_t bytes);

}  // namespace tocsin

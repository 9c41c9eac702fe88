// The configuration that worked last, kept in the data directory: what a start falls back on when
// somebody's half-edited file is on the disk at a reboot.
//
// The files are copied as they were read, "${NAME}" and all: no secret that the environment or a
// file of its own gives is in them. A secret that stands in the configuration itself does, so the
// copies are the owner's only (directories 0700, files 0600). There are two directories, and a link
// that says which of them counts: it is turned over once the new one is whole and on stable
// storage, so that whatever ends the process leaves the older or the newer one, never half of one.
#pragma once

#include <filesystem>
#include <vector>

#include "router/core/result.hpp"
#include "router/settings/settings.hpp"

namespace tocsin {

class LastGood {
 public:
  /// Touches nothing. `data` is the data directory; keep() is for whoever holds its lock.
  explicit LastGood(const std::filesystem::path& data);

  /// Where it is, for people: they may compare it with theirs.
  const std::filesystem::path& path() const { return link_; }
  bool exists() const;
  /// Files that nobody reads (they are in the list by name only) are left out. Errors: unavailable,
  /// the disk; the one before still counts.
  Status keep(const std::vector<settings::File>& files) const;
  /// Errors: invalid, as of settings::read_directory().
  Result<std::vector<settings::File>> files() const;

 private:
  std::filesystem::path link_;  // data/last-good → last-good.0 or last-good.1
};

}  // namespace tocsin

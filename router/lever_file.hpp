// The lever as it lies in the data directory: pulled while the file is there, whatever is in it.
// Needs neither a running service nor its lock, journal or network.
#pragma once

#include <filesystem>
#include <optional>

#include "router/core/result.hpp"
#include "router/gameday/lever.hpp"

namespace tocsin {

class LeverFile {
 public:
  explicit LeverFile(const std::filesystem::path& data_directory);

  /// Errors: not_found, no tocsin has had this directory; unavailable, the disk.
  Status is_there() const;
  /// Also when that cannot be found out. One look at a name: may be asked before each message. Any
  /// thread.
  bool is_pulled() const;
  /// Who pulled it, as far as it says; nothing: it is not pulled.
  std::optional<gameday::Lever> read() const;
  /// It holds from now on, even where nothing more can be written than a name. One that is pulled
  /// already stays as it is. Errors: as is_there().
  Status pull(const gameday::Lever& lever) const;
  /// Errors: as is_there().
  Status release() const;

 private:
  std::filesystem::path file_;
};

}  // namespace tocsin

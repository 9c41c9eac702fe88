// What a spool needs of the disk besides its journal: how far it has been forwarded, how large it
// is, and a place for what the main journal will never take.
#pragma once

#include <filesystem>
#include <optional>

#include "router/journal/journal.hpp"

namespace tocsin::spool {

/// How far a spool has been forwarded: of which one, and through where; and through where an island
/// has decided what it has.
struct Progress {
  journal::Identity spool;
  journal::Cursor forwarded;
  journal::Cursor decided{};  // empty: nothing

  bool operator==(const Progress&) const = default;
};

class SpoolDisk {
 public:
  virtual ~SpoolDisk() = default;

  /// Nothing if none was saved. Errors: corrupt, unavailable; begin at the beginning then:
  /// forwarding a record twice is harmless.
  virtual Result<std::optional<Progress>> load() = 0;
  /// Durable, and whole or not at all, when it returns. One thread at a time. Errors: unavailable.
  virtual Status save(const Progress& progress) = 0;
  /// Keeps a record for people, durably. Errors: unavailable.
  virtual Status set_aside(const Record& record) = 0;
  /// Of the spool, about.
  virtual std::uint64_t bytes() = 0;
};

/// In files: `progress`, written anew and moved into its place; `progress`.set-aside, to which
/// records are added in the journal's own envelope; the spool's directory, which is only measured.
class SpoolFiles final : public SpoolDisk {
 public:
  SpoolFiles(std::filesystem::path progress, std::filesystem::path spool_directory)
      : progress_(std::move(progress)), directory_(std::move(spool_directory)) {}

  Result<std::optional<Progress>> load() override;
  Status save(const Progress& progress) override;
  Status set_aside(const Record& record) override;
  std::uint64_t bytes() override;
  std::filesystem::path set_aside_path() const;

 private:
  const std::filesystem::path progress_;
  const std::filesystem::path directory_;
};

}  // namespace tocsin::spool

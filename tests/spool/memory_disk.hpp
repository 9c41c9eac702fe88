// A spool's disk in memory, which outlives a process.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "router/spool/spool_disk.hpp"
#include "tests/spool/lent_journal.hpp"

namespace tocsin::spool::testing {

/// What outlives a process.
struct MemoryDisk {
  std::optional<Progress> progress;
  int saves = 0;
  std::uint64_t size = 0;
  std::vector<Record> aside;
  std::string broken;
};

class LentDisk final : public SpoolDisk {
 public:
  explicit LentDisk(MemoryDisk& disk) : disk_(disk) {}
  Result<std::optional<Progress>> load() override {
    if (!disk_.broken.empty()) return corrupt(disk_.broken);
    return disk_.progress;
  }
  Status save(const Progress& progress) override {
    if (!disk_.broken.empty()) return unavailable(disk_.broken);
    disk_.progress = progress;
    ++disk_.saves;
    return ok();
  }
  Status set_aside(const Record& record) override {
    if (!disk_.broken.empty()) return unavailable(disk_.broken);
    disk_.aside.push_back(record);
    return ok();
  }
  std::uint64_t bytes() override { return disk_.size; }

 private:
  MemoryDisk& disk_;
};

}  // namespace tocsin::spool::testing

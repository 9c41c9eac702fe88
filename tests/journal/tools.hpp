// What the tests of the journals share: a directory that goes away, records, and an append that
// waits for its answer.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <string>

#include "connectors/journals/sqlite_journal.hpp"
#include "router/journal/journal.hpp"
#include "tests/catch.hpp"

namespace tocsin::journal::testing {

class TempDirectory {
 public:
  TempDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "tocsin-journal-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// A clock that stands where it is put.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(std::string_view wall = "2026-11-22T12:00:00Z") { set(wall); }
  void set(std::string_view wall) { now_.wall = parse_rfc3339(wall).value(); }
  Instant now() const override { return now_; }

 private:
  Instant now_;
};

inline Record record_of(Partition partition, std::uint64_t sequence, std::string body,
                        std::uint64_t boot = 7,
                        WallTime accepted_at = WallTime(Duration(1'700'000'000'000'000))) {
  return {RecordKind::alerts, {boot, partition, sequence}, accepted_at, 0, std::move(body)};
}

inline Appended append(Journal& journal, Partition partition, std::vector<Record> records) {
  std::promise<Appended> promise;
  journal.append(partition, std::move(records),
                 [&promise](const Appended& appended) { promise.set_value(appended); });
  return promise.get_future().get();
}

inline Appended append_one(Journal& journal, Partition partition, std::uint64_t sequence,
                           std::string body = "body") {
  return append(journal, partition, {record_of(partition, sequence, std::move(body))});
}

/// Everything after the cursor, and its damage.
inline Batch read_all(Journal& journal, Cursor cursor = {}, std::size_t most = 100) {
  Batch all;
  while (true) {
    Result<Batch> batch = journal.read(cursor, most);
    REQUIRE(batch);
    if (batch->entries.empty() && batch->damaged.empty()) return all;
    for (Entry& entry : batch->entries) all.entries.push_back(std::move(entry));
    for (Damage& damage : batch->damaged) all.damaged.push_back(std::move(damage));
  }
}

inline SqliteOptions options_in(const std::filesystem::path& directory) {
  SqliteOptions options;
  options.directory = directory;
  options.partitions = 4;
  options.make_identity = [] { return std::string("0123456789abcdef0123456789abcdef"); };
  return options;
}

inline std::unique_ptr<Journal> open(const SqliteOptions& options, const Clock& clock) {
  auto journal = open_sqlite_journal(options, clock);
  if (!journal) FAIL(journal.error().message);
  return std::move(*journal);
}

inline std::vector<std::filesystem::path> segments_in(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    if (entry.path().extension() == ".db") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

inline std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace tocsin::journal::testing

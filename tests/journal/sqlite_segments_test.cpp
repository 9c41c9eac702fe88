// The SQLite journal's directory: what a later start finds in it, when a file is followed by the
// next, and who may use it.
#include <sqlite3.h>

#include <thread>

#include "tests/journal/tools.hpp"

namespace tocsin::journal::testing {
namespace {

void run_sql(const std::filesystem::path& file, const char* sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
  CHECK(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

}  // namespace

TEST_CASE("a later start finds every record and the identity and goes on with later positions") {
  const TempDirectory directory;
  const FixedClock clock;
  SqliteOptions options = options_in(directory / "journal");
  Position last = 0;
  for (std::uint64_t round = 0; round < 3; ++round) {
    const auto journal = open(options, clock);
    CHECK(journal->identity() == "0123456789abcdef0123456789abcdef");
    CHECK(journal->tail(0) == last);
    for (std::uint64_t i = 0; i < 10; ++i) {
      const Appended appended = append_one(*journal, static_cast<Partition>(i % 4), i);
      REQUIRE(appended.durable());
      CHECK(appended.last > last);
      last = appended.last;
    }
    CHECK(read_all(*journal).entries.size() == 10 * (round + 1));
    options.make_identity = [] { return std::string("another"); };
  }
  CHECK(segments_in(directory / "journal").size() == 1);
}

TEST_CASE("a directory that is in use is refused until it is free") {
  const TempDirectory directory;
  const FixedClock clock;
  const SqliteOptions options = options_in(directory / "journal");
  auto first = open(options, clock);
  const auto second = open_sqlite_journal(options, clock);
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::refused);
  CHECK(second.error().message.find("in use") != std::string::npos);
  first.reset();
  CHECK(open_sqlite_journal(options, clock));
}

TEST_CASE("another number of partitions is refused with what to do") {
  const TempDirectory directory;
  const FixedClock clock;
  SqliteOptions options = options_in(directory / "journal");
  open(options, clock).reset();
  options.partitions = 8;
  const auto journal = open_sqlite_journal(options, clock);
  REQUIRE_FALSE(journal);
  CHECK(journal.error().kind == ErrorKind::invalid);
  CHECK(journal.error().message.find("set it back to 4") != std::string::npos);
}

TEST_CASE("segments of a newer format are refused loudly") {
  const TempDirectory directory;
  const FixedClock clock;
  const SqliteOptions options = options_in(directory / "journal");
  open(options, clock).reset();
  run_sql(segments_in(options.directory).at(0), "PRAGMA user_version = 2");
  const auto journal = open_sqlite_journal(options, clock);
  REQUIRE_FALSE(journal);
  CHECK(journal.error().message.find("newer tocsin") != std::string::npos);
}

TEST_CASE("a segment past its size is followed by the next one and all are read") {
  const TempDirectory directory;
  const FixedClock clock;
  SqliteOptions options = options_in(directory / "journal");
  options.segment_bytes = 100'000;
  options.recent_bytes = 0;
  const std::string body(5000, 'x');
  auto journal = open(options, clock);
  for (std::uint64_t i = 1; i <= 100; ++i) REQUIRE(append_one(*journal, 1, i, body).durable());
  CHECK(segments_in(options.directory).size() >= 4);
  CHECK(read_all(*journal).entries.size() == 100);
  journal.reset();
  journal = open(options, clock);
  const Batch all = read_all(*journal, {}, 3);
  REQUIRE(all.entries.size() == 100);
  for (std::size_t i = 0; i < 100; ++i) REQUIRE(all.entries[i].position == i + 1);
  for (const auto& segment : segments_in(options.directory))
    CHECK(std::filesystem::file_size(segment) < 2 * options.segment_bytes);
}

TEST_CASE("a new day in UTC begins a new segment unless the last one is still empty") {
  const TempDirectory directory;
  FixedClock clock("2026-11-22T23:59:59.999Z");
  const SqliteOptions options = options_in(directory / "journal");
  auto journal = open(options, clock);
  clock.set("2026-11-23T00:00:00Z");
  REQUIRE(append_one(*journal, 0, 1).durable());
  CHECK(segments_in(options.directory).size() == 1);
  journal.reset();
  journal = open(options, clock);
  REQUIRE(append_one(*journal, 0, 2).durable());
  REQUIRE(segments_in(options.directory).size() == 2);
  clock.set("2026-11-22T12:00:00Z");
  REQUIRE(append_one(*journal, 0, 3).durable());
  CHECK(segments_in(options.directory).size() == 2);
  clock.set("2026-11-24T07:00:00Z");
  REQUIRE(append_one(*journal, 0, 4).durable());
  REQUIRE(segments_in(options.directory).size() == 3);
  CHECK(segments_in(options.directory)[2].filename() == "segment-0000000000000004.db");
  CHECK(read_all(*journal).entries.size() == 4);
}

TEST_CASE("an emptied segment does not begin positions again") {
  const TempDirectory directory;
  FixedClock clock;
  const SqliteOptions options = options_in(directory / "journal");
  auto journal = open(options, clock);
  Position last = 0;
  for (std::uint64_t i = 1; i <= 50; ++i)
    last = append_one(*journal, 0, i, std::string(500, 'x')).last;
  journal.reset();
  run_sql(segments_in(options.directory).at(0), "DELETE FROM batches");
  journal = open(options, clock);
  const Position later = append_one(*journal, 0, 51).last;
  CHECK(later > last);
  clock.set("2026-11-23T00:00:00Z");
  last = append_one(*journal, 0, 52).last;
  journal.reset();
  run_sql(segments_in(options.directory).back(), "DELETE FROM batches");
  journal = open(options, clock);
  CHECK(append_one(*journal, 0, 53).last >= last);
}

TEST_CASE("what a crash left of a segment being made or removed is cleared away") {
  const TempDirectory directory;
  const FixedClock clock;
  const SqliteOptions options = options_in(directory / "journal");
  auto journal = open(options, clock);
  REQUIRE(append_one(*journal, 0, 1).durable());
  journal.reset();
  write_file(options.directory / "segment-0000000000000002.db.new", "half");
  write_file(options.directory / "segment-0000000000000009.db-wal", "orphan");
  journal = open(options, clock);
  CHECK_FALSE(std::filesystem::exists(options.directory / "segment-0000000000000002.db.new"));
  CHECK_FALSE(std::filesystem::exists(options.directory / "segment-0000000000000009.db-wal"));
  REQUIRE(append_one(*journal, 0, 2).durable());
  CHECK(read_all(*journal).entries.size() == 2);
}

TEST_CASE("the WAL stays bounded under a load that never pauses") {
  const TempDirectory directory;
  const FixedClock clock;
  SqliteOptions options = options_in(directory / "journal");
  options.most_wal_bytes = 200'000;
  options.most_commit_bytes = 50'000;
  const auto journal = open(options, clock);
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kEach = 300;
  const std::string body(20'000, 'x');
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < kThreads; ++t)
      threads.emplace_back([&] {
        for (std::uint64_t i = 0; i < kEach; ++i)
          if (!append_one(*journal, 0, i, body).durable()) std::abort();
      });
  }
  // The file keeps its largest size while it is open.
  const auto wal =
      std::filesystem::file_size(segments_in(options.directory).at(0).string() + "-wal");
  CHECK(wal < kThreads * kEach * body.size() / 2);
  CHECK(wal > 0);
  CHECK(read_all(*journal).entries.size() == kThreads * kEach);
}

TEST_CASE("an append beyond what may wait is refused and nothing of it is stored") {
  const TempDirectory directory;
  const FixedClock clock;
  SqliteOptions options = options_in(directory / "journal");
  options.most_waiting_bytes = 1000;
  const auto journal = open(options, clock);
  const Appended refused = append_one(*journal, 0, 1, std::string(1001, 'x'));
  CHECK(refused.outcome == Appended::Outcome::refused);
  CHECK(refused.why.find("waiting for the disk") != std::string::npos);
  for (std::uint64_t i = 2; i <= 10; ++i)
    REQUIRE(append_one(*journal, 0, i, std::string(800, 'x')).durable());
  CHECK(read_all(*journal).entries.size() == 9);
}

}  // namespace tocsin::journal::testing

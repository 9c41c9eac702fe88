// The SQLite journal forgets by removing files: whatever happens in between, what is left is an end
// of the journal without a hole.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/journal/tools.hpp"

namespace tocsin::journal::testing {
namespace {

namespace fs = std::filesystem;

SqliteOptions small_segments(const fs::path& directory) {
  SqliteOptions options = options_in(directory);
  options.segment_bytes = 20'000;
  options.recent_bytes = 0;
  return options;
}

/// Some thirty segments. Returns the last position.
Position fill(const SqliteOptions& options, const FixedClock& clock) {
  const auto journal = open(options, clock);
  Position last = 0;
  for (std::uint64_t i = 1; i <= 150; ++i)
    last = append_one(*journal, static_cast<Partition>(i % 4), i, std::string(5000, 'x')).last;
  REQUIRE(segments_in(options.directory).size() > 20);
  return last;
}

/// What is there is one dense end of what was appended, and the journal says where it begins.
void check_is_an_end(Journal& journal, Position last) {
  const Batch all = read_all(journal);
  CHECK(all.damaged.empty());
  REQUIRE_FALSE(all.entries.empty());
  Position expected = journal.first(0);
  for (const Entry& entry : all.entries) {
    REQUIRE(entry.position == expected);
    REQUIRE(entry.record.id.sequence == expected++);
  }
  REQUIRE(expected == last + 1);
}

std::size_t open_files_that_are_gone() {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code problem;
    const std::string target = fs::read_symlink(entry.path(), problem).string();
    count += target.find("segment-") != std::string::npos && target.ends_with(" (deleted)");
  }
  return count;
}

}  // namespace

TEST_CASE("what was dropped stays dropped at a later start and its files are gone") {
  const TempDirectory directory;
  const FixedClock clock;
  const SqliteOptions options = small_segments(directory / "journal");
  const Position last = fill(options, clock);
  Position first = 0;
  {
    const auto journal = open(options, clock);
    REQUIRE(journal->drop(Cursor(1, last / 2)));
    first = journal->first(0);
    CHECK(first > last / 3);
    CHECK(first <= last / 2 + 1);
    check_is_an_end(*journal, last);
  }
  CHECK(segments_in(options.directory).at(0).filename() ==
        "segment-" + std::string(14, '0') + std::to_string(first) + ".db");
  const auto journal = open(options, clock);
  CHECK(journal->first(0) == first);
  CHECK(journal->identity() == "0123456789abcdef0123456789abcdef");
  check_is_an_end(*journal, last);
  CHECK(append_one(*journal, 0, last + 1).last == last + 1);
}

TEST_CASE("after kill -9 in the middle of a drop the rest is an end of the journal") {
  const FixedClock clock;
  for (const std::size_t removed : {0, 1, 2, 5, 11, 19}) {
    INFO(removed);
    const TempDirectory directory;
    const SqliteOptions options = small_segments(directory / "journal");
    const Position last = fill(options, clock);
    const std::size_t before = segments_in(options.directory).size();
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      const auto journal = open_sqlite_journal(options, clock);
      ::_exit(journal && (*journal)->drop(Cursor(1, last)) ? 0 : 1);
    }
    int status = 0;
    pid_t ended = 0;
    while (ended == 0 && segments_in(options.directory).size() > before - removed)
      ended = ::waitpid(child, &status, WNOHANG);
    if (ended == 0) {
      ::kill(child, SIGKILL);
      REQUIRE(::waitpid(child, &status, 0) == child);
    }
    REQUIRE((WIFSIGNALED(status) || WEXITSTATUS(status) == 0));
    const auto journal = open(options, clock);
    check_is_an_end(*journal, last);
    REQUIRE(journal->drop(Cursor(1, last)));
    CHECK(segments_in(options.directory).size() == 1);
    check_is_an_end(*journal, last);
  }
}

TEST_CASE("a beginning that was removed by hand is no damage and a hole in the middle is") {
  const TempDirectory directory;
  const FixedClock clock;
  const SqliteOptions options = small_segments(directory / "journal");
  const Position last = fill(options, clock);
  std::vector<fs::path> segments = segments_in(options.directory);
  for (std::size_t i = 0; i < 5; ++i) fs::remove(segments[i]);
  write_file(segments[2].string() + "-wal", "left over");
  {
    const auto journal = open(options, clock);
    CHECK(journal->first(0) > 1);
    check_is_an_end(*journal, last);
    CHECK_FALSE(fs::exists(segments[2].string() + "-wal"));
  }
  fs::remove(segments[8]);
  const auto journal = open(options, clock);
  const Batch all = read_all(*journal);
  CHECK_FALSE(all.damaged.empty());
  CHECK(all.entries.back().position == last);
  REQUIRE(journal->drop(Cursor(1, last)));
  CHECK(read_all(*journal).damaged.empty());
}

TEST_CASE("only the last segment may be left by hand and positions go on") {
  const TempDirectory directory;
  const FixedClock clock;
  const SqliteOptions options = small_segments(directory / "journal");
  const Position last = fill(options, clock);
  const std::vector<fs::path> segments = segments_in(options.directory);
  for (std::size_t i = 0; i + 1 < segments.size(); ++i) fs::remove(segments[i]);
  const auto journal = open(options, clock);
  check_is_an_end(*journal, last);
  CHECK(append_one(*journal, 0, last + 1).last == last + 1);
}

TEST_CASE("the room of dropped segments comes back though they were being read") {
  const TempDirectory directory;
  const FixedClock clock;
  const SqliteOptions options = small_segments(directory / "journal");
  const Position last = fill(options, clock);
  const auto journal = open(options, clock);
  Cursor cursor;
  REQUIRE(journal->read(cursor, 40));
  REQUIRE(journal->drop(Cursor(1, last)));
  CHECK(open_files_that_are_gone() == 0);
  check_is_an_end(*journal, last);
}

TEST_CASE("a segment that cannot be removed is tried again and nothing later goes before it") {
  const TempDirectory directory;
  const FixedClock clock;
  const SqliteOptions options = small_segments(directory / "journal");
  const Position last = fill(options, clock);
  const auto journal = open(options, clock);
  const std::vector<fs::path> segments = segments_in(options.directory);
  // A directory with something in it cannot be removed as a file is.
  fs::remove(segments[3]);
  fs::create_directory(segments[3]);
  write_file(segments[3] / "in the way", "");
  const Status dropped = journal->drop(Cursor(1, last));
  REQUIRE_FALSE(dropped);
  CHECK(dropped.error().kind == ErrorKind::unavailable);
  CHECK(dropped.error().message.find(segments[3].filename().string()) != std::string::npos);
  for (std::size_t i = 0; i < segments.size(); ++i) CHECK(fs::exists(segments[i]) == (i >= 3));
  check_is_an_end(*journal, last);
  fs::remove(segments[3] / "in the way");
  REQUIRE(journal->drop(Cursor(1, 0)));
  CHECK(segments_in(options.directory).size() == 1);
  check_is_an_end(*journal, last);
}

TEST_CASE("a segment may span any time") {
  const TempDirectory directory;
  FixedClock clock("2026-11-22T12:00:30Z");
  SqliteOptions options = options_in(directory / "journal");
  options.segment_span = std::chrono::minutes(1);
  const auto journal = open(options, clock);
  REQUIRE(append_one(*journal, 0, 1).durable());
  clock.set("2026-11-22T12:00:59Z");
  REQUIRE(append_one(*journal, 0, 2).durable());
  CHECK(segments_in(options.directory).size() == 1);
  clock.set("2026-11-22T12:01:00Z");
  REQUIRE(append_one(*journal, 0, 3).durable());
  CHECK(segments_in(options.directory).size() == 2);
  CHECK(journal->droppable(0, clock.now().wall) == 0);
  CHECK(journal->droppable(0, clock.now().wall + Duration(1)) == 2);
}

TEST_CASE("a damaged segment is judged by its neighbours and dropped with them") {
  const TempDirectory directory;
  FixedClock clock("2026-11-01T12:00:00Z");
  const SqliteOptions options = options_in(directory / "journal");
  for (int day = 1; day <= 5; ++day) {
    clock.set("2026-11-0" + std::to_string(day) + "T12:00:00Z");
    const auto journal = open(options, clock);
    REQUIRE(append_one(*journal, 0, static_cast<std::uint64_t>(day)).durable());
  }
  const std::vector<fs::path> segments = segments_in(options.directory);
  REQUIRE(segments.size() == 5);
  write_file(segments[2], "no database");
  const auto journal = open(options, clock);
  CHECK_FALSE(read_all(*journal).damaged.empty());
  const WallTime fourth = parse_rfc3339("2026-11-04T12:00:00Z").value();
  CHECK(journal->droppable(0, fourth) == 1);
  CHECK(journal->droppable(0, fourth + Duration(1)) == 3);
  REQUIRE(journal->drop(Cursor(1, 3)));
  CHECK_FALSE(fs::exists(segments[2]));
  const Batch rest = read_all(*journal);
  CHECK(rest.damaged.empty());
  CHECK(rest.entries.size() == 2);
}

}  // namespace tocsin::journal::testing

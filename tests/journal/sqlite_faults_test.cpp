// The SQLite journal on a disk that fails: what is answered, what is stored, and how it comes back
// by itself.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <thread>

#include "tests/journal/fault_vfs.hpp"
#include "tests/journal/tools.hpp"

namespace tocsin::journal::testing {

using Outcome = Appended::Outcome;

namespace {

SqliteOptions faulty_options(const TempDirectory& directory, const FaultVfs& vfs) {
  SqliteOptions options = options_in(directory / "journal");
  options.vfs = vfs.name();
  options.probe_every = std::chrono::hours(1);
  return options;
}

std::vector<std::uint64_t> sequences(Journal& journal) {
  std::vector<std::uint64_t> found;
  for (const Entry& entry : read_all(journal).entries) found.push_back(entry.record.id.sequence);
  return found;
}

}  // namespace

TEST_CASE("on a full disk appends are refused and not stored and work again when there is room") {
  const TempDirectory directory;
  const FixedClock clock;
  FaultVfs vfs;
  const SqliteOptions options = faulty_options(directory, vfs);
  auto journal = open(options, clock);
  REQUIRE(append_one(*journal, 0, 1).durable());
  vfs.fill_disk(true);
  for (std::uint64_t i = 2; i <= 4; ++i) {
    const Appended refused = append_one(*journal, 0, i, std::string(20'000, 'x'));
    CHECK(refused.outcome == Outcome::refused);
    CHECK(refused.why.find("make room") != std::string::npos);
    CHECK(journal->trouble() == refused.why);
  }
  vfs.fill_disk(false);
  REQUIRE(append_one(*journal, 0, 5).durable());
  CHECK(journal->trouble().empty());
  CHECK(segments_in(options.directory).size() == 1);
  const std::vector<std::uint64_t> stored{1, 5};
  CHECK(sequences(*journal) == stored);
  journal.reset();
  CHECK(sequences(*open(options, clock)) == stored);
}

TEST_CASE("a failed fsync is unknown and the record is never read afterwards") {
  const TempDirectory directory;
  const FixedClock clock;
  FaultVfs vfs;
  const SqliteOptions options = faulty_options(directory, vfs);
  auto journal = open(options, clock);
  const Position before = append_one(*journal, 0, 1).last;
  vfs.fail_wal_syncs(1);
  const Appended unknown = append_one(*journal, 0, 2);
  CHECK(unknown.outcome == Outcome::unknown);
  CHECK_FALSE(journal->trouble().empty());
  CHECK(sequences(*journal) == std::vector<std::uint64_t>{1});
  const Appended next = append_one(*journal, 0, 3);
  REQUIRE(next.durable());
  CHECK(next.last > before + 1);
  CHECK(journal->trouble().empty());
  const std::vector<std::uint64_t> stored{1, 3};
  CHECK(sequences(*journal) == stored);
  journal.reset();
  journal = open(options, clock);
  CHECK(sequences(*journal) == stored);
  CHECK(journal->tail(0) == next.last);
}

TEST_CASE("what is answered after a failed fsync does not stand on pages that it lost") {
  const TempDirectory directory;
  const FixedClock clock;
  FaultVfs vfs;
  SqliteOptions options = faulty_options(directory, vfs);
  auto journal = open(options, clock);
  REQUIRE(append_one(*journal, 0, 1).durable());
  vfs.fail_wal_syncs(1);
  CHECK(append_one(*journal, 0, 2).outcome == Outcome::unknown);
  REQUIRE(append_one(*journal, 0, 3).durable());
  vfs.cut_power();
  journal.reset();
  options.directory = directory / "after";
  std::filesystem::create_directory(options.directory);
  vfs.leave_in(options.directory);
  CHECK(sequences(*open(options, clock)) == std::vector<std::uint64_t>{1, 3});
}

TEST_CASE("fsyncs that keep failing do not fill the directory with segments") {
  const TempDirectory directory;
  const FixedClock clock;
  FaultVfs vfs;
  const SqliteOptions options = faulty_options(directory, vfs);
  auto journal = open(options, clock);
  REQUIRE(append_one(*journal, 0, 1).durable());
  vfs.fail_wal_syncs(1000);
  for (std::uint64_t i = 2; i <= 30; ++i) CHECK_FALSE(append_one(*journal, 0, i).durable());
  vfs.fail_wal_syncs(0);
  REQUIRE(append_one(*journal, 0, 31).durable());
  CHECK(segments_in(options.directory).size() <= 3);
  const std::vector<std::uint64_t> stored{1, 31};
  CHECK(sequences(*journal) == stored);
  journal.reset();
  CHECK(sequences(*open(options, clock)) == stored);
}

TEST_CASE("trouble ends by itself when the disk works again though nobody appends") {
  const TempDirectory directory;
  const FixedClock clock;
  FaultVfs vfs;
  SqliteOptions options = faulty_options(directory, vfs);
  options.probe_every = std::chrono::milliseconds(1);
  const auto journal = open(options, clock);
  vfs.fill_disk(true);
  CHECK_FALSE(append_one(*journal, 0, 1).durable());
  CHECK_FALSE(journal->trouble().empty());
  vfs.fill_disk(false);
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!journal->trouble().empty() && std::chrono::steady_clock::now() < give_up)
    std::this_thread::yield();
  CHECK(journal->trouble().empty());
  CHECK(read_all(*journal).entries.empty());
}

TEST_CASE("nothing is answered or read before its fsync and append does not wait for it") {
  const TempDirectory directory;
  const FixedClock clock;
  FaultVfs vfs;
  SqliteOptions options = faulty_options(directory, vfs);
  options.most_waiting_bytes = 10'000;
  options.recent_bytes = 0;
  const auto journal = open(options, clock);
  REQUIRE(append_one(*journal, 0, 1).durable());
  vfs.hold_wal_syncs(true);
  std::atomic<int> durable = 0;
  std::atomic<int> refused = 0;
  for (std::uint64_t i = 2; i <= 21; ++i)
    journal->append(0, {record_of(0, i, std::string(960, 'x'))},
                    [&](const Appended& done) { ++(done.durable() ? durable : refused); });
  CHECK(durable == 0);
  CHECK(refused == 10);
  CHECK(sequences(*journal) == std::vector<std::uint64_t>{1});
  vfs.hold_wal_syncs(false);
  REQUIRE(append(*journal, 0, {}).durable());
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (durable < 10 && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
  CHECK(durable == 10);
  CHECK(sequences(*journal).size() == 11);
}

TEST_CASE("a power cut after any answer loses nothing that was answered") {
  for (const int cut_after : {1, 2, 3, 10, 57, 200, 399}) {
    const TempDirectory directory;
    const FixedClock clock;
    FaultVfs vfs;
    SqliteOptions options = faulty_options(directory, vfs);
    options.segment_bytes = 40'000;
    options.most_wal_bytes = 20'000;
    auto journal = open(options, clock);
    std::set<std::uint64_t> answered;  // by the journal's one thread
    for (std::uint64_t i = 1; i <= 400; ++i)
      journal->append(static_cast<Partition>(i % 4), {record_of(0, i, std::string(300, 'x'))},
                      [&, i](const Appended& done) {
                        if (!done.durable() || static_cast<int>(answered.size()) == cut_after)
                          return;
                        answered.insert(i);
                        if (static_cast<int>(answered.size()) == cut_after) vfs.cut_power();
                      });
    journal.reset();
    REQUIRE(static_cast<int>(answered.size()) == cut_after);
    options.directory = directory / "after";
    std::filesystem::create_directory(options.directory);
    vfs.leave_in(options.directory);
    journal = open(options, clock);
    const Batch all = read_all(*journal);
    CHECK(all.damaged.empty());
    for (const Entry& entry : all.entries) answered.erase(entry.record.id.sequence);
    CHECK(answered.empty());
  }
}

TEST_CASE("past a limit on file sizes appends fail and they work again once it is lifted") {
  const TempDirectory directory;
  const FixedClock clock;
  SqliteOptions options = options_in(directory / "journal");
  int pipe_ends[2];
  REQUIRE(::pipe(pipe_ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{200'000, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto journal = open_sqlite_journal(options, clock);
    std::uint64_t failures = 0;
    for (std::uint64_t i = 1; journal && i <= 200; ++i) {
      const bool durable = append_one(**journal, 0, i, std::string(3000, 'x')).durable();
      if (!durable && ++failures == 3) {
        limit.rlim_cur = RLIM_INFINITY;
        ::setrlimit(RLIMIT_FSIZE, &limit);
      }
      if (durable && ::write(pipe_ends[1], &i, sizeof i) != sizeof i) break;
    }
    ::_exit(failures == 3 ? 0 : 1);
  }
  ::close(pipe_ends[1]);
  std::vector<std::uint64_t> reported;
  for (std::uint64_t i = 0; ::read(pipe_ends[0], &i, sizeof i) == sizeof i;) reported.push_back(i);
  ::close(pipe_ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(status == 0);
  const auto journal = open(options, clock);
  const std::vector<std::uint64_t> stored = sequences(*journal);
  CHECK(reported.size() == 197);
  CHECK(stored == reported);
}

}  // namespace tocsin::journal::testing

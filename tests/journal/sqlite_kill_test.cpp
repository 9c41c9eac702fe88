// A process that is killed at any moment has lost nothing that it had called durable.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <set>

#include "tests/journal/tools.hpp"

namespace tocsin::journal::testing {
namespace {

/// A record's number tells its whole content, so that nothing invented can pass.
Record numbered(std::uint64_t round, std::uint64_t number) {
  const auto partition = static_cast<Partition>(number % 4);
  return record_of(partition, number,
                   std::string(number % 1500, static_cast<char>('a' + number % 26)), round);
}

// Keeps 64 appends waiting and reports each durable one, until it is killed.
[[noreturn]] void append_for_ever(const SqliteOptions& options, std::uint64_t round, int out) {
  const FixedClock clock;
  auto journal = open_sqlite_journal(options, clock);
  if (!journal) ::_exit(1);
  std::mutex mutex;
  std::condition_variable answered;
  int waiting = 0;
  for (std::uint64_t number = 1;; ++number) {
    std::unique_lock lock(mutex);
    answered.wait(lock, [&] { return waiting < 64; });
    ++waiting;
    lock.unlock();
    Record record = numbered(round, number);
    const Partition partition = record.id.partition;
    (*journal)->append(partition, {std::move(record)}, [&, number](const Appended& done) {
      if (done.durable() && ::write(out, &number, sizeof number) != sizeof number) ::_exit(1);
      const std::lock_guard guard(mutex);
      --waiting;
      answered.notify_one();
    });
  }
}

std::vector<std::uint64_t> reports_until_killed(const SqliteOptions& options, std::uint64_t round,
                                                std::size_t kill_after) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) append_for_ever(options, round, ends[1]);
  ::close(ends[1]);
  std::vector<std::uint64_t> reported;
  for (std::uint64_t number = 0; ::read(ends[0], &number, sizeof number) == sizeof number;) {
    reported.push_back(number);
    if (reported.size() == kill_after) ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  return reported;
}

}  // namespace

TEST_CASE("after kill -9 every record that was called durable is there and nothing is invented") {
  const TempDirectory directory;
  const FixedClock clock;
  SqliteOptions options = options_in(directory / "journal");
  options.segment_bytes = 150'000;
  options.most_wal_bytes = 60'000;
  std::set<RecordId> promised;
  Position last = 0;
  std::uint64_t round = 0;
  for (const std::size_t kill_after : {1, 2, 5, 17, 64, 65, 200, 333, 700, 1500, 40, 3}) {
    ++round;
    for (const std::uint64_t number : reports_until_killed(options, round, kill_after))
      promised.insert(numbered(round, number).id);
    const auto journal = open(options, clock);
    const Batch all = read_all(*journal);
    CHECK(all.damaged.empty());
    std::map<RecordId, int> found;
    Position position = 0;
    for (const Entry& entry : all.entries) {
      REQUIRE(entry.record == numbered(entry.record.id.boot, entry.record.id.sequence));
      REQUIRE(++found[entry.record.id] == 1);
      REQUIRE(entry.position > position);
      position = entry.position;
    }
    for (const RecordId& id : promised) REQUIRE(found.contains(id));
    const Appended next = append(*journal, 0, {numbered(1000 + round, 4)});
    REQUIRE(next.durable());
    REQUIRE(next.last > std::max(last, position));
    last = next.last;
  }
}

}  // namespace tocsin::journal::testing

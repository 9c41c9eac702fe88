// Everything at once, with the journal's own thread: appenders that wait for their answers, a
// journal that breaks down and mends, an island that takes hold and lets go. For the thread
// sanitizer, and for answers that never come.
#include <atomic>
#include <set>
#include <thread>

#include "router/spool/late_journal.hpp"
#include "router/spool/spooled_journal.hpp"
#include "tests/journal/tools.hpp"
#include "tests/spool/lent_journal.hpp"
#include "tests/spool/node.hpp"

namespace tocsin::spool::testing {
namespace {

/// Rung by the journal's log lines.
class Told {
 public:
  void tell() {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  }
  template <class Condition>
  bool wait_until(const Condition& condition) {
    std::unique_lock lock(mutex_);
    for (int i = 0; i < 2000; ++i) {
      if (condition()) return true;
      changed_.wait_for(lock, std::chrono::milliseconds(10));
    }
    return false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

/// A real spool on this machine's disk.
struct RealSpool {
  journal::testing::TempDirectory directory;

  std::unique_ptr<journal::Journal> open_spool(const Clock& clock) const {
    return journal::testing::open(journal::testing::options_in(directory / "spool"), clock);
  }
  std::unique_ptr<SpoolDisk> files() const {
    return std::make_unique<SpoolFiles>(directory / "progress", directory / "spool");
  }
};

constexpr std::uint64_t kThreads = 4;
constexpr std::uint64_t kEach = 400;

void append_and_wait(SpooledJournal& journal, std::uint64_t thread, std::atomic<int>& durable) {
  for (std::uint64_t i = 0; i < kEach; ++i) {
    const auto partition = static_cast<Partition>((thread + i) % kPartitions);
    const Appended appended = journal::testing::append(
        journal, partition, {record_of(partition, thread * kEach + i, "body")});
    if (appended.durable()) ++durable;
  }
}

void check_all_there(journal::Journal& main) {
  std::set<std::uint64_t> found;
  std::map<std::pair<Partition, std::uint64_t>, std::uint64_t> last;
  for (const journal::Entry& entry : read_all(main).entries) {
    const std::uint64_t sequence = entry.record.id.sequence;
    if (!found.insert(sequence).second) continue;
    auto& before = last[{entry.partition, sequence / kEach}];
    CHECK(sequence >= before);  // each thread waited for its answers
    before = sequence;
  }
  CHECK(found.size() == kThreads * kEach);
}

}  // namespace

TEST_CASE("threads that wait for their answers get them and find all of it in order") {
  SystemClock clock;
  Told told;
  RealSpool at;
  const auto main = std::make_shared<MemoryJournal>(kPartitions, "main");
  SpoolOptions options;
  options.tell = [&told](const std::string&) { told.tell(); };
  SpooledJournal journal(options, std::make_unique<LentJournal>(main), at.open_spool(clock),
                         at.files(), clock);
  std::atomic<int> durable = 0;
  std::atomic<int> kept_out = 0;
  std::atomic<bool> done = false;
  {
    std::jthread chaos([&] {
      for (int round = 0; !done; ++round) {
        main->break_down("no broker answers");
        std::this_thread::yield();
        main->mend();
        main->hold();
        if (round < 3) main->fail_next(Outcome::unknown, Kept::yes);
        main->release();
        if (const auto cursor = journal.hold_forwarding();
            cursor && !journal.release_forwarding(*cursor))
          ++kept_out;
        if (!journal.release_forwarding({})) ++kept_out;
        static_cast<void>(journal.counts());
        static_cast<void>(journal.spooling_since());
        static_cast<void>(journal.trouble());
        std::this_thread::yield();
      }
      main->mend();
    });
    {
      std::vector<std::jthread> threads;
      for (std::uint64_t t = 0; t < kThreads; ++t)
        threads.emplace_back([&, t] { append_and_wait(journal, t, durable); });
    }
    done = true;
  }
  CHECK(durable == kThreads * kEach);
  CHECK(kept_out == 0);
  REQUIRE(journal.release_forwarding({}));
  CHECK(told.wait_until([&journal] { return !journal.is_spooling(); }));
  check_all_there(*main);
}

TEST_CASE("a node that starts without its cluster takes alerts and forwards them when it comes") {
  SystemClock clock;
  Told told;
  RealSpool at;
  const auto main = std::make_shared<MemoryJournal>(kPartitions, "main");
  std::atomic<bool> there = false;
  LateOptions late;
  late.partitions = kPartitions;
  late.retry_every = std::chrono::milliseconds(10);
  SpoolOptions options;
  options.tell = [&told](const std::string&) { told.tell(); };
  SpooledJournal journal(
      options,
      std::make_unique<LateJournal>(
          late,
          [&]() -> Result<std::unique_ptr<journal::Journal>> {
            if (!there) return unavailable("no broker answers");
            return std::unique_ptr<journal::Journal>(std::make_unique<LentJournal>(main));
          },
          clock),
      at.open_spool(clock), at.files(), clock);
  std::atomic<int> durable = 0;
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] { append_and_wait(journal, t, durable); });
  }
  CHECK(durable == kThreads * kEach);
  CHECK(journal.trouble().empty());
  there = true;
  CHECK(told.wait_until([&journal] { return !journal.is_spooling(); }));
  check_all_there(*main);
}

}  // namespace tocsin::spool::testing

// A node's journals on a clock that only the test moves: a cluster's and a spool's, in memory, with
// the faults that those can have, and with restarts.
#pragma once

#include <map>
#include <set>

#include "router/spool/spooled_journal.hpp"
#include "tests/journal/tools.hpp"
#include "tests/spool/memory_disk.hpp"

namespace tocsin::spool::testing {

using journal::Appended;
using journal::Cursor;
using journal::MemoryJournal;
using journal::testing::read_all;
using journal::testing::record_of;
using Outcome = Appended::Outcome;
using Kept = MemoryJournal::Kept;
using namespace std::chrono_literals;

constexpr Partition kPartitions = 4;

struct Node {
  MovedClock clock;
  std::shared_ptr<MemoryJournal> main =
      std::make_shared<MemoryJournal>(kPartitions, "main", std::size_t{100'000});
  std::shared_ptr<MemoryJournal> spool =
      std::make_shared<MemoryJournal>(kPartitions, "spool", std::size_t{8});
  MemoryDisk disk;
  SpoolOptions options;
  std::function<bool(const Record&)> unacceptable;
  std::vector<std::string> told;
  std::unique_ptr<SpooledJournal> journal;
  std::map<std::uint64_t, Appended> answers;  // by sequence

  explicit Node(SpoolOptions given = {}) : options(std::move(given)) {
    options.own_thread = false;
    options.tell = [this](const std::string& line) { told.push_back(line); };
    start();
  }
  void start() {
    auto lent = std::make_unique<LentJournal>(main);
    lent->unacceptable = unacceptable;
    journal = std::make_unique<SpooledJournal>(options, std::move(lent),
                                               std::make_unique<LentJournal>(spool),
                                               std::make_unique<LentDisk>(disk), clock);
  }
  /// Stops properly, so what waits is stored first.
  void restart() {
    journal.reset();
    start();
  }
  void append(Partition partition, std::uint64_t sequence, RecordKind kind = RecordKind::alerts) {
    Record record = record_of(partition, sequence, "body " + std::to_string(sequence));
    record.kind = kind;
    journal->append(partition, {std::move(record)}, [this, sequence](const Appended& appended) {
      REQUIRE(answers.emplace(sequence, appended).second);
    });
  }
  /// Steps until there is nothing to do now.
  void settle() {
    for (int i = 0; journal->step() == Duration::zero(); ++i) REQUIRE(i < 100'000);
  }
  void advance(Duration by) {
    settle();
    for (Duration left = by; left > Duration::zero(); left -= 100ms) {
      clock.advance(std::min<Duration>(left, 100ms));
      settle();
    }
  }
  /// The sequences of a partition in main, each where it stands first.
  std::vector<std::uint64_t> in_main(Partition partition) const {
    return sequences(*main, partition);
  }
  std::vector<std::uint64_t> in_spool(Partition partition) const {
    return sequences(*spool, partition);
  }
  /// Of all partitions, in the order in which they stand there.
  std::vector<std::uint64_t> marked_in_main() const {
    std::vector<std::uint64_t> found;
    for (const journal::Entry& entry : read_all(*main).entries)
      if ((entry.record.flags & kDecidedElsewhere) != 0) found.push_back(entry.record.id.sequence);
    return found;
  }
  Duration now() const { return clock.now().elapsed; }

 private:
  static std::vector<std::uint64_t> sequences(journal::Journal& journal, Partition partition) {
    std::vector<std::uint64_t> found;
    std::set<std::uint64_t> seen;
    for (const journal::Entry& entry : read_all(journal).entries)
      if (entry.partition == partition && seen.insert(entry.record.id.sequence).second)
        found.push_back(entry.record.id.sequence);
    return found;
  }
};

using Sequences = std::vector<std::uint64_t>;

}  // namespace tocsin::spool::testing

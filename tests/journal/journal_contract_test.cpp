// The promises of router/journal/journal.hpp, held against every journal that there is: those of
// one machine in the program of this folder, Kafka's in that of tests/kafka.
#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "tests/journal/subject.hpp"
#include "tests/journal/tools.hpp"

namespace tocsin::journal::testing {
namespace {

std::vector<std::string> bodies(const Batch& batch, Partition partition) {
  std::vector<std::string> found;
  for (const Entry& entry : batch.entries)
    if (entry.partition == partition) found.push_back(entry.record.body);
  return found;
}

}  // namespace

TEST_CASE("a record comes back as it went in") {
  const Subject subject = each_journal();
  INFO(subject.name);
  const Record record{RecordKind::turn,
                      {0xfedcba9876543210, 2, 5},
                      WallTime(Duration(-5)),
                      9,
                      std::string("\0\x01T\x01 body\xff", 10)};
  const Appended appended = append(*subject.journal, 2, {record});
  REQUIRE(appended.durable());
  const Batch batch = read_all(*subject.journal);
  REQUIRE(batch.entries.size() == 1);
  CHECK(batch.entries[0].record == record);
  CHECK(batch.entries[0].partition == 2);
  CHECK(batch.entries[0].position == appended.last);
  CHECK(batch.damaged.empty());
}

TEST_CASE("records of a partition are read in the order in which they were appended") {
  const Subject subject = each_journal();
  INFO(subject.name);
  std::vector<std::string> expected[4];
  for (std::uint64_t i = 1; i <= 200; ++i) {
    const auto partition = static_cast<Partition>(i * i % 4);
    REQUIRE(append_one(*subject.journal, partition, i, std::to_string(i)).durable());
    expected[partition].push_back(std::to_string(i));
  }
  const Batch all = read_all(*subject.journal, {}, 7);
  std::vector<Position> last(4);
  for (const Entry& entry : all.entries) {
    CHECK(entry.position > last[entry.partition]);
    last[entry.partition] = entry.position;
  }
  for (Partition partition = 0; partition < 4; ++partition)
    CHECK(bodies(all, partition) == expected[partition]);
}

TEST_CASE("the records of one append stand side by side and the answer names the last") {
  const Subject subject = each_journal();
  INFO(subject.name);
  REQUIRE(append_one(*subject.journal, 1, 1, "before").durable());
  const Appended appended =
      append(*subject.journal, 1,
             {record_of(1, 2, "one"), record_of(1, 3, "two"), record_of(1, 4, "three")});
  REQUIRE(appended.durable());
  REQUIRE(append_one(*subject.journal, 1, 5, "after").durable());
  const Batch all = read_all(*subject.journal);
  CHECK(bodies(all, 1) == std::vector<std::string>{"before", "one", "two", "three", "after"});
  CHECK(all.entries.at(3).position == appended.last);
}

TEST_CASE("an append of no records is durable and adds nothing") {
  const Subject subject = each_journal();
  INFO(subject.name);
  CHECK(append(*subject.journal, 0, {}).durable());
  CHECK(read_all(*subject.journal).entries.empty());
}

TEST_CASE("a reader can begin at any place") {
  const Subject subject = each_journal();
  INFO(subject.name);
  for (std::uint64_t i = 1; i <= 40; ++i)
    REQUIRE(
        append(*subject.journal, static_cast<Partition>(i % 3),
               {record_of(0, i, std::to_string(2 * i)), record_of(0, i, std::to_string(2 * i + 1))})
            .durable());
  const Batch all = read_all(*subject.journal);
  REQUIRE(all.entries.size() == 80);
  for (std::size_t from = 0; from < all.entries.size(); ++from) {
    Cursor cursor(4);
    for (std::size_t i = 0; i < from; ++i)
      cursor[all.entries[i].partition] = all.entries[i].position;
    const Batch rest = read_all(*subject.journal, cursor, 5);
    REQUIRE(rest.entries.size() == all.entries.size() - from);
    Batch expected;
    expected.entries.assign(all.entries.begin() + static_cast<std::ptrdiff_t>(from),
                            all.entries.end());
    for (Partition partition = 0; partition < 4; ++partition)
      REQUIRE(bodies(rest, partition) == bodies(expected, partition));
  }
}

TEST_CASE("a partition that was read to its end is not read again for one that was not") {
  const Subject subject = each_journal();
  INFO(subject.name);
  for (std::uint64_t i = 1; i <= 50; ++i) REQUIRE(append_one(*subject.journal, 1, i).durable());
  const Appended other = append_one(*subject.journal, 2, 51, "other");
  REQUIRE(other.durable());
  Cursor cursor(4);
  cursor[1] = subject.journal->tail(1);
  const auto batch = subject.journal->read(cursor, 5);
  REQUIRE(batch);
  REQUIRE(batch->entries.size() == 1);
  CHECK(batch->entries[0].record.body == "other");
  CHECK(batch->entries[0].position == other.last);
}

TEST_CASE("readers do not disturb each other") {
  const Subject subject = each_journal();
  INFO(subject.name);
  Cursor fast;
  Cursor slow;
  for (std::uint64_t i = 1; i <= 30; ++i) {
    REQUIRE(append_one(*subject.journal, 0, i, std::to_string(i)).durable());
    const auto batch = subject.journal->read(fast, 10);
    REQUIRE(batch);
    REQUIRE(batch->entries.size() == 1);
    CHECK(batch->entries[0].record.id.sequence == i);
  }
  CHECK(read_all(*subject.journal, slow).entries.size() == 30);
}

TEST_CASE("at the tail a read is empty and every cursor fits the tail") {
  const Subject subject = each_journal();
  INFO(subject.name);
  Cursor cursor;
  REQUIRE(subject.journal->read(cursor, 10)->entries.empty());
  Position last = 0;
  for (std::uint64_t i = 1; i <= 5; ++i) last = append_one(*subject.journal, 3, i).last;
  CHECK(subject.journal->tail(3) >= last);
  for (std::size_t found = 0; found < 5;) {
    const auto batch = subject.journal->read(cursor, 100);
    REQUIRE_FALSE(batch->entries.empty());
    found += batch->entries.size();
  }
  const auto at_tail = subject.journal->read(cursor, 10);
  REQUIRE(at_tail);
  CHECK(at_tail->entries.empty());
  CHECK(at_tail->damaged.empty());
  for (Partition partition = 0; partition < 4; ++partition)
    CHECK(cursor[partition] <= subject.journal->tail(partition));
  CHECK(cursor[3] == last);
}

TEST_CASE(
    "eight concurrent appenders are each answered once and find their records once in order") {
  const Subject subject = each_journal();
  INFO(subject.name);
  constexpr std::uint64_t kThreads = 8;
  constexpr std::uint64_t kEach = 150;
  std::vector<std::atomic<int>> answers(kThreads * kEach);
  std::mutex mutex;
  std::map<std::pair<Partition, Position>, RecordId> answered;
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] {
        for (std::uint64_t i = 0; i < kEach; ++i) {
          const auto partition = static_cast<Partition>((t + i) % 4);
          const Record record = record_of(partition, i, std::string(20 + i, 'x'), t);
          subject.journal->append(partition, {record},
                                  [&, partition, id = record.id](const Appended& done) {
                                    ++answers[id.boot * kEach + id.sequence];
                                    const std::lock_guard lock(mutex);
                                    answered[{partition, done.durable() ? done.last : 0}] = id;
                                  });
        }
      });
  }
  Cursor cursor;
  std::map<RecordId, int> found;
  std::map<std::pair<Partition, std::uint64_t>, std::uint64_t> last_of;
  while (found.size() < kThreads * kEach) {
    const auto batch = subject.journal->read(cursor, 64);
    REQUIRE(batch);
    REQUIRE(batch->damaged.empty());
    for (const Entry& entry : batch->entries) {
      REQUIRE(++found[entry.record.id] == 1);
      auto& last = last_of[{entry.partition, entry.record.id.boot}];
      REQUIRE(entry.record.id.sequence >= last);
      last = entry.record.id.sequence;
    }
  }
  REQUIRE(
      append_one(*subject.journal, 0, 1).durable());  // answers come in order: all are there now
  for (const auto& count : answers) REQUIRE(count == 1);
  const std::lock_guard lock(mutex);
  REQUIRE(answered.size() == kThreads * kEach);
  for (const Entry& entry : read_all(*subject.journal).entries) {
    const auto answer = answered.find({entry.partition, entry.position});
    if (answer != answered.end()) CHECK(answer->second == entry.record.id);
  }
}

TEST_CASE("what a reader finds was durable and the listener is told of it") {
  const Subject subject = each_journal();
  INFO(subject.name);
  std::mutex mutex;
  std::condition_variable called;
  int calls = 0;
  subject.journal->on_commit([&] {
    const std::lock_guard lock(mutex);
    ++calls;
    called.notify_all();
  });
  Cursor cursor;
  for (int i = 1; i <= 3; ++i) {
    REQUIRE(append_one(*subject.journal, 0, static_cast<std::uint64_t>(i)).durable());
    std::unique_lock lock(mutex);
    REQUIRE(called.wait_for(lock, std::chrono::seconds(20), [&] { return calls >= i; }));
    lock.unlock();
    CHECK(subject.journal->read(cursor, 10)->entries.size() == 1);
  }
}

TEST_CASE("an answered record is readable at once") {
  const Subject subject = each_journal();
  INFO(subject.name);
  Cursor cursor;
  for (std::uint64_t i = 1; i <= 100; ++i) {
    REQUIRE(append_one(*subject.journal, static_cast<Partition>(i % 4), i).durable());
    REQUIRE(subject.journal->read(cursor, 10)->entries.size() == 1);
  }
}

TEST_CASE("the destructor waits until every append is answered") {
  Subject subject = each_journal();
  INFO(subject.name);
  std::atomic<int> answers = 0;
  for (std::uint64_t i = 1; i <= 100; ++i)
    subject.journal->append(0, {record_of(0, i, "body")}, [&](const Appended& done) {
      if (done.durable()) ++answers;
    });
  subject.journal.reset();
  CHECK(answers == 100);
}

}  // namespace tocsin::journal::testing

// Forgetting as router/journal/journal.hpp promises it, held against every journal that there is.
#include <atomic>
#include <thread>

#include "connectors/journals/memory_journal.hpp"
#include "tests/journal/tools.hpp"

namespace tocsin::journal::testing {
namespace {

using std::chrono::hours;

struct Subject {
  std::string name;
  std::unique_ptr<TempDirectory> directory;
  std::unique_ptr<FixedClock> clock;
  std::unique_ptr<Journal> journal;
  std::uint64_t sequence = 0;

  WallTime now() const { return clock->now().wall; }
  /// So many records of now, over all partitions. Returns the position of the last.
  Position append_some(std::size_t count) {
    Position last = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto partition = static_cast<Partition>(++sequence % 4);
      const Appended appended = append(
          *journal, partition, {record_of(partition, sequence, std::string(3000, 'x'), 7, now())});
      REQUIRE(appended.durable());
      last = appended.last;
    }
    return last;
  }
};

Subject make_sqlite(std::string name, std::size_t recent_bytes, std::uint64_t segment_bytes) {
  Subject subject{std::move(name), std::make_unique<TempDirectory>(),
                  std::make_unique<FixedClock>("2026-11-01T12:00:00Z"), nullptr};
  SqliteOptions options = options_in(*subject.directory / "journal");
  options.recent_bytes = recent_bytes;
  options.segment_bytes = segment_bytes;
  subject.journal = open(options, *subject.clock);
  return subject;
}

Subject each_journal() {
  const std::function<Subject()> makers[] = {
      [] {
        return Subject{"memory", nullptr, std::make_unique<FixedClock>("2026-11-01T12:00:00Z"),
                       std::make_unique<MemoryJournal>(Partition{4}, "memory-1", 8)};
      },
      [] { return make_sqlite("sqlite, a segment a day", 32u << 20, 256u << 20); },
      [] { return make_sqlite("sqlite, small segments from files", 0, 64u << 10); },
      [] { return make_sqlite("sqlite, small segments from memory", 32u << 20, 64u << 10); }};
  return makers[GENERATE(0, 1, 2, 3)]();
}

/// Ten days with 24 records each; the clock stands on the eleventh.
void fill_ten_days(Subject& subject) {
  const WallTime start = subject.now();
  for (int day = 0; day < 10; ++day) {
    subject.append_some(24);
    subject.clock->set(format_rfc3339(start + hours(24) * (day + 1)));
  }
  subject.append_some(24);
}

}  // namespace

TEST_CASE("a journal of which nothing was dropped begins at the first position") {
  const Subject subject = each_journal();
  INFO(subject.name);
  CHECK(subject.journal->first(0) == 1);
  CHECK(subject.journal->droppable(0, subject.now() + hours(1000)) == 0);
  REQUIRE(append_one(*subject.journal, 0, 1).durable());
  CHECK(subject.journal->first(0) == 1);
}

TEST_CASE("only what was accepted before a time can be dropped and never what is written now") {
  Subject subject = each_journal();
  INFO(subject.name);
  fill_ten_days(subject);
  const Batch all = read_all(*subject.journal);
  Position last = 0;
  for (int day = 0; day <= 12; ++day) {
    const WallTime before = subject.now() - hours(24) * (11 - day);
    const Position through = subject.journal->droppable(0, before);
    INFO(day);
    CHECK(through >= last);
    CHECK(through < subject.journal->tail(0));
    for (const Entry& entry : all.entries)
      if (entry.position <= through) REQUIRE(entry.record.accepted_at < before);
    last = through;
  }
  CHECK(last > all.entries.size() / 2);
  CHECK(subject.journal->droppable(0, subject.now() - hours(24 * 11)) == 0);
}

TEST_CASE("what was dropped is gone and all else is read as before by readers old and new") {
  Subject subject = each_journal();
  INFO(subject.name);
  fill_ten_days(subject);
  const Batch all = read_all(*subject.journal);
  Cursor at_the_beginning(4);
  REQUIRE(subject.journal->read(at_the_beginning, 3));
  const Position through = subject.journal->droppable(0, subject.now() - hours(24 * 5));
  REQUIRE(through > 0);
  REQUIRE(subject.journal->drop(Cursor(1, through)));
  const Position first = subject.journal->first(0);
  CHECK(first == through + 1);
  for (const Cursor& cursor : {Cursor(), at_the_beginning, Cursor(4, through)}) {
    const Batch rest = read_all(*subject.journal, cursor, 5);
    CHECK(rest.damaged.empty());
    REQUIRE(rest.entries.size() == all.entries.size() - through);
    for (std::size_t i = 0; i < rest.entries.size(); ++i)
      REQUIRE(rest.entries[i].record == all.entries[through + i].record);
    REQUIRE(rest.entries.front().position == first);
  }
  const Position later = subject.append_some(1);
  CHECK(later == all.entries.back().position + 1);
  CHECK(read_all(*subject.journal).entries.back().position == later);
}

TEST_CASE("a cursor that moved on to the first position fits the tail") {
  Subject subject = each_journal();
  INFO(subject.name);
  fill_ten_days(subject);
  REQUIRE(subject.journal->drop(Cursor(1, subject.journal->droppable(0, subject.now()))));
  Cursor cursor;
  REQUIRE(subject.journal->read(cursor, 1));
  for (Partition partition = 0; partition < 4; ++partition) {
    CHECK(cursor[partition] >= subject.journal->first(0) - 1);
    CHECK(cursor[partition] <= subject.journal->tail(partition));
  }
}

TEST_CASE("a drop takes whole segments and keeps the last whatever is asked for") {
  Subject subject = each_journal();
  INFO(subject.name);
  fill_ten_days(subject);
  const Position end = subject.journal->droppable(0, subject.now() - hours(24 * 8));
  REQUIRE(end > 1);
  REQUIRE(subject.journal->drop(Cursor(1, 0)));
  CHECK(subject.journal->first(0) == 1);
  REQUIRE(subject.journal->drop(Cursor(1, end - 1)));
  CHECK(subject.journal->first(0) <= end);
  REQUIRE(subject.journal->drop(Cursor(1, ~Position{0})));
  CHECK(subject.journal->first(0) > subject.journal->tail(0) / 2);
  CHECK(subject.journal->first(0) <= subject.journal->tail(0));
  const Batch rest = read_all(*subject.journal);
  CHECK(rest.damaged.empty());
  CHECK_FALSE(rest.entries.empty());
  REQUIRE(subject.journal->drop(Cursor(1, ~Position{0})));
  CHECK(read_all(*subject.journal).entries.size() == rest.entries.size());
  CHECK(append_one(*subject.journal, 0, 9999).durable());
}

TEST_CASE("a record with an early stamp behind a late one does not go before it") {
  Subject subject = each_journal();
  INFO(subject.name);
  subject.append_some(24);
  subject.clock->set("1970-01-02T00:00:00Z");  // a machine without a battery
  subject.append_some(24);
  subject.clock->set("2026-11-02T12:00:00Z");
  subject.append_some(24);
  CHECK(subject.journal->droppable(0, subject.now() - hours(24 * 30)) == 0);
}

TEST_CASE("readers and appenders go on while the beginning is dropped again and again") {
  Subject subject = each_journal();
  INFO(subject.name);
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  Position tail = 0;
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 2; ++i)
      readers.emplace_back([&, i] {
        Position begin = 0;
        while (!done) {
          Cursor cursor(4, i == 0 ? Position{0} : begin);
          Position last = 0;
          while (true) {
            const auto batch = subject.journal->read(cursor, 20);
            if (!batch || !batch->damaged.empty()) ++wrong;
            if (!batch || batch->entries.empty()) break;
            for (const Entry& entry : batch->entries) {
              // Only a beginning may be missing, never something in between.
              if (last != 0 && entry.position != last + 1 &&
                  entry.position > subject.journal->first(0))
                ++wrong;
              last = entry.position;
            }
          }
          begin = last / 2;
        }
      });
    for (int day = 1; day <= 20; ++day) {
      tail = subject.append_some(24);
      subject.clock->set("2026-11-0" + std::to_string(1 + day % 9) + "T12:00:00Z");
      if (!subject.journal->drop(Cursor(1, tail - std::min<Position>(tail, 10)))) ++wrong;
    }
    done = true;
  }
  CHECK(wrong == 0);
  const Batch rest = read_all(*subject.journal);
  CHECK(rest.damaged.empty());
  CHECK(rest.entries.back().position == tail);
}

}  // namespace tocsin::journal::testing

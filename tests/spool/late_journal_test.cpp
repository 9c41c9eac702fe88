// A journal that comes late, goes, and comes back as another one.
#include "router/spool/late_journal.hpp"

#include <thread>

#include "tests/journal/tools.hpp"
#include "tests/spool/lent_journal.hpp"

namespace tocsin::spool::testing {
namespace {

using namespace std::chrono_literals;
using journal::Appended;
using journal::Cursor;
using journal::MemoryJournal;
using journal::testing::append_one;
using journal::testing::read_all;

/// What the opener finds: nothing, or one journal after the other.
struct Cluster {
  std::shared_ptr<MemoryJournal> topic;
  std::string away = "no broker answers";
  std::atomic<int> asked = 0;
  std::shared_ptr<std::atomic<bool>> lost = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<std::atomic<bool>> gone;  // of the one that was opened last

  void put(journal::Identity identity) {
    topic = std::make_shared<MemoryJournal>(Partition{4}, std::move(identity));
    away.clear();
  }
  LateJournal::Opener opener() {
    return [this]() -> Result<std::unique_ptr<journal::Journal>> {
      ++asked;
      if (!away.empty()) return unavailable(away);
      auto made = std::make_unique<LentJournal>(topic);
      made->lost = lost;
      gone = made->gone;
      return std::unique_ptr<journal::Journal>(std::move(made));
    };
  }
};

LateOptions by_step() {
  LateOptions options;
  options.partitions = 4;
  options.own_thread = false;
  return options;
}

}  // namespace

TEST_CASE("a journal that is not there yet refuses and says why until it can be opened") {
  Cluster cluster;
  MovedClock clock;
  LateJournal late(by_step(), cluster.opener(), clock);
  int told = 0;
  late.on_commit([&told] { ++told; });
  late.step();
  CHECK_FALSE(late.is_open());
  const Appended refused = append_one(late, 0, 1);
  CHECK(refused.outcome == Appended::Outcome::refused);
  CHECK(refused.why == "the journal is not open: no broker answers");
  CHECK(late.trouble() == refused.why);
  CHECK(late.tail(0) == 0);
  CHECK(late.first(0) == 1);
  CHECK(late.identity().empty());
  CHECK(late.droppable(0, clock.now().wall) == 0);
  CHECK(late.drop(Cursor(4)).error().kind == ErrorKind::unavailable);
  Cursor cursor;
  CHECK(late.read(cursor, 10).error().kind == ErrorKind::unavailable);
  CHECK(told == 0);

  cluster.put("topic-1");
  clock.advance(1s);
  late.step();
  CHECK(late.is_open());
  CHECK(late.trouble().empty());
  CHECK(late.identity() == "topic-1");
  CHECK(told == 1);  // who waits for records looks now
  CHECK(append_one(late, 0, 2).durable());
  CHECK(told == 2);
  CHECK(late.read(cursor, 10)->entries.size() == 1);
}

TEST_CASE("a journal that cannot be opened is tried once a second") {
  Cluster cluster;
  MovedClock clock;
  LateJournal late(by_step(), cluster.opener(), clock);
  for (int i = 0; i < 100; ++i) {
    late.step();
    clock.advance(100ms);
  }
  CHECK(cluster.asked == 10);
}

TEST_CASE("a journal with another number of partitions is not opened") {
  Cluster cluster;
  MovedClock clock;
  cluster.topic = std::make_shared<MemoryJournal>(Partition{8}, "topic-1");
  cluster.away.clear();
  LateJournal late(by_step(), cluster.opener(), clock);
  late.step();
  CHECK_FALSE(late.is_open());
  CHECK(late.trouble().find("8 partitions and the settings say 4") != std::string::npos);
}

TEST_CASE("when the journal is another one every reader is told once and then reads that one") {
  Cluster cluster;
  cluster.put("topic-1");
  MovedClock clock;
  LateJournal late(by_step(), cluster.opener(), clock);
  late.step();
  for (std::uint64_t i = 1; i <= 3; ++i) REQUIRE(append_one(late, 1, i, "old").durable());
  Cursor finder;
  Cursor other;
  REQUIRE(late.read(finder, 10)->entries.size() == 3);
  REQUIRE(late.read(other, 1)->entries.size() == 1);
  const Cursor copy = other;

  *cluster.lost = true;
  cluster.put("topic-2");
  REQUIRE(cluster.topic->tail(0) == 0);
  CHECK(late.read(finder, 10).error().kind == ErrorKind::unavailable);
  CHECK_FALSE(late.is_open());
  CHECK(late.read(other, 10).error().kind == ErrorKind::unavailable);
  CHECK(append_one(late, 0, 4).outcome == Appended::Outcome::refused);
  clock.advance(1s);
  late.step();
  REQUIRE(late.is_open());
  for (std::uint64_t i = 11; i <= 15; ++i) REQUIRE(append_one(late, 1, i, "new").durable());

  Cursor copied = copy;
  for (Cursor* const cursor : {&finder, &other, &copied}) {
    const auto told = late.read(*cursor, 10);
    REQUIRE_FALSE(told);
    CHECK(told.error().kind == ErrorKind::not_found);
    for (Partition p = 0; p < 4; ++p) (*cursor)[p] = late.first(p) - 1;
    CHECK(late.read(*cursor, 10)->entries.size() == 5);
    CHECK(late.read(*cursor, 10)->entries.empty());
  }
  Cursor fresh;
  CHECK(late.read(fresh, 10)->entries.size() == 5);
}

TEST_CASE("a reader whose very first read finds the journal gone is told as well") {
  Cluster cluster;
  cluster.put("topic-1");
  MovedClock clock;
  LateJournal late(by_step(), cluster.opener(), clock);
  late.step();
  *cluster.lost = true;
  Cursor cursor(4, 77);  // from a store
  CHECK(late.read(cursor, 10).error().kind == ErrorKind::unavailable);
  clock.advance(1s);
  late.step();
  CHECK(late.read(cursor, 10).error().kind == ErrorKind::not_found);
}

TEST_CASE("a journal that is another one is opened anew although nobody reads it") {
  Cluster cluster;
  cluster.put("topic-1");
  MovedClock clock;
  LateJournal late(by_step(), cluster.opener(), clock);
  late.step();
  REQUIRE(append_one(late, 1, 1, "old").durable());
  Cursor reader;
  REQUIRE(late.read(reader, 10)->entries.size() == 1);
  *cluster.gone = true;
  cluster.put("topic-2");
  for (int i = 0; i < 3; ++i) {
    clock.advance(1s);
    late.step();
  }
  CHECK(cluster.asked == 2);
  CHECK(late.identity() == "topic-2");
  CHECK(late.trouble().empty());
  CHECK(append_one(late, 1, 2, "new").durable());
  const auto told = late.read(reader, 10);
  REQUIRE_FALSE(told);
  CHECK(told.error().kind == ErrorKind::not_found);
  for (Partition p = 0; p < 4; ++p) reader[p] = 0;
  CHECK(late.read(reader, 10)->entries.size() == 1);
}

TEST_CASE("a journal that only takes nothing for a while is not opened anew") {
  Cluster cluster;
  cluster.put("topic-1");
  MovedClock clock;
  LateJournal late(by_step(), cluster.opener(), clock);
  late.step();
  REQUIRE(append_one(late, 1, 1).durable());
  cluster.topic->break_down("no broker answers");
  for (int i = 0; i < 10; ++i) {
    clock.advance(1s);
    late.step();
  }
  CHECK(late.is_open());
  cluster.topic->mend();
  CHECK(append_one(late, 1, 2).durable());
  CHECK(cluster.asked == 1);
}

TEST_CASE("a cursor that was read with may be given to drop") {
  Cluster cluster;
  cluster.topic = std::make_shared<MemoryJournal>(Partition{4}, "topic-1", 8);
  cluster.away.clear();
  MovedClock clock;
  LateJournal late(by_step(), cluster.opener(), clock);
  late.step();
  for (std::uint64_t i = 1; i <= 40; ++i) REQUIRE(append_one(late, 0, i).durable());
  Cursor cursor;
  REQUIRE(late.read(cursor, 20)->entries.size() == 20);
  REQUIRE(late.drop(cursor));
  CHECK(late.first(0) == 17);
}

TEST_CASE("readers and appenders go on while the journal is opened anew again and again") {
  Cluster cluster;
  cluster.put("topic-1");
  MovedClock clock;
  LateOptions options = by_step();
  options.own_thread = true;
  options.retry_every = Duration(0);
  LateJournal late(options, cluster.opener(), clock);
  std::atomic<int> answered = 0;
  std::atomic<int> told = 0;
  constexpr int kEach = 2000;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 2; ++t) {
      threads.emplace_back([&] {
        for (std::uint64_t i = 0; i < kEach; ++i)
          late.append(0, {journal::testing::record_of(0, i, "body")},
                      [&](const Appended&) { ++answered; });
      });
      threads.emplace_back([&] {
        Cursor cursor;
        for (int own = 0; own < 5;) {
          const auto batch = late.read(cursor, 10);
          if (batch && batch->entries.empty()) *cluster.lost = true;
          if (!batch && batch.error().kind == ErrorKind::not_found) ++own, ++told;
          if (!batch) std::this_thread::yield();
        }
      });
    }
  }
  CHECK(answered == 2 * kEach);
  CHECK(told == 10);
  CHECK(cluster.asked > 5);
}

}  // namespace tocsin::spool::testing

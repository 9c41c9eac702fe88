// The spool as the continuation of main's log: where things stand there and here.
#include "router/island/island_journal.hpp"

#include "connectors/journals/memory_journal.hpp"
#include "tests/journal/tools.hpp"

namespace tocsin::island::testing {
namespace {

using journal::Appended;
using journal::Cursor;
using journal::MemoryJournal;
using journal::testing::append;
using journal::testing::append_one;
using journal::testing::read_all;
using journal::testing::record_of;
using Outcome = Appended::Outcome;

/// A spool of which six records are main's: 1, 3 and 5 of partition 0, the others of partition 1.
struct Spool {
  MemoryJournal journal{2, "spool", 4};
  Spool() {
    for (std::uint64_t i = 1; i <= 6; ++i)
      REQUIRE(append_one(journal, static_cast<Partition>((i + 1) % 2), i).durable());
  }
};

}  // namespace

TEST_CASE("what the spool has goes on where main's log ended") {
  Spool spool;
  IslandJournal island(spool.journal, {5, 6}, {1000, 70});
  CHECK(island.tail(0) == 1001);  // one position for all partitions, of the record that 1 has
  CHECK(island.tail(1) == 70);
  CHECK(append_one(island, 0, 7).last == 1002);
  CHECK(append(island, 1, {record_of(1, 8, "body"), record_of(1, 9, "body")}).last == 73);
  CHECK(spool.journal.tail(0) == 9);
  Cursor cursor{1000, 70};
  const auto batch = island.read(cursor, 100);
  REQUIRE(batch);
  REQUIRE(batch->entries.size() == 3);
  CHECK(batch->entries[0].record.id.sequence == 7);
  CHECK(batch->entries[0].position == 1002);
  CHECK(batch->entries[1].record.id.sequence == 8);
  CHECK(batch->entries[1].position == 72);
  CHECK(batch->entries[2].position == 73);
  CHECK(cursor == Cursor{1004, 73});
  CHECK(island.tail(0) == 1004);
  CHECK(island.behind({1004, 73}) == 0);
  CHECK(island.behind({1002, 73}) == 2);
}

TEST_CASE("whatever stands before an island's beginning is not read through it") {
  Spool spool;
  REQUIRE(append_one(spool.journal, 1, 7).durable());
  IslandJournal island(spool.journal, {5, 6}, {1000, 70});
  for (const Cursor& before : {Cursor{}, Cursor{0, 0}, Cursor{999, 69}, Cursor{1000, 70}}) {
    Cursor cursor = before;
    const auto batch = island.read(cursor, 100);
    REQUIRE(batch);
    REQUIRE(batch->entries.size() == 1);
    CHECK(batch->entries[0].position == 71);
    CHECK(cursor == Cursor{1002, 71});
    CHECK(island.behind(before) == 2);
  }
}

TEST_CASE("a cursor keeps what it carries beyond the partitions") {
  Spool spool;
  IslandJournal island(spool.journal, {5, 6}, {1000, 70});
  Cursor cursor{1000, 70, 3};
  REQUIRE(island.read(cursor, 100));
  CHECK(cursor == Cursor{1001, 70, 3});
}

TEST_CASE("retention takes nothing from a spool through its island") {
  Spool spool;
  IslandJournal island(spool.journal, {5, 6}, {1000, 70});
  CHECK(island.first(0) == 1);
  CHECK(island.droppable(0, WallTime::max()) == 0);
  REQUIRE(island.drop({2000, 2000}));
  CHECK(spool.journal.first(0) == 1);
  CHECK(read_all(spool.journal).entries.size() == 6);
}

TEST_CASE("an island's journal is its spool in name and in trouble") {
  Spool spool;
  IslandJournal island(spool.journal, {5, 6}, {1000, 70});
  CHECK(island.identity() == "spool");
  CHECK(island.partitions() == 2);
  CHECK(island.trouble().empty());
  spool.journal.break_down("input/output error");
  CHECK(island.trouble() == "input/output error");
  Cursor cursor{1000, 70};
  const auto batch = island.read(cursor, 100);
  REQUIRE_FALSE(batch);
  CHECK(batch.error().kind == ErrorKind::unavailable);
  CHECK(batch.error().message == "input/output error");
  CHECK(cursor == Cursor{1000, 70});
  const Appended refused = append_one(island, 0, 7);
  CHECK(refused.outcome == Outcome::refused);
  CHECK(refused.last == 0);
  CHECK(refused.why == "input/output error");
}

TEST_CASE("damage in a spool is passed over and named by its place there") {
  Spool spool;
  REQUIRE(append_one(spool.journal, 0, 7).durable());
  REQUIRE(append_one(spool.journal, 0, 8).durable());
  spool.journal.spoil(7);
  IslandJournal island(spool.journal, {5, 6}, {1000, 70});
  Cursor cursor{1000, 70};
  const auto batch = island.read(cursor, 100);
  REQUIRE(batch);
  REQUIRE(batch->damaged.size() == 1);
  CHECK(batch->damaged[0].where == "the spool, memory, position 7");
  REQUIRE(batch->entries.size() == 1);
  CHECK(batch->entries[0].position == 1003);
  CHECK(cursor == Cursor{1003, 72});
}

TEST_CASE("an island is idle when every append is answered and its answer has returned") {
  Spool spool;
  IslandJournal island(spool.journal, {5, 6}, {1000, 70});
  CHECK(island.idle());
  spool.journal.hold();
  bool idle_within = true;
  for (std::uint64_t i = 7; i <= 8; ++i)
    island.append(0, {record_of(0, i, "body")},
                  [&](const Appended&) { idle_within = island.idle(); });
  CHECK_FALSE(island.idle());
  spool.journal.release();
  CHECK_FALSE(idle_within);
  CHECK(island.idle());
  spool.journal.break_down("input/output error");
  CHECK_FALSE(append_one(island, 0, 9).durable());
  CHECK(island.idle());
}

}  // namespace tocsin::island::testing

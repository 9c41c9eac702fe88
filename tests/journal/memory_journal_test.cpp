// The switches with which tests make a memory journal fail as a disk does.
#include "connectors/journals/memory_journal.hpp"

#include "tests/journal/tools.hpp"

namespace tocsin::journal::testing {

using Outcome = Appended::Outcome;

TEST_CASE("a memory journal answers as it was told and then works again") {
  MemoryJournal journal(4, "test");
  journal.fail_next(Outcome::refused);
  journal.fail_next(Outcome::unknown);
  journal.fail_next(Outcome::unknown, MemoryJournal::Kept::yes);
  CHECK(append_one(journal, 0, 1).outcome == Outcome::refused);
  CHECK_FALSE(journal.trouble().empty());
  CHECK(append_one(journal, 0, 2).outcome == Outcome::unknown);
  CHECK(append_one(journal, 0, 3).outcome == Outcome::unknown);
  CHECK(append_one(journal, 0, 4).durable());
  CHECK(journal.trouble().empty());
  const Batch all = read_all(journal);
  REQUIRE(all.entries.size() == 2);
  CHECK(all.entries[0].record.id.sequence == 3);
  CHECK(all.entries[1].record.id.sequence == 4);
}

TEST_CASE("held appends are neither answered nor readable until they are released") {
  MemoryJournal journal(4, "test");
  journal.hold();
  int answers = 0;
  for (std::uint64_t i = 1; i <= 3; ++i)
    journal.append(1, {record_of(1, i, "body")},
                   [&](const Appended& done) { answers += done.durable(); });
  CHECK(answers == 0);
  CHECK(read_all(journal).entries.empty());
  journal.release();
  CHECK(answers == 3);
  CHECK(read_all(journal).entries.size() == 3);
}

TEST_CASE("a broken memory journal refuses and cannot be read until it is mended") {
  MemoryJournal journal(4, "test");
  REQUIRE(append_one(journal, 0, 1).durable());
  journal.break_down("the disk is gone");
  CHECK(append_one(journal, 0, 2).outcome == Outcome::refused);
  Cursor cursor;
  CHECK_FALSE(journal.read(cursor, 10));
  CHECK(journal.trouble() == "the disk is gone");
  journal.mend();
  CHECK(journal.trouble().empty());
  CHECK(journal.read(cursor, 10)->entries.size() == 1);
}

TEST_CASE("a spoilt record is reported and its neighbours are kept") {
  MemoryJournal journal(4, "test");
  for (std::uint64_t i = 1; i <= 3; ++i) REQUIRE(append_one(journal, 0, i).durable());
  journal.spoil(2);
  const Batch all = read_all(journal);
  REQUIRE(all.entries.size() == 2);
  CHECK(all.entries[1].position == 3);
  REQUIRE(all.damaged.size() == 1);
  CHECK(all.damaged[0].where == "memory, position 2");
}

}  // namespace tocsin::journal::testing

// What an island needs of the spool: to take hold of it, to write there, and to give it back.
#include "tests/spool/node.hpp"

namespace tocsin::spool::testing {

TEST_CASE("while the spool is held nothing is forwarded and everything still goes there") {
  Node node;
  node.main->break_down("no broker answers");
  node.append(0, 1);
  node.settle();
  const auto cursor = node.journal->hold_forwarding();
  REQUIRE(cursor);
  CHECK((*cursor)[0] == 0);
  node.main->mend();
  node.append(0, 2);
  node.advance(5s);
  CHECK(node.answers.at(2).durable());
  CHECK(node.in_main(0).empty());
  CHECK(node.journal->hold_forwarding() == cursor);  // asked again it says the same
  CHECK(node.journal->is_spooling());
  REQUIRE(node.journal->release_forwarding({}));
  node.advance(1s);
  CHECK(node.in_main(0) == Sequences{1, 2});
  CHECK_FALSE(node.journal->is_spooling());
}

TEST_CASE("hold waits for the append under way") {
  Node node;
  node.main->break_down("no broker answers");
  node.append(0, 1);
  node.append(1, 2);
  node.settle();
  node.main->mend();
  node.main->hold();
  node.advance(1s);
  CHECK_FALSE(node.journal->hold_forwarding());
  CHECK_FALSE(node.journal->hold_forwarding());
  node.main->release();
  const auto cursor = node.journal->hold_forwarding();
  REQUIRE(cursor);
  node.advance(1s);
  CHECK(node.in_main(0).size() + node.in_main(1).size() == 1);
  REQUIRE(node.journal->release_forwarding({}));
  node.advance(1s);
  CHECK(node.in_main(0) == Sequences{1});
  CHECK(node.in_main(1) == Sequences{2});
}

TEST_CASE("a hold that is given up before it took effect changes nothing") {
  Node node;
  node.main->break_down("no broker answers");
  for (std::uint64_t i = 1; i <= 3; ++i) node.append(0, i);
  node.settle();
  node.main->mend();
  node.main->hold();
  node.advance(1s);
  REQUIRE_FALSE(node.journal->hold_forwarding());
  REQUIRE(node.journal->release_forwarding({}));
  node.main->release();
  node.advance(1s);
  CHECK(node.in_main(0) == Sequences{1, 2, 3});
  CHECK(node.marked_in_main().empty());
  CHECK(read_all(*node.main).entries.size() == 3);
  CHECK_FALSE(node.journal->is_spooling());
}

TEST_CASE("alerts that the island has decided are forwarded marked and all else as it is") {
  Node node;
  node.main->break_down("no broker answers");
  node.append(0, 1);
  node.append(1, 2);
  node.append(0, 3, RecordKind::result);
  node.append(0, 4);
  node.settle();
  REQUIRE(node.journal->hold_forwarding());
  int commits = 0;
  node.journal->on_spool_commit([&commits] { ++commits; });
  Record turn = record_of(0, 900, "a turn");
  turn.kind = RecordKind::turn;
  node.journal->spool().append(0, {turn}, [](const Appended& said) { REQUIRE(said.durable()); });
  CHECK(commits == 1);
  node.append(0, 5);
  node.settle();
  CHECK(commits == 2);
  node.main->mend();
  // The spool has 1, 3 and 4 of partition 0, then 2 of partition 1.
  REQUIRE(node.journal->release_forwarding({2, 3, 4, 4}));
  node.advance(3s);
  CHECK(node.in_main(0) == Sequences{1, 3, 4, 5});
  CHECK(node.in_main(1) == Sequences{2});
  CHECK(node.marked_in_main() == Sequences{1});
  CHECK_FALSE(node.journal->is_spooling());
  CHECK(node.disk.progress->forwarded == Cursor(kPartitions, 6));
  const auto stored = read_all(*node.main).entries;
  for (const journal::Entry& entry : stored)  // marked is all that they are
    CHECK(entry.record.body == "body " + std::to_string(entry.record.id.sequence));
}

TEST_CASE("nothing is forwarded before it is durable what the island has decided") {
  Node node;
  node.main->break_down("no broker answers");
  for (std::uint64_t i = 1; i <= 3; ++i) node.append(0, i);
  node.settle();
  node.main->mend();
  const Cursor cursor = *node.journal->hold_forwarding();
  node.disk.broken = "the disk is full";
  const Status refused = node.journal->release_forwarding({2, 0, 0, 0});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::unavailable);
  CHECK(refused.error().message.find("the disk is full") != std::string::npos);
  node.advance(5s);
  CHECK(node.in_main(0).empty());
  CHECK(node.journal->hold_forwarding() == cursor);
  node.disk.broken.clear();
  REQUIRE(node.journal->release_forwarding({2, 0, 0, 0}));
  CHECK(node.disk.progress == Progress{"spool", cursor, {2, 0, 0, 0}});
  CHECK(node.in_main(0).empty());
  node.advance(1s);
  CHECK(node.marked_in_main() == Sequences{1, 2});
  CHECK(node.in_main(0) == Sequences{1, 2, 3});
}

TEST_CASE("what an island has decided stays marked after a restart and whatever a later one says") {
  Node node;
  node.main->break_down("no broker answers");
  for (std::uint64_t i = 1; i <= 4; ++i) node.append(0, i);
  node.settle();
  REQUIRE(node.journal->hold_forwarding());
  REQUIRE(node.journal->release_forwarding({2, 0, 0, 0}));
  node.advance(1s);
  SECTION("nobody asks again") { node.restart(); }
  SECTION("another island decided nothing") {
    node.options.begin_held = true;
    node.restart();
    REQUIRE(node.journal->release_forwarding({}));
  }
  SECTION("another island was not asked as far") {
    node.restart();
    REQUIRE(node.journal->hold_forwarding());
    REQUIRE(node.journal->release_forwarding({1, 4, 0, 0}));
    CHECK(node.disk.progress->decided == Cursor{2, 4, 0, 0});
  }
  node.main->mend();
  node.advance(2s);
  CHECK(node.marked_in_main() == Sequences{1, 2});
  CHECK(node.in_main(0) == Sequences{1, 2, 3, 4});
  node.restart();  // the last save was of another moment
  CHECK(node.disk.progress->decided[0] == 2);
}

TEST_CASE("what comes after the island's end is nobody's decision however far its word goes") {
  Node node;
  node.main->break_down("no broker answers");
  for (std::uint64_t i = 1; i <= 3; ++i) node.append(0, i);
  node.settle();
  REQUIRE(node.journal->hold_forwarding());
  REQUIRE(node.journal->release_forwarding(Cursor(kPartitions, 99)));
  node.append(0, 4);
  node.append(1, 5);
  node.main->mend();
  node.advance(2s);
  CHECK(node.in_main(0) == Sequences{1, 2, 3, 4});
  CHECK(node.marked_in_main() == Sequences{1, 2, 3});
}

TEST_CASE("a record that is set aside says too that it was decided") {
  Node node;
  node.unacceptable = [](const Record& record) { return record.id.sequence == 1; };
  node.restart();
  node.main->break_down("no broker answers");
  node.append(0, 1);
  node.settle();
  REQUIRE(node.journal->hold_forwarding());
  REQUIRE(node.journal->release_forwarding({1, 0, 0, 0}));
  node.main->mend();
  node.advance(60s);
  REQUIRE(node.disk.aside.size() == 1);
  CHECK(node.disk.aside[0].flags == kDecidedElsewhere);
}

TEST_CASE("a spool that begins held waits for its island even when the journal is well") {
  Node node;
  node.main->break_down("no broker answers");
  node.append(0, 1);
  node.settle();
  node.options.begin_held = true;
  node.restart();
  node.main->mend();
  node.append(0, 2);
  node.advance(5s);
  CHECK(node.answers.at(2).durable());
  CHECK(node.in_main(0).empty());
  REQUIRE(node.journal->release_forwarding({}));
  node.advance(1s);
  CHECK(node.in_main(0) == Sequences{1, 2});
}

}  // namespace tocsin::spool::testing

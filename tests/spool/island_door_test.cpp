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
  node.journal->release_forwarding(*cursor);
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
  node.journal->release_forwarding(*cursor);
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
  node.journal->release_forwarding(Cursor(kPartitions, 99));
  node.main->release();
  node.advance(1s);
  CHECK(node.in_main(0) == Sequences{1, 2, 3});
  CHECK(read_all(*node.main).entries.size() == 3);
  CHECK_FALSE(node.journal->is_spooling());
}

TEST_CASE("what the island has forwarded is not forwarded again and its own records never are") {
  Node node;
  node.main->break_down("no broker answers");
  for (std::uint64_t i = 1; i <= 3; ++i) node.append(0, i);
  node.settle();
  auto cursor = node.journal->hold_forwarding();
  REQUIRE(cursor);
  int commits = 0;
  node.journal->on_spool_commit([&commits] { ++commits; });
  Record turn = record_of(0, 900, "a turn");
  turn.kind = RecordKind::turn;
  node.journal->spool().append(0, {turn}, [](const Appended& said) { REQUIRE(said.durable()); });
  CHECK(commits == 1);
  node.append(0, 4);
  node.settle();
  CHECK(commits == 2);
  REQUIRE(node.journal->spool().read(*cursor, 2)->entries.size() == 2);
  node.main->mend();
  node.journal->release_forwarding(*cursor);
  node.advance(3s);
  CHECK(node.in_main(0) == Sequences{3, 4});
  CHECK_FALSE(node.journal->is_spooling());
  CHECK(node.disk.progress->forwarded == Cursor(kPartitions, 5));
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
  node.journal->release_forwarding(*node.journal->hold_forwarding());
  node.advance(1s);
  CHECK(node.in_main(0) == Sequences{1, 2});
}

}  // namespace tocsin::spool::testing

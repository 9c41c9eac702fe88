// What is taken while the journal of a cluster takes nothing, and how it gets there.
#include "router/spool/spooled_journal.hpp"

#include "tests/spool/node.hpp"

namespace tocsin::spool::testing {

TEST_CASE("while the journal is well nothing goes to the spool") {
  Node node;
  for (std::uint64_t i = 1; i <= 20; ++i) node.append(1, i);
  node.advance(5s);
  CHECK(node.in_main(1).size() == 20);
  CHECK(node.in_spool(1).empty());
  CHECK_FALSE(node.journal->is_spooling());
  CHECK_FALSE(node.journal->spooling_since());
  CHECK_FALSE(node.journal->away_since());
  CHECK(node.answers.at(20).last == 20);
  CHECK(node.disk.saves == 0);
}

TEST_CASE(
    "what the journal refuses is durable once the spool has it and is forwarded with its id") {
  Node node;
  node.main->break_down("no broker answers");
  node.append(1, 1);
  node.append(2, 2, RecordKind::result);
  node.settle();
  CHECK(node.answers.at(1).durable());
  CHECK(node.answers.at(2).durable());
  CHECK(node.in_spool(1) == Sequences{1});
  CHECK(node.in_spool(2) == Sequences{2});
  CHECK(node.journal->trouble().empty());
  CHECK(node.journal->main_trouble() == "no broker answers");
  CHECK(node.journal->counts().spooled == 2);
  CHECK(node.journal->counts().forwarding.waiting == 2);
  node.advance(20s);
  node.main->mend();
  node.advance(2s);
  CHECK(node.in_main(1) == Sequences{1});
  CHECK(node.in_main(2) == Sequences{2});
  CHECK(node.journal->counts().forwarding.forwarded == 2);
  CHECK(node.journal->counts().forwarding.waiting == 0);
  CHECK_FALSE(node.journal->is_spooling());
  node.append(1, 3);
  CHECK(node.answers.at(3).durable());  // at once, without a step
  CHECK(node.in_spool(1) == Sequences{1});
}

TEST_CASE("an append that may or may not be stored goes to the spool and stands under one id") {
  for (const Kept kept : {Kept::no, Kept::yes}) {
    Node node;
    node.main->fail_next(Outcome::unknown, kept);
    node.append(0, 1);
    node.append(0, 2);
    node.advance(2s);
    CHECK(node.answers.at(1).durable());
    CHECK(node.answers.at(2).durable());
    CHECK(node.in_main(0) == Sequences{1, 2});
    CHECK_FALSE(node.journal->is_spooling());
  }
}

TEST_CASE("turns and commands and control facts and carried state are never spooled") {
  Node node;
  node.main->break_down("no broker answers");
  std::uint64_t sequence = 0;
  for (const RecordKind kind :
       {RecordKind::turn, RecordKind::command, RecordKind::control, RecordKind::carried}) {
    node.append(0, ++sequence, kind);
    CHECK(node.answers.at(sequence).outcome == Outcome::refused);
    CHECK(node.answers.at(sequence).why == "no broker answers");
  }
  node.settle();
  CHECK(node.in_spool(0).empty());
  CHECK(node.journal->away_since() == node.now());
  node.main->mend();
  node.append(0, ++sequence, RecordKind::turn);
  CHECK(node.answers.at(sequence).durable());
  CHECK_FALSE(node.journal->away_since());
}

TEST_CASE("what the journal does not answer within the patience is spooled and answered once") {
  Node node;
  node.main->hold();
  for (std::uint64_t i = 1; i <= 3; ++i) node.append(0, i);
  node.advance(1900ms);
  CHECK(node.answers.empty());
  node.advance(200ms);
  CHECK(node.answers.size() == 3);
  CHECK(node.in_spool(0) == Sequences{1, 2, 3});
  node.append(0, 4);  // it is known now: nobody waits any more
  node.settle();
  CHECK(node.answers.at(4).durable());
  node.main->release();
  node.advance(5s);
  CHECK(node.in_main(0) == Sequences{1, 2, 3, 4});
  CHECK(node.answers.size() == 4);
  CHECK_FALSE(node.journal->is_spooling());
}

TEST_CASE("when one append fails those under way go to the spool with it and in their order") {
  Node node;
  node.main->hold();
  for (std::uint64_t i = 1; i <= 5; ++i) node.append(0, i);
  node.main->break_down("no broker answers");
  node.append(0, 6);  // the trouble is known: nothing waits for main
  node.settle();
  CHECK(node.answers.size() == 6);
  CHECK(node.in_spool(0) == Sequences{1, 2, 3, 4, 5, 6});
  node.main->release();
  node.main->mend();
  node.advance(3s);
  CHECK(node.in_main(0) == Sequences{1, 2, 3, 4, 5, 6});
}

TEST_CASE("nothing overtakes what stands in the spool when the journal is well again") {
  Node node;
  node.main->break_down("no broker answers");
  for (std::uint64_t i = 1; i <= 3; ++i) node.append(0, i);
  node.settle();
  node.main->mend();
  node.append(0, 4);
  node.append(1, 5);
  CHECK_FALSE(node.answers.contains(4));
  CHECK(node.in_main(0).empty());
  node.advance(1s);
  CHECK(node.in_main(0) == Sequences{1, 2, 3, 4});
  CHECK(node.in_main(1) == Sequences{5});
}

TEST_CASE("a trouble that only a success ends is ended by what is forwarded") {
  Node node;
  node.main->fail_next(Outcome::refused);
  node.append(0, 1);
  CHECK_FALSE(node.main->trouble().empty());
  node.advance(1s);
  CHECK(node.main->trouble().empty());
  CHECK(node.in_main(0) == Sequences{1});
  CHECK_FALSE(node.journal->is_spooling());
}

TEST_CASE("five thousand refused appends cost the spool a few of its own") {
  Node node;
  int commits = 0;
  node.journal->on_spool_commit([&commits] { ++commits; });
  node.main->break_down("no broker answers");
  for (std::uint64_t i = 1; i <= 5000; ++i) node.append(static_cast<Partition>(i % 4), i);
  node.settle();
  CHECK(node.answers.size() == 5000);
  for (const auto& [sequence, appended] : node.answers) REQUIRE(appended.durable());
  CHECK(commits <= 8);
  node.main->mend();
  node.advance(3s);
  CHECK_FALSE(node.journal->is_spooling());
  for (Partition p = 0; p < 4; ++p) CHECK(node.in_main(p).size() == 1250);
}

TEST_CASE("a spool that fails as well refuses with both reasons") {
  Node node;
  node.main->break_down("no broker answers");
  node.spool->break_down("the disk is full");
  node.append(0, 1);
  node.settle();
  CHECK(node.answers.at(1).outcome == Outcome::refused);
  node.spool->mend();
  node.spool->fail_next(Outcome::refused);
  node.main->mend();
  node.main->fail_next(Outcome::refused);
  CHECK(node.journal->trouble().empty());
  node.advance(1s);
  node.main->break_down("no broker answers");
  node.spool->break_down("the disk is full");
  node.append(0, 2);
  node.settle();
  CHECK(node.journal->trouble() == "no broker answers; and the spool: the disk is full");
  const std::string& why = node.answers.at(2).why;
  CHECK(why.find("; and the spool: the disk is full") != std::string::npos);
}

TEST_CASE("what may be in the journal and not in the spool is unknown and not refused") {
  Node node;
  node.main->fail_next(Outcome::unknown, Kept::yes);
  node.spool->break_down("the disk is full");
  node.append(0, 1);
  node.settle();
  CHECK(node.answers.at(1).outcome == Outcome::unknown);
  CHECK(node.answers.at(1).why == "the test made an append fail; and the spool: the disk is full");
}

TEST_CASE("a late yes of the journal answers what the spool could not take") {
  Node node;
  node.main->hold();
  node.append(0, 1);
  node.spool->break_down("the disk is full");
  node.advance(3s);
  CHECK(node.answers.empty());
  node.main->release();
  CHECK(node.answers.at(1).durable());
}

TEST_CASE("past its limit the spool refuses and says so until there is room again") {
  SpoolOptions options;
  options.most_bytes = 1000;
  Node node(options);
  node.main->break_down("no broker answers");
  node.disk.size = 960;
  node.advance(2s);
  node.append(0, 1);
  node.settle();
  CHECK(node.answers.at(1).outcome == Outcome::refused);
  CHECK(node.answers.at(1).why.find("limit of 1000 bytes") != std::string::npos);
  node.disk.size = 500;
  node.advance(2s);
  node.append(0, 2);
  node.settle();
  CHECK(node.answers.at(2).durable());
}

TEST_CASE("more bytes than may wait for the disk are refused") {
  SpoolOptions options;
  options.most_waiting_bytes = 200;
  Node node(options);
  node.main->break_down("no broker answers");
  for (std::uint64_t i = 1; i <= 5; ++i) node.append(0, i);
  CHECK(node.answers.size() == 1);
  CHECK(node.answers.at(5).outcome == Outcome::refused);
  node.settle();
  CHECK(node.in_spool(0) == Sequences{1, 2, 3, 4});
}

TEST_CASE("since when the first record waits is known until it is forwarded") {
  Node node;
  node.main->break_down("no broker answers");
  const Duration first = node.now();
  node.append(0, 1);
  node.advance(10s);
  CHECK(node.journal->spooling_since() == first);
  CHECK(node.journal->away_since() == first);
  node.append(1, 2);
  node.advance(10s);
  CHECK(node.journal->spooling_since() == first);
  node.main->mend();
  node.advance(2s);
  CHECK_FALSE(node.journal->spooling_since());
  CHECK_FALSE(node.journal->away_since());
}

TEST_CASE("stopping answers what is under way and keeps it") {
  Node node;
  node.main->hold();
  for (std::uint64_t i = 1; i <= 3; ++i) node.append(0, i);
  node.main->break_down("no broker answers");
  node.append(0, 4);
  node.journal.reset();
  CHECK(node.answers.size() == 4);
  for (const auto& [sequence, appended] : node.answers) CHECK(appended.durable());
  CHECK(node.in_spool(0) == Sequences{1, 2, 3, 4});
}

}  // namespace tocsin::spool::testing

// How what stands in the spool gets to the journal, and how far it is known to be.
#include "tests/spool/node.hpp"

namespace tocsin::spool::testing {
namespace {

/// So many records of each partition in the spool, and a journal that works again.
void spool_some(Node& node, std::uint64_t each) {
  node.main->break_down("no broker answers");
  for (std::uint64_t i = 1; i <= each * kPartitions; ++i)
    node.append(static_cast<Partition>(i % kPartitions), i);
  node.settle();
  node.main->mend();
}

/// Counts what main is asked, and may refuse a partition without having trouble of its own.
std::function<bool(const Record&)> refuse_partition(const int& partition, int& asked) {
  return [&partition, &asked](const Record& record) {
    ++asked;
    return record.id.partition == partition;
  };
}

}  // namespace

TEST_CASE(
    "while nothing gets through one append at a time is tried and no more than five a second") {
  Node node;
  int asked = 0;
  node.unacceptable = [&asked](const Record&) { return ++asked, false; };
  node.restart();
  spool_some(node, 5);
  node.main->break_down("no broker answers");
  asked = 0;
  node.advance(10s);
  CHECK(asked >= 9 * 5);  // each has a batch of five records
  CHECK(asked <= 14 * 5);
  node.main->mend();
  node.advance(1s);
  CHECK_FALSE(node.journal->is_spooling());
}

TEST_CASE("a partition that cannot be forwarded holds up no other") {
  Node node;
  int refused = 2;
  int asked = 0;
  node.unacceptable = refuse_partition(refused, asked);
  node.restart();
  spool_some(node, 3000);
  node.advance(8s);
  CHECK(node.in_main(0).size() == 3000);
  CHECK(node.in_main(1).size() == 3000);
  CHECK(node.in_main(2).empty());
  CHECK(node.in_main(3).size() == 3000);
  CHECK(node.journal->is_spooling());
  for (std::uint64_t i = 20'000; i < 20'004; ++i)
    node.append(static_cast<Partition>(i % kPartitions), i);
  node.advance(2s);
  CHECK(node.in_main(0).back() == 20'000);
  refused = -1;
  node.advance(15s);
  REQUIRE(node.in_main(2).size() == 3001);
  const Sequences forwarded = node.in_main(2);
  CHECK(std::is_sorted(forwarded.begin(), forwarded.end()));
  CHECK_FALSE(node.journal->is_spooling());
}

TEST_CASE("a record that the journal never takes is set aside and stops nobody but itself") {
  Node node;
  node.unacceptable = [](const Record& record) { return record.id.sequence == 1001; };
  node.restart();
  spool_some(node, 500);
  node.advance(200s);
  CHECK_FALSE(node.journal->is_spooling());
  CHECK(node.in_main(1).size() == 499);
  CHECK(node.in_main(0).size() == 500);
  REQUIRE(node.disk.aside.size() == 1);
  CHECK(node.disk.aside[0].id.sequence == 1001);
  CHECK(node.journal->counts().forwarding.set_aside == 1);
  CHECK(std::any_of(node.told.begin(), node.told.end(), [](const std::string& line) {
    return line.find("set aside; its alerts are not in the journal") != std::string::npos;
  }));
}

TEST_CASE("a record that the journal refuses for a short while is not set aside") {
  Node node;
  bool refusing = true;
  node.unacceptable = [&refusing](const Record& record) {
    return refusing && record.id.sequence == 5;
  };
  node.restart();
  spool_some(node, 2);
  node.advance(20s);
  refusing = false;
  node.advance(2s);
  CHECK(node.disk.aside.empty());
  CHECK(node.in_main(1) == Sequences{1, 5});
}

TEST_CASE("what cannot be set aside is kept until it can") {
  Node node;
  node.unacceptable = [](const Record& record) { return record.id.sequence == 1; };
  node.restart();
  spool_some(node, 1);
  node.disk.broken = "the disk is full";
  node.advance(60s);
  CHECK(node.journal->is_spooling());
  CHECK(node.disk.aside.empty());
  node.disk.broken.clear();
  node.advance(5s);
  CHECK(node.disk.aside.size() == 1);
  CHECK_FALSE(node.journal->is_spooling());
}

TEST_CASE(
    "a spool with a rest goes on after a restart and takes everything until it is forwarded") {
  Node node;
  node.main->break_down("no broker answers");
  for (std::uint64_t i = 1; i <= 20; ++i) node.append(0, i);
  node.settle();
  node.restart();
  CHECK(node.journal->is_spooling());
  CHECK(node.journal->spooling_since() == node.now());
  node.main->mend();
  node.append(0, 21);
  CHECK_FALSE(node.answers.contains(21));
  node.advance(2s);
  Sequences all;
  for (std::uint64_t i = 1; i <= 21; ++i) all.push_back(i);
  CHECK(node.in_main(0) == all);
  CHECK_FALSE(node.journal->is_spooling());
}

TEST_CASE("how far the spool is forwarded is saved each second and at the end") {
  Node node;
  spool_some(node, 5);
  node.advance(1s);
  CHECK_FALSE(node.journal->is_spooling());
  node.advance(1s);
  REQUIRE(node.disk.progress);
  CHECK(node.disk.progress->spool == "spool");
  CHECK(node.disk.progress->forwarded == Cursor(kPartitions, 20));
  const int saves = node.disk.saves;
  node.advance(10s);
  CHECK(node.disk.saves == saves);  // nothing has changed
  node.main->break_down("no broker answers");
  node.append(0, 100);
  node.settle();
  node.main->mend();
  node.journal.reset();
  node.start();
  node.advance(1s);
  node.journal.reset();
  CHECK(node.disk.progress->forwarded == Cursor(kPartitions, 21));
}

TEST_CASE("after a restart nothing is forwarded again that was saved as forwarded") {
  Node node;
  spool_some(node, 5);
  node.advance(2s);
  const std::size_t before = read_all(*node.main).entries.size();
  node.restart();
  CHECK_FALSE(node.journal->is_spooling());
  node.advance(2s);
  CHECK(read_all(*node.main).entries.size() == before);
}

TEST_CASE("progress of another spool or beyond its end or damaged does not count") {
  for (const int kind : {0, 1, 2, 3, 4, 5}) {
    INFO(kind);
    Node node;
    node.main->break_down("no broker answers");
    for (std::uint64_t i = 1; i <= 5; ++i) node.append(0, i);
    node.journal.reset();
    node.told.clear();
    node.disk.progress = Progress{"spool", Cursor(kPartitions, 3)};
    if (kind == 0) node.disk.progress->spool = "an older one";
    if (kind == 1) node.disk.progress->forwarded[1] = 77;
    if (kind == 2) node.disk.progress->forwarded.pop_back();
    if (kind == 4) node.disk.progress->decided = {0, 0, 6, 0};
    if (kind == 5) node.disk.progress->decided = {3};
    if (kind == 3) node.disk.broken = "a flipped bit";
    node.start();
    node.disk.broken.clear();
    node.main->mend();
    node.advance(1s);
    CHECK(node.in_main(0) == Sequences{1, 2, 3, 4, 5});
    CHECK(node.marked_in_main().empty());
    CHECK(node.told.front().find("the spool's progress does not count") == 0);
  }
}

TEST_CASE("what is forwarded is dropped from the spool") {
  Node node;
  spool_some(node, 100);
  node.advance(3s);
  CHECK(node.spool->first(0) > 390);  // all but the segment that is written
  node.restart();
  node.main->break_down("no broker answers");
  node.append(0, 1000);
  node.settle();
  node.main->mend();
  node.advance(2s);
  CHECK(node.in_main(0).back() == 1000);
}

TEST_CASE("nothing is dropped from the spool that has not been forwarded") {
  Node node;
  spool_some(node, 100);
  node.main->break_down("no broker answers");
  node.advance(20s);
  CHECK(node.spool->first(0) == 1);
  CHECK(node.in_spool(3).size() == 100);
}

TEST_CASE("damage in the spool is counted and told and what is around it is forwarded") {
  Node node;
  node.main->break_down("no broker answers");
  for (std::uint64_t i = 1; i <= 5; ++i) node.append(0, i);
  node.settle();
  node.journal.reset();
  node.spool->spoil(3);
  node.start();
  node.main->mend();
  node.advance(1s);
  CHECK(node.in_main(0) == Sequences{1, 2, 4, 5});
  CHECK(node.journal->counts().forwarding.damaged == 1);
  CHECK_FALSE(node.journal->is_spooling());
}

TEST_CASE("a spool that cannot be read makes trouble and is read when it can be") {
  Node node;
  spool_some(node, 5);
  node.restart();
  node.main->mend();
  node.spool->break_down("input/output error");
  node.advance(1s);
  CHECK(node.journal->trouble() == "the spool: input/output error");
  node.spool->mend();
  node.advance(1s);
  CHECK(node.journal->trouble().empty());
  CHECK_FALSE(node.journal->is_spooling());
  CHECK(node.in_main(0).size() == 5);
}

}  // namespace tocsin::spool::testing

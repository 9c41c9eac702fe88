// What becomes of appends and readers when brokers fail.
#include <librdkafka/rdkafka.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <set>

#include "connectors/journals/kafka_producer.hpp"
#include "tests/journal/tools.hpp"
#include "tests/kafka_mock/mock.hpp"

namespace tocsin::journal::testing {
namespace {

using Outcome = Appended::Outcome;

template <class Seen>
bool eventually(const Seen& seen) {
  std::mutex mutex;
  std::condition_variable never;
  for (int i = 0; i < 200; ++i) {
    if (seen()) return true;
    std::unique_lock lock(mutex);
    never.wait_for(lock, std::chrono::milliseconds(100));
  }
  return false;
}

/// How long something takes, by the machine's steady clock.
Duration time_of(const std::function<void()>& what) {
  const SystemClock clock;
  const Duration before = clock.now().elapsed;
  what();
  return clock.now().elapsed - before;
}

/// Appends that are given their answers by themselves.
struct Answers {
  std::mutex mutex;
  std::condition_variable came;
  std::map<std::uint64_t, Outcome> of;
  std::size_t twice = 0;

  AppendDone note(std::uint64_t id) {
    return [this, id](const Appended& appended) {
      const std::lock_guard lock(mutex);
      twice += of.emplace(id, appended.outcome).second ? 0 : 1;
      came.notify_all();
    };
  }
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex);
    return came.wait_for(lock, std::chrono::seconds(30), [&] { return of.size() >= count; });
  }
  std::size_t count(Outcome outcome) {
    const std::lock_guard lock(mutex);
    std::size_t found = 0;
    for (const auto& [id, answer] : of) found += answer == outcome ? 1 : 0;
    return found;
  }
};

std::map<std::uint64_t, int> times_found(Journal& journal) {
  std::map<std::uint64_t, int> found;
  for (const Entry& entry : read_all(journal).entries) ++found[entry.record.id.sequence];
  return found;
}

}  // namespace

TEST_CASE("with all brokers down an append is unknown in time and what is wrong is said") {
  MockCluster cluster(3);
  const auto journal = cluster.open(cluster.options());
  REQUIRE(append_one(*journal, 1, 1).durable());
  Cursor cursor;
  REQUIRE(journal->read(cursor, 10));
  cluster.all_down();
  Appended appended;
  CHECK(time_of([&] { appended = append_one(*journal, 1, 2); }) < std::chrono::seconds(6));
  CHECK(appended.outcome == Outcome::unknown);
  CHECK_FALSE(journal->trouble().empty());
  // Who has read everything that is known is not held up.
  CHECK(time_of([&] { CHECK(journal->read(cursor, 10)); }) < std::chrono::seconds(1));
  cluster.all_up();
  CHECK(eventually([&] { return journal->trouble().empty(); }));
  REQUIRE(append_one(*journal, 1, 3).durable());
  CHECK(times_found(*journal).contains(3));
}

TEST_CASE("brokers that hang do not hold an answer up") {
  MockCluster cluster(1);
  const auto journal = cluster.open(cluster.options());
  REQUIRE(append_one(*journal, 1, 1).durable());
  cluster.slow(std::chrono::seconds(30));
  Answers answers;
  CHECK(time_of([&] {
          for (std::uint64_t i = 2; i <= 20; ++i)
            journal->append(1, {record_of(1, i, "body")}, answers.note(i));
          CHECK(answers.wait_for(19));
        }) < std::chrono::seconds(6));
  CHECK(answers.count(Outcome::unknown) == 19);
  cluster.slow(Duration::zero());
}

TEST_CASE("leaders that move lose and double nothing") {
  MockCluster cluster(3);
  KafkaOptions options = cluster.options();
  options.patience = std::chrono::seconds(20);
  const auto journal = cluster.open(options);
  Answers answers;
  for (std::uint64_t i = 1; i <= 300; ++i) {
    if (i == 100) cluster.lead(1, 2);
    if (i == 200) cluster.lead(1, 3);
    journal->append(1, {record_of(1, i, "body")}, answers.note(i));
    if (i % 50 == 0) REQUIRE(answers.wait_for(i));
  }
  CHECK(answers.count(Outcome::durable) == 300);
  const auto found = times_found(*journal);
  CHECK(found.size() == 300);
  for (const auto& [sequence, times] : found) CHECK(times == 1);
}

TEST_CASE("a broker's passing errors are tried again within the patience") {
  MockCluster cluster(1);
  KafkaOptions options = cluster.options();
  options.patience = std::chrono::seconds(20);
  const auto journal = cluster.open(options);
  for (const int error :
       {int{RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION}, int{RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS},
        int{RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT}}) {
    cluster.refuse_produce(error, 3);
    CHECK(append_one(*journal, 1, 1).durable());
  }
}

TEST_CASE("what a broker refuses for good is refused") {
  MockCluster cluster(1);
  const auto journal = cluster.open(cluster.options());
  cluster.refuse_produce(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 1);
  const Appended appended = append_one(*journal, 1, 1);
  CHECK(appended.outcome == Outcome::refused);
  CHECK(journal->trouble().find("authorization") != std::string::npos);
  CHECK(eventually([&] { return append_one(*journal, 1, 2).durable(); }));
  CHECK(eventually([&] { return journal->trouble().empty(); }));
  CHECK(times_found(*journal) == std::map<std::uint64_t, int>{{2, 1}});
}

TEST_CASE("a producer that failed for good is replaced and every append has one answer") {
  MockCluster cluster(1);
  const SystemClock clock;
  KafkaHealth health({});
  const auto made =
      KafkaProducer::make(cluster.options(), Stamp{1}, health, clock, [](Partition, Offset) {});
  REQUIRE(made);
  KafkaProducer& producer = **made;
  Answers answers;
  producer.append(1, {record_of(1, 1, "body")}, answers.note(1));
  REQUIRE(answers.wait_for(1));
  CHECK(answers.count(Outcome::durable) == 1);
  rd_kafka_test_fatal_error(producer.client(), RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
                            "the test says so");
  for (std::uint64_t i = 2; i <= 50; ++i)
    producer.append(1, {record_of(1, i, "body")}, answers.note(i));
  REQUIRE(answers.wait_for(50));
  std::uint64_t next = 51;
  CHECK(eventually([&] {
    const std::size_t before = answers.count(Outcome::durable);
    producer.append(1, {record_of(1, next, "body")}, answers.note(next));
    return answers.wait_for(next++) && answers.count(Outcome::durable) > before;
  }));
  CHECK(answers.twice == 0);
  CHECK(eventually([&] { return health.trouble().empty(); }));
}

TEST_CASE("more than may wait is refused at once") {
  MockCluster cluster(1);
  KafkaOptions options = cluster.options();
  options.most_waiting_bytes = 100'000;
  const auto journal = cluster.open(options);
  cluster.all_down();
  Answers answers;
  for (std::uint64_t i = 1; i <= 20; ++i)
    journal->append(1, {record_of(1, i, std::string(10'000, 'x'))}, answers.note(i));
  CHECK(answers.count(Outcome::refused) >= 10);
  REQUIRE(answers.wait_for(20));
  CHECK(answers.count(Outcome::durable) == 0);
  cluster.all_up();
  CHECK(eventually([&] { return append_one(*journal, 1, 21).durable(); }));
}

TEST_CASE("the destructor answers everything in a bounded time when no broker does") {
  MockCluster cluster(1);
  auto journal = cluster.open(cluster.options());
  REQUIRE(append_one(*journal, 1, 1).durable());
  cluster.all_down();
  Answers answers;
  for (std::uint64_t i = 2; i <= 101; ++i)
    journal->append(1, {record_of(1, i, "body")}, answers.note(i));
  CHECK(time_of([&] { journal.reset(); }) < std::chrono::seconds(10));
  CHECK(answers.of.size() == 100);
  CHECK(answers.twice == 0);
  CHECK(answers.count(Outcome::durable) == 0);
}

TEST_CASE("what was read while a broker was away goes on where it was") {
  MockCluster cluster(3);
  const auto journal = cluster.open(cluster.options());
  Cursor cursor;
  for (std::uint64_t i = 1; i <= 10; ++i) REQUIRE(append_one(*journal, 2, i).durable());
  REQUIRE(journal->read(cursor, 5));
  cluster.all_down();
  append_one(*journal, 2, 11);
  cluster.all_up();
  REQUIRE(eventually([&] { return append_one(*journal, 2, 12).durable(); }));
  std::set<std::uint64_t> rest;
  for (const Entry& entry : read_all(*journal, cursor).entries)
    rest.insert(entry.record.id.sequence);
  CHECK(rest.contains(12));
  CHECK(times_found(*journal).contains(10));
}

TEST_CASE("whoever goes through all partitions waits for the brokers once and not for each") {
  MockCluster cluster(1);
  KafkaOptions options = cluster.options();
  options.read_within = std::chrono::seconds(1);
  const auto journal = cluster.open(options);
  const WallTime now = SystemClock().now().wall;
  const auto go_through = [&] {
    for (Partition p = 0; p < 4; ++p) CHECK(journal->first(p) == 1);
    for (Partition p = 0; p < 4; ++p) journal->droppable(p, now - std::chrono::hours(1));
  };
  cluster.slow(std::chrono::milliseconds(300));
  CHECK(time_of(go_through) < std::chrono::milliseconds(2300));
  cluster.slow(Duration::zero());
  cluster.all_down();
  CHECK(time_of(go_through) < std::chrono::seconds(4));
}

}  // namespace tocsin::journal::testing

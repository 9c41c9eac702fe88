// What only Kafka's journal promises, on a real broker.
#include <future>
#include <semaphore>
#include <set>

#include "connectors/journals/kafka_frame.hpp"
#include "tests/journal/tools.hpp"
#include "tests/kafka/broker.hpp"

namespace tocsin::journal::testing {
namespace {

constexpr int kMostTries = 200;

// Reads until the journal says what it is asked for; each try waits for something itself.
template <class Seen>
bool eventually(const Seen& seen) {
  std::mutex mutex;
  std::condition_variable never;
  for (int i = 0; i < kMostTries; ++i) {
    if (seen()) return true;
    std::unique_lock lock(mutex);
    never.wait_for(lock, std::chrono::milliseconds(100));
  }
  return false;
}

bool mentions(const std::vector<std::string>& lines, const std::string& word) {
  for (const std::string& line : lines)
    if (line.find(word) != std::string::npos) return true;
  return false;
}

std::set<std::string> bodies(const Batch& batch) {
  std::set<std::string> found;
  for (const Entry& entry : batch.entries) found.insert(entry.record.body);
  return found;
}

}  // namespace

TEST_CASE("a topic that is missing is made and one broker is warned of") {
  const auto journal = open(options_for(new_topic()));
  CHECK(journal->partitions() == 4);
  CHECK(mentions(journal->warnings(), "1 copies"));
  CHECK(mentions(journal->warnings(), "min.insync.replicas"));
  CHECK_FALSE(mentions(journal->warnings(), "retention"));
  CHECK_FALSE(mentions(journal->warnings(), "max.message.bytes"));
}

TEST_CASE("a topic that somebody else made is warned of where it is weak") {
  const std::string topic = new_topic();
  Broker::get().make_topic(topic, 4,
                           {{"retention.ms", "3600000"}, {"retention.bytes", "1000000000"}});
  const auto warnings = open(options_for(topic))->warnings();
  CHECK(mentions(warnings, "retention.ms keeps records for 1h"));
  CHECK(mentions(warnings, "retention.bytes"));
  CHECK(mentions(warnings, "max.message.bytes"));
}

TEST_CASE("another number of partitions is refused with what to do") {
  const std::string topic = new_topic();
  Broker::get().make_topic(topic, 3);
  const auto journal = open_kafka_journal(options_for(topic), SystemClock());
  REQUIRE_FALSE(journal);
  CHECK(journal.error().kind == ErrorKind::invalid);
  CHECK(journal.error().message.find("has 3 partitions and the configuration says 4") !=
        std::string::npos);
  CHECK(journal.error().message.find("say 3, or name another topic") != std::string::npos);
}

TEST_CASE("a compacted topic is refused") {
  const std::string topic = new_topic();
  Broker::get().make_topic(topic, 4, {{"cleanup.policy", "compact"}});
  const auto journal = open_kafka_journal(options_for(topic), SystemClock());
  REQUIRE_FALSE(journal);
  CHECK(journal.error().kind == ErrorKind::invalid);
}

TEST_CASE("no broker is an error in time that says where it looked") {
  KafkaOptions options = options_for(new_topic());
  options.brokers = "127.0.0.1:1";
  options.open_within = std::chrono::milliseconds(300);
  const auto journal = open_kafka_journal(options, SystemClock());
  REQUIRE_FALSE(journal);
  CHECK(journal.error().kind == ErrorKind::unavailable);
  CHECK(journal.error().message.find("127.0.0.1:1") != std::string::npos);
}

TEST_CASE("opened again it is the same journal with the same positions") {
  const KafkaOptions options = options_for(new_topic());
  auto journal = open(options);
  const Identity identity = journal->identity();
  Cursor middle(4);
  middle[2] = append(*journal, 2, {record_of(2, 1, "a"), record_of(2, 2, "b")}).last - 1;
  append_one(*journal, 2, 3, "c");
  journal.reset();
  journal = open(options);
  CHECK(journal->identity() == identity);
  CHECK(bodies(read_all(*journal)) == std::set<std::string>{"a", "b", "c"});
  CHECK(bodies(read_all(*journal, middle)) == std::set<std::string>{"b", "c"});
}

TEST_CASE("nodes that make a topic at the same moment agree on its identity") {
  const std::string topic = new_topic();
  std::vector<std::future<Identity>> nodes;
  for (int i = 0; i < 3; ++i)
    nodes.push_back(
        std::async(std::launch::async, [&] { return open(options_for(topic))->identity(); }));
  std::set<Identity> identities;
  for (auto& node : nodes) identities.insert(node.get());
  CHECK(identities.size() == 1);
  const auto later = open(options_for(topic));
  CHECK(identities.contains(later->identity()));
  CHECK(read_all(*later).entries.empty());
  CHECK(read_all(*later).damaged.empty());
}

TEST_CASE("one node reads what another appends") {
  const KafkaOptions options = options_for(new_topic());
  const auto one = open(options);
  const auto other = open(options);
  std::counting_semaphore<> heard(0);
  other->on_commit([&] { heard.release(); });
  const Appended appended = append_one(*one, 1, 1, "hello");
  // The first call may be for the topic's identity, which is a message and has no records.
  Batch batch;
  while (batch.entries.empty()) {
    REQUIRE(heard.try_acquire_for(std::chrono::seconds(20)));
    batch = read_all(*other);
  }
  REQUIRE(batch.entries.size() == 1);
  CHECK(batch.entries[0].position == appended.last);
  CHECK(other->tail(1) == appended.last);
}

TEST_CASE("readers that are far behind catch up while others append") {
  KafkaOptions options = options_for(new_topic());
  options.recent_bytes = 10'000;
  const auto journal = open(options);
  std::atomic<int> answered = 0;
  const auto fill = [&](int from, int count) {
    for (int i = from; i < from + count; ++i)
      journal->append(static_cast<Partition>(i % 4),
                      {record_of(static_cast<Partition>(i % 4), i, std::to_string(i))},
                      [&](const Appended& done) { answered += done.durable() ? 1 : 0; });
  };
  fill(1, 4000);
  REQUIRE(append_one(*journal, 0, 9000, "0").durable());
  Cursor slow;
  Cursor slower;
  std::set<std::string> by_slow;
  std::set<std::string> by_slower;
  for (int round = 0; by_slower.size() < 8002 && round < 20'000; ++round) {
    if (round == 10) {
      fill(4001, 4000);
      REQUIRE(append_one(*journal, 0, 9001, "8001").durable());
    }
    for (auto& [cursor, found] : {std::tie(slow, by_slow), std::tie(slower, by_slower)}) {
      const auto batch = journal->read(cursor, &cursor == &slow ? 50 : 333);
      REQUIRE(batch);
      REQUIRE(batch->damaged.empty());
      for (const Entry& entry : batch->entries) REQUIRE(found.insert(entry.record.body).second);
    }
  }
  for (const Entry& entry : read_all(*journal, slow).entries) by_slow.insert(entry.record.body);
  CHECK(by_slow.size() == 8002);
  CHECK(by_slower.size() == 8002);
  CHECK(answered == 8000);
}

TEST_CASE("a cursor past the end is not found") {
  const auto journal = open(options_for(new_topic()));
  Cursor cursor(4);
  cursor[1] = append_one(*journal, 1, 1).last + 5 * kMostRecordsInMessage;
  const auto batch = journal->read(cursor, 10);
  REQUIRE_FALSE(batch);
  CHECK(batch.error().kind == ErrorKind::not_found);
  CHECK(batch.error().message.find("fold") != std::string::npos);
}

TEST_CASE("what is left and what was taken before a time can be asked") {
  const KafkaOptions options = options_for(new_topic());
  const auto journal = open(options);
  Position second = 0;
  for (std::uint64_t i = 1; i <= 4; ++i) {
    const Position last = append_one(*journal, 3, i).last;
    if (i == 2) second = last;
  }
  CHECK(journal->beginning().value() == Cursor{0, 0, 0, 0});
  Broker::get().delete_records_before(options.topic, 3, 2);
  CHECK(journal->beginning().value() == Cursor{0, 0, 0, second});
  Cursor cursor = journal->beginning().value();
  CHECK(journal->read(cursor, 10)->entries.size() == 2);
  const WallTime now = SystemClock().now().wall;
  CHECK(journal->taken_before(now - std::chrono::hours(1)).value()[3] <= second);
  const Cursor all = journal->taken_before(now + std::chrono::hours(1)).value();
  for (Partition partition = 0; partition < 4; ++partition)
    CHECK(all[partition] == journal->tail(partition));
}

TEST_CASE("what retention has removed is not found and a new reader begins after it") {
  KafkaOptions options = options_for(new_topic());
  auto journal = open(options);
  Cursor early(4);
  early[3] = append_one(*journal, 3, 1, "a").last;
  for (std::uint64_t i = 2; i <= 10; ++i) append_one(*journal, 3, i, std::to_string(i));
  journal.reset();
  Broker::get().delete_records_before(options.topic, 3, 5);
  journal = open(options);
  const auto batch = journal->read(early, 10);
  REQUIRE_FALSE(batch);
  CHECK(batch.error().kind == ErrorKind::not_found);
  const Batch rest = read_all(*journal);
  REQUIRE(rest.entries.size() == 5);
  CHECK(rest.entries.front().record.body == "6");
}

TEST_CASE("a topic that is made anew under it is noticed and opening again goes on") {
  KafkaOptions options = options_for(new_topic());
  auto journal = open(options);
  const Identity identity = journal->identity();
  for (std::uint64_t i = 1; i <= 5; ++i) REQUIRE(append_one(*journal, 0, i).durable());
  Cursor cursor;
  REQUIRE(journal->read(cursor, 100));
  Broker::get().delete_topic(options.topic);
  const auto other = open(options);
  CHECK(other->identity() != identity);
  for (std::uint64_t i = 1; i <= 30; ++i)
    REQUIRE(append_one(*other, static_cast<Partition>(i % 4), i, "new").durable());
  REQUIRE(eventually([&] {
    const auto batch = journal->read(cursor, 100);
    return !batch && batch.error().kind == ErrorKind::not_found;
  }));
  CHECK_FALSE(journal->trouble().empty());
  CHECK(append_one(*journal, 0, 9).outcome == Appended::Outcome::refused);
  journal = open(options);
  CHECK(journal->identity() == other->identity());
  CHECK(read_all(*journal).entries.size() == 30);
}

TEST_CASE("messages that are not tocsin's are named and passed over") {
  const KafkaOptions options = options_for(new_topic());
  const auto journal = open(options);
  append_one(*journal, 2, 1, "before");
  Broker::get().produce(options.topic, 2, "hello");
  Broker::get().produce(options.topic, 2, records_frame(Stamp{12345}, {record_of(2, 8, "stray")}));
  append_one(*journal, 2, 2, "after");
  const Batch batch = read_all(*journal);
  CHECK(bodies(batch) == std::set<std::string>{"before", "after"});
  REQUIRE(batch.damaged.size() == 2);
  CHECK(batch.damaged[0].where.find("partition 2, offset 1") != std::string::npos);
  CHECK(batch.damaged[1].what.find("another journal") != std::string::npos);
}

TEST_CASE("a request of sixteen megabytes fits and what is larger is refused") {
  const auto journal = open(options_for(new_topic()));
  std::string noise(16u << 20, ' ');
  std::uint64_t state = 1;
  for (char& c : noise) c = static_cast<char>((state = state * 6364136223846793005u + 1) >> 56);
  CHECK(append_one(*journal, 1, 1, noise).durable());
  CHECK(append_one(*journal, 1, 2, noise + noise + noise).outcome == Appended::Outcome::refused);
  const std::vector<Record> many(kMostRecordsInMessage + 1, record_of(1, 3, "x"));
  CHECK(append(*journal, 1, many).outcome == Appended::Outcome::refused);
  CHECK(append_one(*journal, 1, 4, "small").durable());
  const Batch batch = read_all(*journal);
  REQUIRE(batch.entries.size() == 2);
  CHECK(batch.entries[0].record.body == noise);
}

TEST_CASE("a broker that goes away is said and what comes back takes records again") {
  KafkaOptions options = options_for(new_topic());
  options.patience = std::chrono::seconds(1);
  const auto journal = open(options);
  REQUIRE(append_one(*journal, 1, 1, "before").durable());
  Broker::get().stop();
  const Appended lost = append_one(*journal, 1, 2, "meanwhile");
  CHECK(lost.outcome == Appended::Outcome::unknown);
  CHECK(lost.why.find("partition 1 of topic") != std::string::npos);
  CHECK_FALSE(journal->trouble().empty());
  Broker::get().start();
  // Nobody appends: it finds out by itself.
  CHECK(eventually([&] { return journal->trouble().empty(); }));
  REQUIRE(append_one(*journal, 1, 2, "meanwhile").durable());
  CHECK(bodies(read_all(*journal)) == std::set<std::string>{"before", "meanwhile"});
}

}  // namespace tocsin::journal::testing

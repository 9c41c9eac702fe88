#include "tests/kafka/broker.hpp"

#include <librdkafka/rdkafka.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <memory>

#include "tests/catch.hpp"
#include "tests/source_dir.hpp"

namespace tocsin::journal::testing {
namespace {

const std::string kCommand = tocsin::tests::source_dir() + "/deploy/kafka ";
constexpr int kWaitMs = 20'000;

// The last line of what a command says.
std::string run(const std::string& command) {
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  REQUIRE(pipe);
  std::string line;
  char text[1024];
  while (std::fgets(text, sizeof text, pipe.get()) != nullptr) line = text;
  REQUIRE(::pclose(pipe.release()) == 0);
  while (!line.empty() && line.back() == '\n') line.pop_back();
  return line;
}

/// A plain librdkafka client, as another program would have one.
struct Plain {
  explicit Plain(const std::string& brokers) {
    char text[512];
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), text, sizeof text);
    client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    REQUIRE(client != nullptr);
    queue = rd_kafka_queue_new(client);
  }
  ~Plain() {
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(client);
  }
  void expect_done() {
    rd_kafka_event_t* event = rd_kafka_queue_poll(queue, kWaitMs);
    REQUIRE(event != nullptr);
    INFO(rd_kafka_event_error_string(event));
    REQUIRE(rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_event_destroy(event);
  }

  rd_kafka_t* client = nullptr;
  rd_kafka_queue_t* queue = nullptr;
};

}  // namespace

Broker& Broker::get() {
  static Broker broker;
  return broker;
}

Broker::Broker() {
  std::string name = (std::filesystem::temp_directory_path() / "tocsin-kafka-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  directory_ = name;
  address_ = run(kCommand + "start --port 0 --data " + directory_ + " --while " +
                 std::to_string(::getpid()));
}

Broker::~Broker() {
  [[maybe_unused]] const int stopped =
      std::system((kCommand + "stop --data " + directory_).c_str());
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void Broker::stop() { run(kCommand + "stop --data " + directory_); }
void Broker::start() { REQUIRE(run(kCommand + "start --data " + directory_) == address_); }

void Broker::make_topic(const std::string& topic, int partitions,
                        const std::map<std::string, std::string>& settings) {
  Plain plain(address_);
  char text[512];
  rd_kafka_NewTopic_t* wanted =
      rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, text, sizeof text);
  for (const auto& [key, value] : settings)
    rd_kafka_NewTopic_set_config(wanted, key.c_str(), value.c_str());
  rd_kafka_CreateTopics(plain.client, &wanted, 1, nullptr, plain.queue);
  plain.expect_done();
  rd_kafka_NewTopic_destroy(wanted);
}

void Broker::delete_topic(const std::string& topic) {
  Plain plain(address_);
  rd_kafka_DeleteTopic_t* gone = rd_kafka_DeleteTopic_new(topic.c_str());
  rd_kafka_DeleteTopics(plain.client, &gone, 1, nullptr, plain.queue);
  plain.expect_done();
  rd_kafka_DeleteTopic_destroy(gone);
}

void Broker::delete_records_before(const std::string& topic, Partition partition,
                                   std::int64_t offset) {
  Plain plain(address_);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = offset;
  rd_kafka_DeleteRecords_t* gone = rd_kafka_DeleteRecords_new(list);
  rd_kafka_DeleteRecords(plain.client, &gone, 1, nullptr, plain.queue);
  plain.expect_done();
  rd_kafka_DeleteRecords_destroy(gone);
  rd_kafka_topic_partition_list_destroy(list);
}

void Broker::produce(const std::string& topic, Partition partition, const std::string& bytes) {
  Plain plain(address_);
  void* const payload = const_cast<char*>(bytes.data());
// librdkafka's macros are GNU statement expressions, which clang's -Wpedantic refuses.
#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wgnu-statement-expression"
#endif
  const rd_kafka_resp_err_t produced =
      rd_kafka_producev(plain.client, RD_KAFKA_V_TOPIC(topic.c_str()),
                        RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                        RD_KAFKA_V_VALUE(payload, bytes.size()), RD_KAFKA_V_END);
#pragma GCC diagnostic pop
  REQUIRE(produced == RD_KAFKA_RESP_ERR_NO_ERROR);
  REQUIRE(rd_kafka_flush(plain.client, kWaitMs) == RD_KAFKA_RESP_ERR_NO_ERROR);
}

std::string new_topic() {
  static std::atomic<int> count = 0;
  return "tocsin-" + std::to_string(++count);
}

KafkaOptions options_for(const std::string& topic) {
  static std::atomic<int> count = 0;
  KafkaOptions options;
  options.brokers = Broker::get().address();
  options.topic = topic;
  options.partitions = 4;
  options.make_identity = [] { return "identity-" + std::to_string(++count); };
  // A busy machine is not what these tests are about.
  options.patience = std::chrono::seconds(10);
  options.open_within = std::chrono::seconds(20);
  options.read_within = std::chrono::seconds(10);
  return options;
}

std::unique_ptr<KafkaJournal> open(const KafkaOptions& options) {
  static const SystemClock clock;
  auto journal = open_kafka_journal(options, clock);
  if (!journal) FAIL(journal.error().message);
  return std::move(*journal);
}

}  // namespace tocsin::journal::testing

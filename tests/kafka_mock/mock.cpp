#include "tests/kafka_mock/mock.hpp"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <atomic>
#include <vector>

#include "connectors/journals/kafka_client.hpp"
#include "tests/catch.hpp"

namespace tocsin::journal::testing {
namespace {

constexpr char kTopic[] = "tocsin";
constexpr std::int16_t kProduceRequest = 0;

}  // namespace

MockCluster::MockCluster(int brokers) : brokers_(brokers) {
  char text[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "log_level", "0", text, sizeof text);  // that it has no brokers
  client_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
  REQUIRE(client_ != nullptr);
  cluster_ = rd_kafka_mock_cluster_new(client_, brokers);
  REQUIRE(rd_kafka_mock_topic_create(cluster_, kTopic, 4, brokers) == RD_KAFKA_RESP_ERR_NO_ERROR);
}

MockCluster::~MockCluster() {
  rd_kafka_mock_cluster_destroy(cluster_);
  rd_kafka_destroy(client_);
}

std::string MockCluster::addresses() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }

void MockCluster::all_down() {
  for (int i = 1; i <= brokers_; ++i) rd_kafka_mock_broker_set_down(cluster_, i);
}

void MockCluster::all_up() {
  for (int i = 1; i <= brokers_; ++i) rd_kafka_mock_broker_set_up(cluster_, i);
}

void MockCluster::slow(Duration delay) {
  for (int i = 1; i <= brokers_; ++i)
    rd_kafka_mock_broker_set_rtt(cluster_, i, milliseconds(delay));
}

void MockCluster::lead(Partition partition, int broker) {
  rd_kafka_mock_partition_set_leader(cluster_, kTopic, partition, broker);
}

void MockCluster::refuse_produce(int error, int times) {
  const std::vector<rd_kafka_resp_err_t> errors(static_cast<std::size_t>(times),
                                                static_cast<rd_kafka_resp_err_t>(error));
  rd_kafka_mock_push_request_errors_array(cluster_, kProduceRequest, errors.size(), errors.data());
}

KafkaOptions MockCluster::options() const {
  static std::atomic<int> count = 0;
  KafkaOptions options;
  options.brokers = addresses();
  options.topic = kTopic;
  options.partitions = 4;
  options.make_identity = [] { return "identity-" + std::to_string(++count); };
  options.patience = std::chrono::seconds(2);
  options.open_within = std::chrono::seconds(2);  // it never says how a topic is configured
  options.read_within = std::chrono::seconds(5);
  return options;
}

std::unique_ptr<KafkaJournal> MockCluster::open(const KafkaOptions& options) const {
  static const SystemClock clock;
  auto journal = open_kafka_journal(options, clock);
  if (!journal) FAIL(journal.error().message);
  return std::move(*journal);
}

}  // namespace tocsin::journal::testing

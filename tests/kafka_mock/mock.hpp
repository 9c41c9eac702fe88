// librdkafka's own mock cluster: brokers in this process that can be made to fail in ways in which
// a real one cannot. It knows neither the settings of topics nor how to make them.
#pragma once

#include <memory>
#include <string>

#include "connectors/journals/kafka_journal.hpp"

struct rd_kafka_s;
struct rd_kafka_mock_cluster_s;

namespace tocsin::journal::testing {

class MockCluster {
 public:
  /// With a topic of four partitions in as many copies as there are brokers.
  explicit MockCluster(int brokers);
  ~MockCluster();

  std::string addresses() const;
  void all_down();
  void all_up();
  /// From now on every answer of every broker takes so long.
  void slow(Duration delay);
  void lead(Partition partition, int broker);
  /// The next so many produce requests are answered with this error of Kafka's.
  void refuse_produce(int error, int times);

  KafkaOptions options() const;
  std::unique_ptr<KafkaJournal> open(const KafkaOptions& options) const;

 private:
  const int brokers_;
  rd_kafka_s* client_ = nullptr;
  rd_kafka_mock_cluster_s* cluster_ = nullptr;
};

}  // namespace tocsin::journal::testing

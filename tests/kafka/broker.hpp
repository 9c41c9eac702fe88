// A real Apache Kafka for the tests of this program: one node, started by deploy/kafka on free
// ports when a test first asks for it, with its data in a directory that goes away at the end.
// Beside it what a test does to it as another client or an operator would.
#pragma once

#include <map>
#include <string>

#include "connectors/journals/kafka_journal.hpp"

namespace tocsin::journal::testing {

class Broker {
 public:
  static Broker& get();
  ~Broker();

  const std::string& address() const { return address_; }
  /// What it holds stays.
  void stop();
  void start();

  void make_topic(const std::string& topic, int partitions,
                  const std::map<std::string, std::string>& settings = {});
  void delete_topic(const std::string& topic);
  /// As retention does it.
  void delete_records_before(const std::string& topic, Partition partition, std::int64_t offset);
  void produce(const std::string& topic, Partition partition, const std::string& bytes);

 private:
  Broker();

  std::string directory_;
  std::string address_;
};

/// A topic name that no other test has.
std::string new_topic();
/// Four partitions, an identity that is not the one before, a log that is thrown away.
KafkaOptions options_for(const std::string& topic);
std::unique_ptr<KafkaJournal> open(const KafkaOptions& options);

}  // namespace tocsin::journal::testing

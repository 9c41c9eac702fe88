// The topic itself: made when it is missing, held against what was asked for, and looked at for
// settings that are weaker than production wants.
#pragma once

#include <string>
#include <vector>

#include "connectors/journals/kafka_consumer.hpp"

namespace tocsin::journal {

struct KafkaTopic {
  std::string cluster;                // the cluster's own id
  std::vector<std::string> warnings;  // one sentence each, with what to do
};

/// Errors: invalid, the topic has another number of partitions, or cannot serve as a journal;
/// unavailable, no broker answers.
Result<KafkaTopic> prepare_topic(KafkaConsumer& consumer, const KafkaOptions& options);

}  // namespace tocsin::journal

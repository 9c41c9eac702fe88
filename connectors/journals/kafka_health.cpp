#include "connectors/journals/kafka_health.hpp"

namespace tocsin::journal {

void KafkaHealth::failed(Partition partition, std::string why) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = failing_.empty();
    failing_[partition] = why;
  }
  if (first) log("Kafka: " + why);
}

void KafkaHealth::worked(Partition partition) {
  {
    const std::lock_guard lock(mutex_);
    if (failing_.erase(partition) == 0 || !failing_.empty()) return;
  }
  log("Kafka: takes records again");
}

std::string KafkaHealth::trouble() const {
  const std::lock_guard lock(mutex_);
  return failing_.empty() ? "" : failing_.begin()->second;
}

std::vector<Partition> KafkaHealth::failing() const {
  const std::lock_guard lock(mutex_);
  std::vector<Partition> partitions;
  for (const auto& [partition, why] : failing_) partitions.push_back(partition);
  return partitions;
}

void KafkaHealth::log(const std::string& line) const {
  if (log_) log_(line);
}

}  // namespace tocsin::journal

// Reads what is no longer in the windows, for readers that are behind: a consumer of its own, which
// goes on where it was when the same reader comes back and fetches nothing when nobody is behind.
// Any thread may call; readers that are behind at different places take turns, and pay for it.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "connectors/journals/kafka_consumer.hpp"
#include "connectors/journals/kafka_health.hpp"

namespace tocsin::journal {

class KafkaCatchUp {
 public:
  KafkaCatchUp(const KafkaOptions& options, KafkaHealth& health);

  struct Want {
    Partition partition = 0;
    Offset from = 0;   // or KafkaConsumer::kFirst
    Offset until = 0;  // from here on it is in the window
  };
  /// A message; or, without bytes, that everything before `offset` has been read.
  struct Found {
    Partition partition = 0;
    bool is_message = false;
    KafkaMessage message;
  };
  /// Errors: not_found, an offset is not in the topic; unavailable, nothing came within
  /// `most_wait`.
  Result<std::vector<Found>> read(const std::vector<Want>& wants, std::size_t most,
                                  Duration most_wait);

 private:
  Status aim(const std::vector<Want>& wants);
  void advance(const Want& want, Offset next);

  const KafkaOptions options_;
  KafkaHealth& health_;
  std::mutex mutex_;
  std::unique_ptr<KafkaConsumer> consumer_;
  std::map<Partition, Offset> at_;  // what comes next of each partition that was started
};

}  // namespace tocsin::journal

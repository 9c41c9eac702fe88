// Reads partitions of the topic from offsets of our own choice: no group, no commits, so nothing on
// the broker decides where reading begins. One message at a time: the batch calls of this
// librdkafka lose messages after a new start. Not for several threads at once.
#pragma once

#include <map>
#include <optional>

#include "connectors/journals/kafka_client.hpp"
#include "connectors/journals/kafka_frame.hpp"

namespace tocsin::journal {

class KafkaConsumer {
 public:
  /// A place to begin: before the first record that is left.
  static constexpr Offset kFirst = -2;

  static Result<std::unique_ptr<KafkaConsumer>> make(KafkaClient::Kind kind,
                                                     const KafkaOptions& options,
                                                     KafkaListeners listeners);
  ~KafkaConsumer();

  /// Begins, or begins anew, at this offset. What was fetched for the partition before is dropped.
  Status start(Partition partition, Offset offset);
  void stop(Partition partition);

  struct Event {
    enum class What {
      message,
      end,      // everything before `offset` has been given
      lost,     // the offset to read is not in the topic
      failing,  // temporary; `why`
    };
    What what = What::failing;
    Partition partition = 0;
    Offset offset = 0;
    std::string bytes;
    std::string why;
  };
  /// The next event, waiting at most so long.
  std::optional<Event> next(Duration most);

  struct Range {
    Offset first = 0;
    Offset end = 0;
  };
  /// Asks the broker. Errors: unavailable.
  Result<Range> range(Partition partition, Duration most) const;
  /// Asks the brokers: for each partition the first offset at this time or later, by their clock;
  /// the end, when there is none. Errors: unavailable.
  Result<std::vector<Offset>> offsets_at(WallTime time, Partition partitions, Duration most) const;
  /// Asks the brokers, all partitions at once: the first offset of each. Errors: unavailable.
  Result<std::vector<Offset>> beginnings(Partition partitions, Duration most) const;
  /// The end as it was with the last fetch; nothing when there was none.
  std::optional<Offset> known_end(Partition partition) const;
  KafkaClient& client() { return *client_; }

 private:
  KafkaConsumer(const KafkaOptions& options, std::unique_ptr<KafkaClient> client);
  /// For each partition the first offset at this time of Kafka's, in milliseconds, or at one of
  /// librdkafka's logical offsets.
  Result<std::vector<Offset>> ask_all(std::int64_t time, Partition partitions, Duration most) const;

  const std::string topic_name_;
  // The order matters: topics and queues go before their client.
  std::unique_ptr<KafkaClient> client_;
  TopicHandle topic_;
  QueueHandle queue_;
  std::map<Partition, Offset> started_;
};

}  // namespace tocsin::journal

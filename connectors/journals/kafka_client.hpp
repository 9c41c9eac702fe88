// One librdkafka instance, made with the properties that tocsin needs, the operator's own, and ours
// that must hold. The only place where properties are set.
#pragma once

#include <functional>
#include <memory>

#include "connectors/journals/kafka_journal.hpp"

struct rd_kafka_s;
struct rd_kafka_topic_s;
struct rd_kafka_queue_s;
struct rd_kafka_message_s;

namespace tocsin::journal {

struct KafkaDeleter {
  void operator()(rd_kafka_s* client) const;
  void operator()(rd_kafka_topic_s* topic) const;
  void operator()(rd_kafka_queue_s* queue) const;
  void operator()(rd_kafka_message_s* message) const;
};
using TopicHandle = std::unique_ptr<rd_kafka_topic_s, KafkaDeleter>;
using QueueHandle = std::unique_ptr<rd_kafka_queue_s, KafkaDeleter>;
using MessageHandle = std::unique_ptr<rd_kafka_message_s, KafkaDeleter>;

/// Called while the client is polled, but for `log`, which any thread calls.
struct KafkaListeners {
  std::function<void(const std::string&)> log;
  std::function<void(std::string)> trouble;                  // no broker can be reached, …
  std::function<void(std::string)> fatal;                    // this client is of no more use
  std::function<void(const rd_kafka_message_s&)> delivered;  // a delivery report
};

class KafkaClient {
 public:
  enum class Kind {
    producer,
    follower,  // reads what comes
    reader,    // reads what is there
  };

  /// Does not wait for any broker. Errors: invalid, naming the property.
  static Result<std::unique_ptr<KafkaClient>> make(Kind kind, const KafkaOptions& options,
                                                   KafkaListeners listeners);
  ~KafkaClient();
  KafkaClient(const KafkaClient&) = delete;
  KafkaClient& operator=(const KafkaClient&) = delete;

  rd_kafka_s* get() const { return client_.get(); }
  const KafkaListeners& listeners() const { return listeners_; }
  /// Serves what waits for the listeners, for at most so long.
  void poll(Duration most);

 private:
  explicit KafkaClient(KafkaListeners listeners) : listeners_(std::move(listeners)) {}

  const KafkaListeners listeners_;
  std::unique_ptr<rd_kafka_s, KafkaDeleter> client_;
};

/// Not the operator's to set: what tocsin keeps its promises by.
bool is_set_by_tocsin(const std::string& property);
/// Errors: invalid, naming a property that tocsin must set itself.
Status check_properties(const KafkaOptions& options);

/// Whole milliseconds, for librdkafka.
std::int64_t milliseconds64(Duration duration);
int milliseconds(Duration duration);

}  // namespace tocsin::journal

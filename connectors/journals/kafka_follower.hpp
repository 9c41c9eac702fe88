// Follows the end of every partition and fills the windows, in a thread of its own: what it finds
// is what the owner and all other readers that keep up are given. It also notices when the topic
// under it is no longer the same.
#pragma once

#include <atomic>
#include <thread>

#include "connectors/journals/kafka_consumer.hpp"
#include "connectors/journals/kafka_health.hpp"
#include "connectors/journals/kafka_windows.hpp"

namespace tocsin::journal {

class KafkaFollower {
 public:
  /// `lost` is called once, with the reason, when the topic is another one or was cut short.
  using Lost = std::function<void(std::string why)>;

  /// Asks where every partition ends and begins a little before that.
  static Result<std::unique_ptr<KafkaFollower>> start(const KafkaOptions& options, Stamp stamp,
                                                      KafkaHealth& health, KafkaWindows& windows,
                                                      Lost lost);
  /// Waits for its thread: some tenths of a second, longer only while it verifies the topic.
  ~KafkaFollower();

  void on_messages(std::function<void()> listener);
  /// The partition's end as the last fetch saw it.
  std::optional<Offset> known_end(Partition partition) const {
    return consumer_->known_end(partition);
  }
  /// Asks the broker.
  Result<KafkaConsumer::Range> ask_range(Partition partition) const;
  /// For each partition the first offset that was taken at this time or later.
  Result<std::vector<Offset>> ask_offsets_at(WallTime time) const;
  Result<std::vector<Offset>> ask_beginnings() const;

 private:
  KafkaFollower(const KafkaOptions& options, Stamp stamp, KafkaHealth& health,
                KafkaWindows& windows, Lost lost);
  Status begin();
  void work(const std::stop_token& stop);
  bool take(KafkaConsumer::Event event);
  bool is_ours(const std::string& bytes);

  const KafkaOptions options_;
  const Stamp stamp_;
  KafkaHealth& health_;
  KafkaWindows& windows_;
  const Lost lost_;
  std::unique_ptr<KafkaConsumer> consumer_;
  std::optional<Stamp> stranger_;  // seen, and found to be of no account
  std::mutex listener_mutex_;
  std::function<void()> listener_;
  std::jthread thread_;
};

}  // namespace tocsin::journal

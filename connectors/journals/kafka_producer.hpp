// The one idempotent producer of a process, with its thread: appends become messages, and delivery
// reports become answers.
//
// librdkafka's report is the only truth. A failed one does not say that the message is not in the
// log (most that timed out are), so it is `unknown`, but for what a broker refuses for good. A
// fatal error of the idempotent producer, which only a new one ends, makes a new one.
#pragma once

#include <map>
#include <optional>
#include <shared_mutex>
#include <thread>
#include <unordered_map>

#include "connectors/journals/kafka_client.hpp"
#include "connectors/journals/kafka_frame.hpp"
#include "connectors/journals/kafka_health.hpp"

namespace tocsin::journal {

class KafkaProducer {
 public:
  /// `durable` is called before the answer is given: the partition goes to this offset at least.
  using Durable = std::function<void(Partition, Offset end)>;

  static Result<std::unique_ptr<KafkaProducer>> make(const KafkaOptions& options, Stamp stamp,
                                                     KafkaHealth& health, const Clock& clock,
                                                     Durable durable);
  /// Waits for reports, at most `patience` and a few seconds, and answers all that are left.
  ~KafkaProducer();

  void append(Partition partition, const std::vector<Record>& records, AppendDone done);
  /// A message with the stamp alone, to partition 0.
  void identify(AppendDone done);
  /// From now on every append is refused with these words.
  void refuse(std::string why);
  /// The instance at present; only for tests, which make it fail.
  rd_kafka_s* client() const { return client_->get(); }

 private:
  struct Pending {
    Partition partition = 0;
    std::size_t bytes = 0;
    AppendDone done;  // none: a probe
  };

  KafkaProducer(const KafkaOptions& options, Stamp stamp, KafkaHealth& health, const Clock& clock,
                Durable durable);
  Result<std::unique_ptr<KafkaClient>> make_client();
  void send(Partition partition, std::string bytes, AppendDone done);
  std::string hand_over(Partition partition, const std::string& bytes, std::uint64_t id);
  void work(const std::stop_token& stop);
  void renew();
  void probe();
  void settle(KafkaClient& client, Duration patience);
  void delivered(const rd_kafka_message_s& message);
  std::optional<Pending> take(std::uint64_t id);

  const KafkaOptions options_;
  const Stamp stamp_;
  KafkaHealth& health_;
  const Clock& clock_;
  const Durable durable_;

  // Shared while a message is handed over, alone while the client is replaced: a message given to
  // the old one after its last reports were collected would never be answered.
  std::shared_mutex client_mutex_;
  std::unique_ptr<KafkaClient> client_;
  bool broken_ = false;  // fatal; only the thread looks

  std::mutex mutex_;
  std::unordered_map<std::uint64_t, Pending> pending_;
  std::uint64_t last_id_ = 0;
  std::size_t waiting_bytes_ = 0;
  std::string refusing_;
  std::map<Partition, std::uint64_t> probes_;

  Duration probed_at_{};
  std::jthread thread_;
};

}  // namespace tocsin::journal

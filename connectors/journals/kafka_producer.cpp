#include "connectors/journals/kafka_producer.hpp"

#include <librdkafka/rdkafka.h>

#include <optional>

namespace tocsin::journal {
namespace {

using Outcome = Appended::Outcome;

constexpr Duration kPollFor = std::chrono::milliseconds(100);
constexpr Duration kProbeEvery = std::chrono::seconds(1);
/// After the patience, for reports that are on their way.
constexpr Duration kLastReports = std::chrono::seconds(2);

bool is_forbidden(const rd_kafka_message_t& message) {
  return message.err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
         message.err == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED;
}

// A broker that says so has not stored it, and never will.
bool refused_for_good(const rd_kafka_message_t& message) {
  if (rd_kafka_message_status(&message) != RD_KAFKA_MSG_STATUS_NOT_PERSISTED) return false;
  if (is_forbidden(message)) return true;
  switch (message.err) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<std::unique_ptr<KafkaProducer>> KafkaProducer::make(const KafkaOptions& options, Stamp stamp,
                                                           KafkaHealth& health, const Clock& clock,
                                                           Durable durable) {
  std::unique_ptr<KafkaProducer> made(
      new KafkaProducer(options, stamp, health, clock, std::move(durable)));
  TOCSIN_TRY(made->client_, made->make_client());
  made->thread_ =
      std::jthread([self = made.get()](const std::stop_token& stop) { self->work(stop); });
  return made;
}

KafkaProducer::KafkaProducer(const KafkaOptions& options, Stamp stamp, KafkaHealth& health,
                             const Clock& clock, Durable durable)
    : options_(options),
      stamp_(stamp),
      health_(health),
      clock_(clock),
      durable_(std::move(durable)) {}

Result<std::unique_ptr<KafkaClient>> KafkaProducer::make_client() {
  return KafkaClient::make(KafkaClient::Kind::producer, options_,
                           {[this](const std::string& line) { health_.log(line); },
                            [this](std::string why) { health_.failed(0, std::move(why)); },
                            [this](std::string why) {
                              health_.failed(0,
                                             "the producer had to be made anew: " + std::move(why));
                              broken_ = true;
                            },
                            [this](const rd_kafka_message_t& message) { delivered(message); }});
}

KafkaProducer::~KafkaProducer() {
  refuse("tocsin is stopping");
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  settle(*client_, options_.patience + kLastReports);
  for (auto& [id, pending] : pending_)
    if (pending.done) pending.done({Outcome::unknown, 0, "tocsin stopped before Kafka answered"});
}

void KafkaProducer::refuse(std::string why) {
  const std::lock_guard lock(mutex_);
  refusing_ = std::move(why);
}

void KafkaProducer::append(Partition partition, const std::vector<Record>& records,
                           AppendDone done) {
  if (records.size() > kMostRecordsInMessage)
    return done({Outcome::refused, 0,
                 "one append may have " + std::to_string(kMostRecordsInMessage) + " records, not " +
                     std::to_string(records.size())});
  send(partition, records_frame(stamp_, records), std::move(done));
}

void KafkaProducer::identify(AppendDone done) { send(0, identity_frame(stamp_), std::move(done)); }

void KafkaProducer::send(Partition partition, std::string bytes, AppendDone done) {
  std::string why;
  std::uint64_t id = 0;
  {
    const std::lock_guard lock(mutex_);
    if (!refusing_.empty())
      why = refusing_;
    else if (waiting_bytes_ + bytes.size() > options_.most_waiting_bytes)
      why = "the journal already has " + std::to_string(options_.most_waiting_bytes) +
            " bytes waiting for Kafka; try again later";
    if (why.empty()) {
      id = ++last_id_;
      waiting_bytes_ += bytes.size();
      if (!done) probes_[partition] = id;
      pending_.emplace(id, Pending{partition, bytes.size(), std::move(done)});
    }
  }
  if (why.empty()) {
    why = hand_over(partition, bytes, id);
    if (why.empty()) return;
    done = std::move(take(id)->done);
  }
  if (done) done({Outcome::refused, 0, why});
}

// librdkafka's macros are GNU statement expressions, which clang's -Wpedantic refuses.
#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wgnu-statement-expression"
#endif
// Empty, or why the message was not taken.
std::string KafkaProducer::hand_over(Partition partition, const std::string& bytes,
                                     std::uint64_t id) {
  const std::shared_lock lock(client_mutex_);
  // librdkafka does not write through this pointer when it copies.
  void* const payload = const_cast<char*>(bytes.data());
  const auto error = rd_kafka_producev(
      client_->get(), RD_KAFKA_V_TOPIC(options_.topic.c_str()), RD_KAFKA_V_PARTITION(partition),
      RD_KAFKA_V_VALUE(payload, bytes.size()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
      RD_KAFKA_V_OPAQUE(reinterpret_cast<void*>(id)), RD_KAFKA_V_END);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return "";
  std::string why = std::string("Kafka: ") + rd_kafka_err2str(error);
  // Too many or too large: nothing is broken.
  if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL && error != RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
    health_.failed(partition, why);
  return why;
}
#pragma GCC diagnostic pop

std::optional<KafkaProducer::Pending> KafkaProducer::take(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = pending_.find(id);
  if (found == pending_.end()) return std::nullopt;
  Pending pending = std::move(found->second);
  pending_.erase(found);
  waiting_bytes_ -= pending.bytes;
  if (!pending.done) probes_.erase(pending.partition);
  return pending;
}

void KafkaProducer::delivered(const rd_kafka_message_t& message) {
  const auto pending = take(reinterpret_cast<std::uint64_t>(message._private));
  if (!pending) return;
  Appended answer;
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    health_.worked(pending->partition);
    // A broker that had it already, from before a broken connection, may not say where.
    if (message.offset >= 0) {
      durable_(pending->partition, message.offset + 1);
      answer = {Outcome::durable, last_position_of(message.offset), ""};
    } else {
      answer = {Outcome::unknown, 0, "Kafka has the record and does not say where"};
    }
  } else {
    const std::string why = "partition " + std::to_string(pending->partition) + " of topic " +
                            options_.topic + ": " + rd_kafka_err2str(message.err);
    const bool refused = refused_for_good(message);
    answer = {refused ? Outcome::refused : Outcome::unknown, 0, why};
    if (!refused || is_forbidden(message)) health_.failed(pending->partition, why);
  }
  if (pending->done) pending->done(answer);
}

void KafkaProducer::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    client_->poll(kPollFor);
    if (broken_) renew();
    probe();
  }
}

void KafkaProducer::renew() {
  auto made = make_client();
  if (!made) return;
  std::unique_ptr<KafkaClient> old = std::move(*made);
  {
    const std::unique_lock lock(client_mutex_);
    std::swap(client_, old);
  }
  broken_ = false;
  settle(*old, Duration::zero());
}

// Without this a node that is taken out of service for its trouble would get no append that ends
// it.
void KafkaProducer::probe() {
  const Duration now = clock_.now().elapsed;
  if (now - probed_at_ < kProbeEvery) return;
  probed_at_ = now;
  for (const Partition partition : health_.failing()) {
    {
      const std::lock_guard lock(mutex_);
      if (probes_.contains(partition)) continue;
    }
    send(partition, identity_frame(stamp_), nullptr);
  }
}

// Collects the client's reports; what has none by then is given up, and that is reported as well.
void KafkaProducer::settle(KafkaClient& client, Duration patience) {
  if (patience > Duration::zero()) rd_kafka_flush(client.get(), milliseconds(patience));
  rd_kafka_purge(client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_flush(client.get(), milliseconds(kLastReports));
}

}  // namespace tocsin::journal

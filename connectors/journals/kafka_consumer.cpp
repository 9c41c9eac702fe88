#include "connectors/journals/kafka_consumer.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>

namespace tocsin::journal {
namespace {

constexpr Duration kPause = std::chrono::milliseconds(100);

using What = KafkaConsumer::Event::What;

What meaning_of(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      return What::message;
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      return What::end;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      return What::lost;
    default:
      return What::failing;
  }
}

}  // namespace

Result<std::unique_ptr<KafkaConsumer>> KafkaConsumer::make(KafkaClient::Kind kind,
                                                           const KafkaOptions& options,
                                                           KafkaListeners listeners) {
  TOCSIN_TRY(auto client, KafkaClient::make(kind, options, std::move(listeners)));
  std::unique_ptr<KafkaConsumer> made(new KafkaConsumer(options, std::move(client)));
  if (!made->topic_)
    return invalid("\"" + options.topic +
                   "\" is no name of a Kafka topic; use letters, digits, "
                   "dots, dashes and underscores");
  return made;
}

KafkaConsumer::KafkaConsumer(const KafkaOptions& options, std::unique_ptr<KafkaClient> client)
    : topic_name_(options.topic),
      client_(std::move(client)),
      topic_(rd_kafka_topic_new(client_->get(), options.topic.c_str(), nullptr)),
      queue_(rd_kafka_queue_new(client_->get())) {}

KafkaConsumer::~KafkaConsumer() {
  while (!started_.empty()) stop(started_.begin()->first);
}

Status KafkaConsumer::start(Partition partition, Offset offset) {
  stop(partition);
  const Offset from = offset == kFirst ? Offset{RD_KAFKA_OFFSET_BEGINNING} : offset;
  if (rd_kafka_consume_start_queue(topic_.get(), partition, from, queue_.get()) == -1)
    return unavailable("partition " + std::to_string(partition) + " of topic " + topic_name_ +
                       " cannot be read: " + rd_kafka_err2str(rd_kafka_last_error()));
  started_[partition] = offset;
  return ok();
}

void KafkaConsumer::stop(Partition partition) {
  if (started_.erase(partition) == 0) return;
  rd_kafka_consume_stop(topic_.get(), partition);
}

std::optional<KafkaConsumer::Event> KafkaConsumer::next(Duration most) {
  rd_kafka_poll(client_->get(), 0);  // errors of the whole client
  const MessageHandle message(rd_kafka_consume_queue(queue_.get(), milliseconds(most)));
  if (!message) return std::nullopt;
  Event event;
  event.what = meaning_of(message->err);
  event.partition = static_cast<Partition>(message->partition);
  event.offset = message->offset;
  if (event.what == What::message)
    event.bytes.assign(static_cast<const char*>(message->payload), message->len);
  else
    event.why = "partition " + std::to_string(event.partition) + " of topic " + topic_name_ + ": " +
                rd_kafka_message_errstr(message.get());
  // Of a partition that was stopped in the meantime.
  if (message->partition < 0 || !started_.contains(event.partition)) event.what = What::failing;
  return event;
}

// A partition that was made or moved just now may have no leader for a moment.
Result<KafkaConsumer::Range> KafkaConsumer::range(Partition partition, Duration most) const {
  Range range;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  for (auto left = std::max<Duration::rep>(1, most / kPause); left > 0; --left) {
    error = rd_kafka_query_watermark_offsets(client_->get(), topic_name_.c_str(), partition,
                                             &range.first, &range.end, milliseconds(most));
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return range;
    if (error == RD_KAFKA_RESP_ERR__TIMED_OUT) break;  // all of the time is over
    client_->poll(kPause);
  }
  return unavailable("where partition " + std::to_string(partition) + " of topic " + topic_name_ +
                     " ends cannot be asked: " + rd_kafka_err2str(error));
}

// One request to each broker, however many partitions: a request may wait behind a fetch, and so
// may the next.
Result<std::vector<Offset>> KafkaConsumer::ask_all(std::int64_t time, Partition partitions,
                                                   Duration most) const {
  const std::unique_ptr<rd_kafka_topic_partition_list_t,
                        decltype(&rd_kafka_topic_partition_list_destroy)>
      list(rd_kafka_topic_partition_list_new(partitions), rd_kafka_topic_partition_list_destroy);
  for (Partition partition = 0; partition < partitions; ++partition)
    rd_kafka_topic_partition_list_add(list.get(), topic_name_.c_str(), partition)->offset = time;
  const auto failed = [&](rd_kafka_resp_err_t error) {
    return unavailable("what topic " + topic_name_ +
                       " had at a time cannot be asked: " + rd_kafka_err2str(error));
  };
  const auto error = rd_kafka_offsets_for_times(client_->get(), list.get(), milliseconds(most));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return failed(error);
  std::vector<Offset> offsets(partitions);
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& found = list->elems[i];
    if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) return failed(found.err);
    offsets.at(static_cast<std::size_t>(found.partition)) = found.offset;
  }
  return offsets;
}

Result<std::vector<Offset>> KafkaConsumer::offsets_at(WallTime time, Partition partitions,
                                                      Duration most) const {
  TOCSIN_TRY(std::vector<Offset> offsets,
             ask_all(milliseconds64(time.time_since_epoch()), partitions, most));
  const auto is_none = [](Offset offset) { return offset < 0; };
  if (std::none_of(offsets.begin(), offsets.end(), is_none)) return offsets;
  // Nothing is as late as that.
  TOCSIN_TRY(const std::vector<Offset> ends, ask_all(RD_KAFKA_OFFSET_END, partitions, most));
  for (std::size_t i = 0; i < offsets.size(); ++i)
    if (is_none(offsets[i])) offsets[i] = ends[i];
  return offsets;
}

Result<std::vector<Offset>> KafkaConsumer::beginnings(Partition partitions, Duration most) const {
  return ask_all(RD_KAFKA_OFFSET_BEGINNING, partitions, most);
}

std::optional<Offset> KafkaConsumer::known_end(Partition partition) const {
  Range range;
  const auto error = rd_kafka_get_watermark_offsets(client_->get(), topic_name_.c_str(), partition,
                                                    &range.first, &range.end);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR || range.end < 0) return std::nullopt;
  return range.end;
}

}  // namespace tocsin::journal

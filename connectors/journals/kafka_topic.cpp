#include "connectors/journals/kafka_topic.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace tocsin::journal {
namespace {

constexpr std::size_t kErrorBytes = 512;
constexpr int kUsualReplication = 3;
constexpr int kUsualInSync = 2;
/// A day's file at most, and never a very large one: retention removes whole files.
constexpr Duration kSegmentSpan = std::chrono::hours(24);
constexpr std::size_t kSegmentBytes = 256u << 20;
/// A node that was away, and an incident that is open, must find what they need.
constexpr Duration kLeastRetention = std::chrono::hours(24 * 7);
constexpr Duration kPause = std::chrono::milliseconds(100);

struct Deleter {
  void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
  void operator()(rd_kafka_AdminOptions_t* options) const {
    rd_kafka_AdminOptions_destroy(options);
  }
  void operator()(rd_kafka_ConfigResource_t* resource) const {
    rd_kafka_ConfigResource_destroy(resource);
  }
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
};
template <class T>
using Handle = std::unique_ptr<T, Deleter>;

struct Shape {
  std::string cluster;
  int brokers = 0;
  bool exists = false;
  int partitions = 0;
  int least_copies = 0;
  bool led = true;  // every partition has a leader
};

Result<Shape> look(KafkaConsumer& consumer, const KafkaOptions& options) {
  rd_kafka_t* const client = consumer.client().get();
  const TopicHandle topic(rd_kafka_topic_new(client, options.topic.c_str(), nullptr));
  const struct rd_kafka_metadata* found = nullptr;  // there is a function of that name as well
  const auto error =
      rd_kafka_metadata(client, 0, topic.get(), &found, milliseconds(options.open_within));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return unavailable("no Kafka broker of " + options.brokers + " answered within " +
                       format_duration(options.open_within) + ": " + rd_kafka_err2str(error));
  Shape shape;
  shape.brokers = found->broker_cnt;
  if (found->topic_cnt == 1) {
    const rd_kafka_metadata_topic& seen = found->topics[0];
    shape.exists = seen.err == RD_KAFKA_RESP_ERR_NO_ERROR && seen.partition_cnt > 0;
    shape.partitions = seen.partition_cnt;
    shape.least_copies = seen.partition_cnt > 0 ? seen.partitions[0].replica_cnt : 0;
    for (int i = 0; i < seen.partition_cnt; ++i) {
      shape.least_copies = std::min(shape.least_copies, seen.partitions[i].replica_cnt);
      shape.led = shape.led && seen.partitions[i].leader >= 0;
    }
    if (seen.err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
      rd_kafka_metadata_destroy(found);
      return invalid("the brokers do not let this user see topic " + options.topic +
                     "; allow it to describe, read and write the topic");
    }
  }
  rd_kafka_metadata_destroy(found);
  if (char* id = rd_kafka_clusterid(client, milliseconds(options.open_within))) {
    shape.cluster = id;
    rd_kafka_mem_free(client, id);
  }
  return shape;
}

std::map<std::string, std::string> settings_for(const KafkaOptions& options, int copies) {
  const auto text = [](Duration span) { return std::to_string(milliseconds64(span)); };
  return {{"cleanup.policy", "delete"},
          {"retention.ms", text(options.retention)},
          {"retention.bytes", "-1"},
          {"segment.ms", text(kSegmentSpan)},
          {"segment.bytes", std::to_string(kSegmentBytes)},
          {"max.message.bytes", std::to_string(kMostMessageBytes)},
          {"min.insync.replicas", std::to_string(copies >= kUsualReplication ? kUsualInSync : 1)},
          {"unclean.leader.election.enable", "false"},
          // Retention goes by the broker's clock: a node with a wrong one must not undo it.
          {"message.timestamp.type", "LogAppendTime"}};
}

Status create(KafkaConsumer& consumer, const KafkaOptions& options, int brokers) {
  rd_kafka_t* const client = consumer.client().get();
  const int copies =
      options.replication > 0 ? options.replication : std::clamp(brokers, 1, kUsualReplication);
  std::array<char, kErrorBytes> text{};
  const Handle<rd_kafka_NewTopic_t> topic(rd_kafka_NewTopic_new(
      options.topic.c_str(), options.partitions, copies, text.data(), text.size()));
  if (!topic) return invalid("topic " + options.topic + " cannot be made: " + text.data());
  for (const auto& [key, value] : settings_for(options, copies))
    rd_kafka_NewTopic_set_config(topic.get(), key.c_str(), value.c_str());
  const QueueHandle queue(rd_kafka_queue_new(client));
  rd_kafka_NewTopic_t* topics[] = {topic.get()};
  rd_kafka_CreateTopics(client, topics, 1, nullptr, queue.get());
  const Handle<rd_kafka_event_t> event(
      rd_kafka_queue_poll(queue.get(), milliseconds(options.open_within)));
  if (!event || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return unavailable("topic " + options.topic + " could not be made: " +
                       (event ? rd_kafka_event_error_string(event.get()) : "no answer in time"));
  std::size_t count = 0;
  const auto* results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  const auto error =
      count == 1 ? rd_kafka_topic_result_error(results[0]) : RD_KAFKA_RESP_ERR_NO_ERROR;
  // Another node was quicker.
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
    return ok();
  const char* why = rd_kafka_topic_result_error_string(results[0]);
  return invalid("topic " + options.topic + " could not be made: " +
                 (why != nullptr ? why : rd_kafka_err2str(error)) + "; make it by hand with " +
                 std::to_string(options.partitions) + " partitions, or let this user make topics");
}

std::optional<std::map<std::string, std::string>> settings_of(KafkaConsumer& consumer,
                                                              const KafkaOptions& options) {
  rd_kafka_t* const client = consumer.client().get();
  const Handle<rd_kafka_ConfigResource_t> resource(
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, options.topic.c_str()));
  const QueueHandle queue(rd_kafka_queue_new(client));
  rd_kafka_ConfigResource_t* resources[] = {resource.get()};
  rd_kafka_DescribeConfigs(client, resources, 1, nullptr, queue.get());
  const Handle<rd_kafka_event_t> event(
      rd_kafka_queue_poll(queue.get(), milliseconds(options.open_within)));
  const auto* result = event ? rd_kafka_event_DescribeConfigs_result(event.get()) : nullptr;
  if (result == nullptr || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return std::nullopt;
  std::size_t count = 0;
  const auto* answers = rd_kafka_DescribeConfigs_result_resources(result, &count);
  if (count != 1 || rd_kafka_ConfigResource_error(answers[0]) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return std::nullopt;
  std::map<std::string, std::string> found;
  const auto* entries = rd_kafka_ConfigResource_configs(answers[0], &count);
  for (std::size_t i = 0; i < count; ++i)
    if (const char* value = rd_kafka_ConfigEntry_value(entries[i]))
      found[rd_kafka_ConfigEntry_name(entries[i])] = value;
  return found;
}

std::int64_t number(const std::map<std::string, std::string>& settings, const char* key,
                    std::int64_t otherwise) {
  const auto found = settings.find(key);
  if (found == settings.end()) return otherwise;
  return std::strtoll(found->second.c_str(), nullptr, 10);
}

std::vector<std::string> weaknesses(const Shape& shape,
                                    const std::map<std::string, std::string>& settings,
                                    const std::string& name) {
  std::vector<std::string> weak;
  const std::string topic = "topic " + name + ": ";
  if (shape.least_copies < kUsualReplication)
    weak.push_back(topic + "only " + std::to_string(shape.least_copies) +
                   " copies of its records; a broker that is lost takes accepted alerts with it. "
                   "Use three brokers and a replication factor of 3");
  const std::int64_t in_sync = number(settings, "min.insync.replicas", kUsualInSync);
  if (in_sync < kUsualInSync)
    weak.push_back(topic + "min.insync.replicas is " + std::to_string(in_sync) +
                   ", so a record counts with a single copy. Set it to 2");
  if (in_sync > 1 && in_sync >= shape.least_copies)
    weak.push_back(topic + "min.insync.replicas is " + std::to_string(in_sync) + " of " +
                   std::to_string(shape.least_copies) +
                   " copies, so one broker away stops it. Use a larger replication factor");
  const std::int64_t kept = number(settings, "retention.ms", -1);
  if (kept >= 0 && kept < milliseconds64(kLeastRetention))
    weak.push_back(topic + "retention.ms keeps records for " +
                   format_duration(std::chrono::milliseconds(kept)) + "; set it to " +
                   format_duration(kLeastRetention) +
                   " at least, or nodes that were away and "
                   "explanations of earlier decisions miss them");
  if (number(settings, "retention.bytes", -1) >= 0)
    weak.push_back(topic +
                   "retention.bytes is set, so a storm of alerts shortens how long records "
                   "are kept. Set it to -1 and watch the disk instead");
  if (number(settings, "max.message.bytes", kMostMessageBytes) < std::int64_t{kMostMessageBytes})
    weak.push_back(
        topic + "max.message.bytes is " + std::to_string(number(settings, "max.message.bytes", 0)) +
        ", so larger requests are refused. Set it to " + std::to_string(kMostMessageBytes));
  const auto unclean = settings.find("unclean.leader.election.enable");
  if (unclean != settings.end() && unclean->second != "false")
    weak.push_back(topic +
                   "unclean.leader.election.enable lets a broker that misses records take "
                   "over. Set it to false");
  return weak;
}

}  // namespace

Result<KafkaTopic> prepare_topic(KafkaConsumer& consumer, const KafkaOptions& options) {
  TOCSIN_TRY(Shape shape, look(consumer, options));
  if (!shape.exists) {
    TOCSIN_TRY([[maybe_unused]] const Unit made, create(consumer, options, shape.brokers));
  }
  for (auto left = options.open_within / kPause; (!shape.exists || !shape.led) && left > 0;
       --left) {
    consumer.client().poll(kPause);
    TOCSIN_TRY(shape, look(consumer, options));
  }
  if (!shape.exists)
    return unavailable("topic " + options.topic + " was made and is not to be seen yet");
  if (!shape.led)
    return unavailable("topic " + options.topic +
                       " has partitions without a leader; are enough brokers up?");
  if (shape.partitions != options.partitions)
    return invalid("topic " + options.topic + " has " + std::to_string(shape.partitions) +
                   " partitions and the configuration says " + std::to_string(options.partitions) +
                   "; the number is fixed when a topic is made: say " +
                   std::to_string(shape.partitions) + ", or name another topic");
  KafkaTopic topic{shape.cluster, {}};
  const auto settings = settings_of(consumer, options);
  if (settings) {
    const auto policy = settings->find("cleanup.policy");
    if (policy != settings->end() && policy->second != "delete")
      return invalid("topic " + options.topic + " has cleanup.policy " + policy->second +
                     ", which would drop records by their key; set it to delete");
    topic.warnings = weaknesses(shape, *settings, options.topic);
  } else {
    topic.warnings = weaknesses(shape, {}, options.topic);
    topic.warnings.push_back("topic " + options.topic +
                             ": its settings could not be read, so nobody knows whether they are "
                             "strong enough. Allow this user to describe its configuration");
  }
  return topic;
}

}  // namespace tocsin::journal

#include "connectors/journals/kafka_client.hpp"

#include <librdkafka/rdkafka.h>
#include <syslog.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstring>

#include "connectors/journals/kafka_frame.hpp"

namespace tocsin::journal {
namespace {

using Properties = std::map<std::string, std::string>;

constexpr std::size_t kErrorBytes = 512;

// What the operator may set differently. A broker that comes back, or a leader that moves, is to be
// found within a second, and a hung one left within ten.
const Properties& usual_properties() {
  static const Properties usual{
      {"client.id", "tocsin"},         {"socket.keepalive.enable", "true"},
      {"socket.timeout.ms", "10000"},  {"socket.connection.setup.timeout.ms", "5000"},
      {"reconnect.backoff.ms", "100"}, {"reconnect.backoff.max.ms", "1000"}};
  return usual;
}

const Properties& usual_for(KafkaClient::Kind kind) {
  // Without a pause for company: it gathers while the batches before are on their way.
  static const Properties producer{{"linger.ms", "0"}, {"compression.type", "lz4"}};
  // A fetch that waits for news holds up whatever else is to be read: partitions just added, and
  // those that begin anew at another place.
  static const Properties follower{{"fetch.error.backoff.ms", "100"},
                                   {"fetch.wait.max.ms", "100"},
                                   {"queued.max.messages.kbytes", "16384"}};
  static const Properties reader{{"fetch.error.backoff.ms", "100"},
                                 {"fetch.wait.max.ms", "5"},
                                 {"queued.max.messages.kbytes", "16384"}};
  if (kind == KafkaClient::Kind::producer) return producer;
  return kind == KafkaClient::Kind::follower ? follower : reader;
}

// What must hold.
Properties ours(KafkaClient::Kind kind, const KafkaOptions& options) {
  Properties set{{"bootstrap.servers", options.brokers},
                 {"message.max.bytes", std::to_string(kMostMessageBytes)}};
  if (kind == KafkaClient::Kind::producer) {
    set.insert({{"enable.idempotence", "true"},
                {"acks", "all"},
                {"message.timeout.ms", std::to_string(milliseconds(options.patience))},
                {"delivery.report.only.error", "false"}});
  } else {
    // Nobody writes transactions here; an open one of a stranger must not hold readers up.
    set.insert({{"isolation.level", "read_uncommitted"},
                {"auto.offset.reset", "error"},
                {"enable.auto.commit", "false"},
                {"enable.auto.offset.store", "false"},
                {"enable.partition.eof", "true"},
                {"allow.auto.create.topics", "false"},
                {"check.crcs", "true"}});
  }
  return set;
}

// Also not the operator's: other names of ours, and what would change how the client works here.
constexpr std::array kNotYours{"metadata.broker.list",
                               "request.required.acks",
                               "delivery.timeout.ms",
                               "group.id",
                               "group.instance.id",
                               "transactional.id",
                               "plugin.library.paths",
                               "interceptors",
                               "enable.gapless.guarantee",
                               "auto.commit.enable",
                               "offset.store.method",
                               "max.in.flight",
                               "log_cb",
                               "max.in.flight.requests.per.connection",
                               "error_cb",
                               "dr_cb",
                               "dr_msg_cb",
                               "consume_cb",
                               "rebalance_cb",
                               "offset_commit_cb",
                               "opaque",
                               "stats_cb",
                               "throttle_cb",
                               "log.queue",
                               "enable.random.seed",
                               "topic_opaque"};

void on_error(rd_kafka_t* client, int code, const char* reason, void* opaque) {
  const auto* self = static_cast<const KafkaClient*>(opaque);
  if (code == RD_KAFKA_RESP_ERR__FATAL) {
    std::array<char, kErrorBytes> text{};
    rd_kafka_fatal_error(client, text.data(), text.size());
    if (self->listeners().fatal) self->listeners().fatal(text.data());
  } else if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
             code == RD_KAFKA_RESP_ERR__AUTHENTICATION || code == RD_KAFKA_RESP_ERR__SSL) {
    if (self->listeners().trouble) self->listeners().trouble(reason);
  } else if (self->listeners().log) {
    self->listeners().log(std::string("Kafka: ") + reason);
  }
}

void on_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  // The operator's properties are for both kinds of client, and each would say which are not its.
  if (level > LOG_WARNING || std::strcmp(facility, "CONFWARN") == 0) return;
  const auto* self = static_cast<const KafkaClient*>(rd_kafka_opaque(client));
  if (self != nullptr && self->listeners().log)
    self->listeners().log("librdkafka: " + std::string(text));
}

void on_delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  const auto* self = static_cast<const KafkaClient*>(opaque);
  if (self->listeners().delivered) self->listeners().delivered(*message);
}

// The library's own text may quote the value, which may be a password.
Status set(rd_kafka_conf_t* conf, const Properties& properties) {
  std::array<char, kErrorBytes> ignored{};
  for (const auto& [key, value] : properties) {
    const auto done =
        rd_kafka_conf_set(conf, key.c_str(), value.c_str(), ignored.data(), ignored.size());
    if (done == RD_KAFKA_CONF_UNKNOWN)
      return invalid("Kafka property " + key +
                     ": librdkafka has none of this name; its CONFIGURATION.md lists them");
    if (done != RD_KAFKA_CONF_OK)
      return invalid("Kafka property " + key +
                     ": its value is not one that librdkafka takes here; see its CONFIGURATION.md");
  }
  return ok();
}

}  // namespace

void KafkaDeleter::operator()(rd_kafka_s* client) const { rd_kafka_destroy(client); }
void KafkaDeleter::operator()(rd_kafka_topic_s* topic) const { rd_kafka_topic_destroy(topic); }
void KafkaDeleter::operator()(rd_kafka_queue_s* queue) const { rd_kafka_queue_destroy(queue); }
void KafkaDeleter::operator()(rd_kafka_message_s* message) const {
  rd_kafka_message_destroy(message);
}

std::int64_t milliseconds64(Duration duration) {
  return std::chrono::ceil<std::chrono::milliseconds>(duration).count();
}
int milliseconds(Duration duration) {
  return static_cast<int>(std::min<std::int64_t>(milliseconds64(duration), INT_MAX));
}

bool is_set_by_tocsin(const std::string& property) {
  bool taken = std::find(kNotYours.begin(), kNotYours.end(), property) != kNotYours.end();
  for (const auto kind : {KafkaClient::Kind::producer, KafkaClient::Kind::reader})
    taken = taken || ours(kind, {}).contains(property);
  return taken;
}

Status check_properties(const KafkaOptions& options) {
  for (const auto& [key, value] : options.properties) {
    if (is_set_by_tocsin(key))
      return invalid("Kafka property " + key +
                     " is set by tocsin itself, which keeps its promises by it; remove it");
  }
  return ok();
}

Result<std::unique_ptr<KafkaClient>> KafkaClient::make(Kind kind, const KafkaOptions& options,
                                                       KafkaListeners listeners) {
  TOCSIN_TRY([[maybe_unused]] const Unit fine, check_properties(options));
  std::unique_ptr<KafkaClient> made(new KafkaClient(std::move(listeners)));
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set_opaque(conf, made.get());
  rd_kafka_conf_set_error_cb(conf, on_error);
  rd_kafka_conf_set_log_cb(conf, on_log);
  if (kind == Kind::producer) rd_kafka_conf_set_dr_msg_cb(conf, on_delivered);
  for (const Properties& properties :
       {usual_properties(), usual_for(kind), options.properties, ours(kind, options)})
    if (Status done = set(conf, properties); !done) {
      rd_kafka_conf_destroy(conf);
      return std::move(done).error();
    }
  std::array<char, kErrorBytes> text{};
  const auto type = kind == Kind::producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER;
  rd_kafka_t* client = rd_kafka_new(type, conf, text.data(), text.size());
  if (client == nullptr) {
    rd_kafka_conf_destroy(conf);
    return invalid(std::string("the Kafka client cannot be made: ") + text.data() +
                   "; look at the Kafka properties");
  }
  made->client_.reset(client);
  return made;
}

KafkaClient::~KafkaClient() = default;

void KafkaClient::poll(Duration most) { rd_kafka_poll(client_.get(), milliseconds(most)); }

}  // namespace tocsin::journal

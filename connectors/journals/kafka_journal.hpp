// The journal of a cluster: one Kafka topic with explicit partitions. Every `durable` stands on a
// delivery report of an idempotent producer with acks=all. There is no consumer group, and nothing
// is ever committed as an offset: a reader's cursor is its own. router/journal/README.md has the
// pictures and the figures.
//
// Positions are of one partition: (offset + 1) * 1024 for the last record of a Kafka message, and
// tail() of two partitions cannot be compared.
//
// read() has one more error than other journals: not_found, the cursor does not fit the topic (past
// its tail, older than what retention has left, or the topic is another one than when this was
// opened). The answer is to open the journal anew and to fold anew from its beginning.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "router/core/clock.hpp"
#include "router/journal/journal.hpp"

namespace tocsin::journal {

struct KafkaOptions {
  /// host:port, separated by commas; a few of them are enough.
  std::string brokers;
  std::string topic = "tocsin";
  /// Fixed when the topic is made.
  Partition partitions = 16;
  /// An append that is not in the log by then, and about a second, is answered `unknown`.
  Duration patience = std::chrono::seconds(2);
  /// librdkafka's own properties (TLS, SASL, …), as they are; those that tocsin must set itself are
  /// an error.
  std::map<std::string, std::string> properties;
  /// 128 random bits in hexadecimal; asked when a topic has no identity yet.
  std::function<std::string()> make_identity;
  /// A line for the log; any thread may call.
  std::function<void(const std::string&)> log;
  /// How long opening may wait for the brokers, for each of its few steps.
  Duration open_within = std::chrono::seconds(10);
  /// How long a read waits for what is in the topic and not here yet.
  Duration read_within = std::chrono::seconds(1);
  /// Waiting for a delivery report; beyond it appends are refused.
  std::size_t most_waiting_bytes = 64u << 20;
  /// The last messages of all partitions, kept in memory for readers.
  std::size_t recent_bytes = 32u << 20;
  /// Copies of a topic that is made here; 0 is three, or as many as there are brokers.
  int replication = 0;
  /// How long a topic that is made here keeps records.
  Duration retention = std::chrono::hours(24 * 30);
};

/// What can be said of one of KafkaOptions::properties before any broker is asked.
struct KafkaProperty {
  std::string wrong;    // what, and the remedy, without name and value; empty: nothing
  bool secret = false;  // whether its value is one
};
/// Without a value only the name is looked at.
KafkaProperty examine_kafka_property(const std::string& name,
                                     const std::optional<std::string>& value);

class KafkaJournal : public Journal {
 public:
  /// What about the topic or the brokers is weaker than production wants, one sentence each, as
  /// found at the opening.
  virtual std::vector<std::string> warnings() const = 0;

  /// The earliest cursor that misses nothing of what is left; retention moves it on. Asks the
  /// brokers. Errors: unavailable.
  virtual Result<Cursor> beginning() const = 0;
  /// A cursor behind everything that the brokers took before `time`, by their clock: what a
  /// retention that ends there would remove. Asks the brokers. Errors: unavailable.
  virtual Result<Cursor> taken_before(WallTime time) const = 0;
};

/// Makes the topic when it is missing. Errors: invalid, a property or the topic does not fit, and
/// what to do; unavailable, no broker answers in time: try again later. The destructor waits at
/// most `patience` and some seconds for what was appended; what has no report by then is answered
/// `unknown`.
Result<std::unique_ptr<KafkaJournal>> open_kafka_journal(const KafkaOptions& options,
                                                         const Clock& clock);

}  // namespace tocsin::journal

// Which journal a topic is: the stamp that its messages carry. In a topic without one yet, a
// message with a random stamp is appended and the first in the log counts, so that two nodes that
// begin at once agree.
#pragma once

#include "connectors/journals/kafka_consumer.hpp"

namespace tocsin::journal {

/// Errors: not_found, the topic has no message of a journal; invalid, it is full of other messages;
/// unavailable.
Result<Stamp> find_stamp(const KafkaOptions& options);
/// As find_stamp(), and gives it one if it has none.
Result<Stamp> establish_stamp(const KafkaOptions& options, const Clock& clock);

}  // namespace tocsin::journal

// Kafka's journal, for the contract suite: as it is, and with windows so small that nearly every
// read goes to the broker.
#include "tests/journal/subject.hpp"

#include "tests/catch.hpp"
#include "tests/kafka/broker.hpp"

namespace tocsin::journal::testing {

Subject each_journal() {
  KafkaOptions options = options_for(new_topic());
  const bool small = GENERATE(false, true);
  if (small) options.recent_bytes = 1;
  return {small ? "kafka with small windows" : "kafka", {}, open(options)};
}

}  // namespace tocsin::journal::testing

#include "connectors/journals/kafka_identity.hpp"

#include <future>

#include "connectors/journals/kafka_health.hpp"
#include "connectors/journals/kafka_producer.hpp"

namespace tocsin::journal {
namespace {

/// The first message of a journal is nearly always the first of all.
constexpr int kMostLookedAt = 10'000;
constexpr Duration kSlice = std::chrono::milliseconds(100);

using What = KafkaConsumer::Event::What;

Error foreign(const KafkaOptions& options) {
  return invalid("topic " + options.topic +
                 " is full of messages that are not tocsin's; name another topic");
}

}  // namespace

// The first message with records says it. Before any, the first of kind `identity` does: after a
// race there are several, and everybody has written under the first.
Result<Stamp> find_stamp(const KafkaOptions& options) {
  TOCSIN_TRY(const auto consumer,
             KafkaConsumer::make(KafkaClient::Kind::reader, options, {options.log, {}, {}, {}}));
  TOCSIN_TRY(const KafkaConsumer::Range range, consumer->range(0, options.open_within));
  std::optional<Stamp> first;
  const auto none = not_found("topic " + options.topic + " has no identity");
  if (range.first == range.end) return none;
  TOCSIN_TRY([[maybe_unused]] const Unit started, consumer->start(0, range.first));
  int looked = 0;
  for (auto slices = options.open_within / kSlice; slices > 0;) {
    auto event = consumer->next(kSlice);
    if (!event || event->what == What::failing) {
      --slices;
      continue;
    }
    if (event->what == What::lost) return unavailable(event->why + "; it changed just now");
    if (event->what == What::message) {
      if (const auto frame = decode_frame(event->bytes)) {
        if (frame->kind == Frame::Kind::records) return frame->stamp;
        if (!first) first = frame->stamp;
      }
      if (++looked > kMostLookedAt) return first ? Result<Stamp>(*first) : foreign(options);
    }
    const Offset next = event->what == What::message ? event->offset + 1 : event->offset;
    if (next >= range.end) return first ? Result<Stamp>(*first) : none;
  }
  return unavailable("the beginning of topic " + options.topic + " could not be read within " +
                     format_duration(options.open_within));
}

Result<Stamp> establish_stamp(const KafkaOptions& options, const Clock& clock) {
  Result<Stamp> found = find_stamp(options);
  if (found || found.error().kind != ErrorKind::not_found) return found;
  TOCSIN_CHECK(options.make_identity, "a journal that may be made needs a maker of identities");
  KafkaOptions once = options;
  once.patience = options.open_within;
  KafkaHealth health(options.log);
  std::promise<Appended> promise;
  {
    TOCSIN_TRY(const auto producer, KafkaProducer::make(once, stamp_of(options.make_identity()),
                                                        health, clock, [](Partition, Offset) {}));
    producer->identify([&promise](const Appended& appended) { promise.set_value(appended); });
  }
  const Appended appended = promise.get_future().get();
  if (!appended.durable())
    return unavailable("a new topic could not be given its identity: " + appended.why);
  return find_stamp(options);
}

}  // namespace tocsin::journal

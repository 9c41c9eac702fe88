#include "connectors/journals/kafka_journal.hpp"

#include <algorithm>
#include <atomic>

#include "connectors/journals/kafka_catch_up.hpp"
#include "connectors/journals/kafka_edges.hpp"
#include "connectors/journals/kafka_follower.hpp"
#include "connectors/journals/kafka_identity.hpp"
#include "connectors/journals/kafka_producer.hpp"
#include "connectors/journals/kafka_topic.hpp"

namespace tocsin::journal {
namespace {

class TopicJournal final : public KafkaJournal {
 public:
  TopicJournal(const KafkaOptions& options, KafkaTopic topic, Stamp stamp)
      : options_(options),
        stamp_(stamp),
        topic_(std::move(topic)),
        health_(options.log),
        windows_(options.partitions, options.recent_bytes),
        catch_up_(options, health_) {}

  Status start(const Clock& clock);

  Partition partitions() const override { return options_.partitions; }
  void append(Partition partition, std::vector<Record> records, AppendDone done) override;
  Result<Batch> read(Cursor& cursor, std::size_t most) override;
  Position tail(Partition partition) const override;
  std::uint64_t behind(const Cursor& cursor) const override;
  Identity identity() const override;
  void on_commit(std::function<void()> listener) override {
    follower_->on_messages(std::move(listener));
  }
  std::string trouble() const override;
  std::vector<std::string> warnings() const override { return topic_.warnings; }
  // The broker forgets by itself, by its own retention; these only look.
  Position first(Partition partition) const override {
    const auto before = edges_->beginning(partition);
    return before ? *before + 1 : 1;
  }
  Position droppable(Partition partition, WallTime before) const override {
    return edges_->taken_before(before, partition).value_or(0);
  }
  Status drop(const Cursor&) override { return ok(); }
  Result<Cursor> beginning() const override { return edges_->beginning(); }
  Result<Cursor> taken_before(WallTime time) const override { return edges_->taken_before(time); }

 private:
  /// Where a reader stands, seen from the windows.
  struct Standing {
    std::vector<KafkaCatchUp::Want> older;
    bool pending = false;
    bool moved = false;  // past messages, which may have had no records
  };

  Result<Standing> read_windows(Cursor& cursor, std::size_t most, Batch& batch);
  Status read_older(const std::vector<KafkaCatchUp::Want>& older, std::size_t most, Cursor& cursor,
                    Batch& batch);
  Status confirm(Partition partition, Position position);
  void add(Partition partition, const KafkaMessage& message, Cursor& cursor, Batch& batch) const;
  void lose(std::string why);
  std::string lost() const;

  const KafkaOptions options_;
  const Stamp stamp_;
  const KafkaTopic topic_;
  KafkaHealth health_;
  mutable KafkaWindows windows_;
  KafkaCatchUp catch_up_;
  std::atomic<unsigned> turn_ = 0;  // which partition a read begins with
  mutable std::mutex lost_mutex_;
  std::string lost_;
  // Last and in this order: the follower's thread may still speak to the producer, and the
  // producer's answers need the windows alone.
  std::unique_ptr<KafkaProducer> producer_;
  std::unique_ptr<KafkaFollower> follower_;
  std::unique_ptr<KafkaEdges> edges_;
};

Status TopicJournal::start(const Clock& clock) {
  TOCSIN_TRY(producer_, KafkaProducer::make(options_, stamp_, health_, clock,
                                            [this](Partition partition, Offset end) {
                                              windows_.extend(partition, end);
                                            }));
  TOCSIN_TRY(follower_, KafkaFollower::start(options_, stamp_, health_, windows_,
                                             [this](std::string why) { lose(std::move(why)); }));
  edges_ = std::make_unique<KafkaEdges>(*follower_, clock);
  return ok();
}

void TopicJournal::append(Partition partition, std::vector<Record> records, AppendDone done) {
  TOCSIN_CHECK(partition < options_.partitions, "partitions are computed modulo their count");
  if (records.empty()) return done({Appended::Outcome::durable, tail(partition), ""});
  producer_->append(partition, records, std::move(done));
}

Position TopicJournal::tail(Partition partition) const {
  if (const auto end = follower_->known_end(partition)) windows_.extend(partition, *end);
  return position_before(windows_.end(partition));
}

// In messages, each of which has a record at least.
std::uint64_t TopicJournal::behind(const Cursor& cursor) const {
  std::uint64_t records = 0;
  for (Partition p = 0; p < partitions() && p < cursor.size(); ++p) {
    const Position end = tail(p);
    records += (end - std::min(end, cursor[p])) / kMostRecordsInMessage;
  }
  return records;
}

// The cluster belongs to it: a topic that was mirrored elsewhere has other offsets.
Identity TopicJournal::identity() const {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text.push_back(kDigits[stamp_ >> shift & 0xf]);
  return "kafka-" + topic_.cluster + "-" + text;
}

std::string TopicJournal::trouble() const {
  std::string why = lost();
  return why.empty() ? health_.trouble() : why;
}

void TopicJournal::lose(std::string why) {
  {
    const std::lock_guard lock(lost_mutex_);
    if (!lost_.empty()) return;
    lost_ = why + "; it is to be opened anew, and folded from its beginning";
  }
  health_.log("Kafka: " + lost());
  producer_->refuse(lost());
}

std::string TopicJournal::lost() const {
  const std::lock_guard lock(lost_mutex_);
  return lost_;
}

Result<Batch> TopicJournal::read(Cursor& cursor, std::size_t most) {
  cursor.resize(options_.partitions);
  most = std::max<std::size_t>(most, 1);
  Batch batch;
  while (true) {
    if (const std::string why = lost(); !why.empty()) return not_found(why);
    const std::uint64_t seen = windows_.changes();
    TOCSIN_TRY(const Standing standing, read_windows(cursor, most, batch));
    if (!standing.older.empty()) {
      const Status read = read_older(standing.older, most, cursor, batch);
      if (!read && (read.error().kind != ErrorKind::unavailable || batch.entries.empty()))
        return read.error();
      // What was behind may have come to where the windows begin.
      TOCSIN_TRY([[maybe_unused]] const Standing closer, read_windows(cursor, most, batch));
    }
    if (!batch.entries.empty() || !batch.damaged.empty()) return batch;
    if (!standing.older.empty() || standing.moved) continue;
    if (!standing.pending) return batch;
    if (!windows_.wait_for_change(seen, options_.read_within))
      return unavailable("topic " + options_.topic + " goes on, and what is there did not come " +
                         "within " + format_duration(options_.read_within));
  }
}

// Each read begins with another partition, so that none waits behind a busy one.
Result<TopicJournal::Standing> TopicJournal::read_windows(Cursor& cursor, std::size_t most,
                                                          Batch& batch) {
  Standing standing;
  const unsigned first = turn_++;
  for (unsigned i = 0; i < options_.partitions; ++i) {
    const auto partition = static_cast<Partition>((first + i) % options_.partitions);
    Position& at = cursor[partition];
    if (batch.entries.size() >= most) break;
    tail(partition);  // so that the window knows of what was fetched and is on its way
    const auto slice = windows_.read(partition, at, most - batch.entries.size());
    using Place = KafkaWindows::Place;
    if (slice.place == Place::older) {
      const Offset from = at == 0 ? KafkaConsumer::kFirst : offset_after(at);
      standing.older.push_back({partition, from, slice.next});
    } else if (slice.place == Place::beyond) {
      TOCSIN_TRY([[maybe_unused]] const Unit there, confirm(partition, at));
      standing.pending = true;
    } else {
      standing.pending = standing.pending || slice.place == Place::pending;
      standing.moved = standing.moved || !slice.messages.empty();
      for (const auto& message : slice.messages) add(partition, *message, cursor, batch);
      at = std::max(at, position_before(slice.next));
    }
  }
  return standing;
}

// Another node may have stored a position that this one has not seen yet: only the broker knows.
Status TopicJournal::confirm(Partition partition, Position position) {
  TOCSIN_TRY(const KafkaConsumer::Range range, follower_->ask_range(partition));
  const Offset end = range.end;
  if (position > position_before(end))
    return not_found("position " + std::to_string(position) + " is past the end of partition " +
                     std::to_string(partition) + " of topic " + options_.topic + ", " +
                     std::to_string(position_before(end)) +
                     "; open the journal anew and fold from its beginning");
  windows_.extend(partition, end);
  return ok();
}

Status TopicJournal::read_older(const std::vector<KafkaCatchUp::Want>& older, std::size_t most,
                                Cursor& cursor, Batch& batch) {
  const bool urgent = batch.entries.empty();
  TOCSIN_TRY(const auto found,
             catch_up_.read(older, most, urgent ? options_.read_within : Duration::zero()));
  for (const KafkaCatchUp::Found& each : found) {
    if (each.is_message)
      add(each.partition, each.message, cursor, batch);
    else
      cursor[each.partition] =
          std::max(cursor[each.partition], position_before(each.message.offset));
  }
  return ok();
}

void TopicJournal::add(Partition partition, const KafkaMessage& message, Cursor& cursor,
                       Batch& batch) const {
  unpack(message, {options_.topic, partition, options_.partitions, stamp_}, cursor, batch);
}

}  // namespace

Result<std::unique_ptr<KafkaJournal>> open_kafka_journal(const KafkaOptions& options,
                                                         const Clock& clock) {
  TOCSIN_CHECK(options.partitions > 0, "a journal has at least one partition");
  TOCSIN_TRY(const auto consumer,
             KafkaConsumer::make(KafkaClient::Kind::reader, options, {options.log, {}, {}, {}}));
  TOCSIN_TRY(KafkaTopic topic, prepare_topic(*consumer, options));
  TOCSIN_TRY(const Stamp stamp, establish_stamp(options, clock));
  auto journal = std::make_unique<TopicJournal>(options, std::move(topic), stamp);
  TOCSIN_TRY([[maybe_unused]] const Unit started, journal->start(clock));
  return std::unique_ptr<KafkaJournal>(std::move(journal));
}

}  // namespace tocsin::journal

#include "connectors/journals/kafka_follower.hpp"

#include "connectors/journals/kafka_identity.hpp"

namespace tocsin::journal {
namespace {

/// Before the end, so that a node that was away for a moment finds what it missed in memory.
constexpr Offset kHeadStart = 1000;
constexpr Duration kSlice = std::chrono::milliseconds(100);
/// The listener is called at least after so many messages.
constexpr int kMostAtOnce = 1000;

using Event = KafkaConsumer::Event;

}  // namespace

Result<std::unique_ptr<KafkaFollower>> KafkaFollower::start(const KafkaOptions& options,
                                                            Stamp stamp, KafkaHealth& health,
                                                            KafkaWindows& windows, Lost lost) {
  std::unique_ptr<KafkaFollower> made(
      new KafkaFollower(options, stamp, health, windows, std::move(lost)));
  TOCSIN_TRY([[maybe_unused]] const Unit begun, made->begin());
  made->thread_ =
      std::jthread([self = made.get()](const std::stop_token& stop) { self->work(stop); });
  return made;
}

KafkaFollower::KafkaFollower(const KafkaOptions& options, Stamp stamp, KafkaHealth& health,
                             KafkaWindows& windows, Lost lost)
    : options_(options),
      stamp_(stamp),
      health_(health),
      windows_(windows),
      lost_(std::move(lost)) {}

KafkaFollower::~KafkaFollower() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

Status KafkaFollower::begin() {
  TOCSIN_TRY(consumer_,
             KafkaConsumer::make(KafkaClient::Kind::follower, options_,
                                 {[this](const std::string& line) { health_.log(line); },
                                  [this](std::string why) { health_.failed(0, std::move(why)); },
                                  {},
                                  {}}));
  for (Partition partition = 0; partition < options_.partitions; ++partition) {
    TOCSIN_TRY(const KafkaConsumer::Range range, consumer_->range(partition, options_.open_within));
    const Offset from = std::max(range.first, range.end - kHeadStart);
    windows_.begin_at(partition, from, range.end, from == range.first);
    TOCSIN_TRY([[maybe_unused]] const Unit started, consumer_->start(partition, from));
  }
  return ok();
}

void KafkaFollower::on_messages(std::function<void()> listener) {
  const std::lock_guard lock(listener_mutex_);
  listener_ = std::move(listener);
}

Result<KafkaConsumer::Range> KafkaFollower::ask_range(Partition partition) const {
  return consumer_->range(partition, options_.read_within);
}

Result<std::vector<Offset>> KafkaFollower::ask_offsets_at(WallTime time) const {
  return consumer_->offsets_at(time, options_.partitions, options_.read_within);
}

Result<std::vector<Offset>> KafkaFollower::ask_beginnings() const {
  return consumer_->beginnings(options_.partitions, options_.read_within);
}

void KafkaFollower::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    bool came = false;
    auto event = consumer_->next(kSlice);
    for (int left = kMostAtOnce; event && left > 0; --left) {
      came = take(std::move(*event)) || came;
      event = left > 1 ? consumer_->next(Duration::zero()) : std::nullopt;
    }
    if (!came) continue;
    std::function<void()> listener;
    {
      const std::lock_guard lock(listener_mutex_);
      listener = listener_;
    }
    if (listener) listener();
  }
}

// Whether something became readable.
bool KafkaFollower::take(Event event) {
  switch (event.what) {
    case Event::What::message:
      if (!is_ours(event.bytes))
        lost_("topic " + options_.topic + " is another one than when it was opened");
      windows_.put(event.partition, {event.offset, std::move(event.bytes)});
      return true;
    case Event::What::end:
      windows_.reached(event.partition, event.offset);
      return false;
    case Event::What::lost:
      lost_("topic " + options_.topic + " was made anew or lost its end: " + event.why);
      return false;
    case Event::What::failing:
      health_.failed(event.partition, event.why);
      return false;
  }
  return false;
}

// A stranger's message may be a stray of a node that has not noticed a new topic yet, or we are
// that node: the beginning of the topic says which.
bool KafkaFollower::is_ours(const std::string& bytes) {
  const auto frame = decode_frame(bytes);
  if (!frame || frame->kind != Frame::Kind::records || frame->stamp == stamp_) return true;
  if (stranger_ == frame->stamp) return true;
  const auto found = find_stamp(options_);
  if (found && *found != stamp_) return false;
  if (found) stranger_ = frame->stamp;
  return true;
}

}  // namespace tocsin::journal

#include "tests/faults/early_journal.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "router/journals.hpp"

namespace tocsin::faults {
namespace {

using namespace tocsin::journal;

// How much later: a page and an answer are on their way long before.
constexpr auto kLater = std::chrono::milliseconds(30);

bool has(const std::vector<Record>& records, std::initializer_list<RecordKind> kinds) {
  return std::any_of(records.begin(), records.end(), [&](const Record& record) {
    return std::find(kinds.begin(), kinds.end(), record.kind) != kinds.end();
  });
}

class EarlyJournal final : public Journal {
 public:
  EarlyJournal(std::unique_ptr<Journal> inner, Mistake mistake)
      : inner_(std::move(inner)), mistake_(mistake), next_(inner_->tail(0) + 1) {
    inner_->on_commit([this] { tell(); });
    thread_ = std::jthread([this] { work(); });
  }
  ~EarlyJournal() override {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    came_.notify_all();
    thread_.join();
  }

  Partition partitions() const override { return inner_->partitions(); }
  void append(Partition partition, std::vector<Record> records, AppendDone done) override;
  Result<Batch> read(Cursor& cursor, std::size_t most) override;
  Position tail(Partition partition) const override {
    const std::lock_guard lock(mutex_);
    return early_.empty() ? inner_->tail(partition)
                          : std::max(inner_->tail(partition), early_.back().position);
  }
  Identity identity() const override { return inner_->identity(); }
  Position first(Partition partition) const override { return inner_->first(partition); }
  Position droppable(Partition partition, WallTime before) const override {
    return inner_->droppable(partition, before);
  }
  Status drop(const Cursor& through) override { return inner_->drop(through); }
  void on_commit(std::function<void()> listener) override {
    const std::lock_guard lock(mutex_);
    listener_ = std::move(listener);
  }
  std::string trouble() const override { return inner_->trouble(); }

 private:
  struct Waiting {
    Partition partition = 0;
    std::vector<Record> records;
    AppendDone done;  // empty: it was called already
    bool later = false;
  };

  void work();
  void tell() {
    std::function<void()> listener;
    {
      const std::lock_guard lock(mutex_);
      listener = listener_;
    }
    if (listener) listener();
  }

  const std::unique_ptr<Journal> inner_;
  const Mistake mistake_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  Position next_;
  std::deque<Waiting> waiting_;
  std::deque<Entry> early_;  // may be read before they are written, in their order
  std::function<void()> listener_;
  bool closed_ = false;
  std::jthread thread_;
};

void EarlyJournal::append(Partition partition, std::vector<Record> records, AppendDone done) {
  const bool answered = mistake_ == Mistake::answers_before_write &&
                        has(records, {RecordKind::alerts, RecordKind::command});
  const bool shown = mistake_ == Mistake::sends_before_durable && has(records, {RecordKind::turn});
  Position last = 0;
  {
    const std::lock_guard lock(mutex_);
    for (const Record& record : records) {
      if (shown) early_.push_back({partition, next_, record});
      last = next_++;
    }
    waiting_.push_back({partition, std::move(records), answered || shown ? AppendDone() : done,
                        answered || shown});
  }
  came_.notify_all();
  if (answered || shown) done({Appended::Outcome::durable, last, ""});
  if (shown) tell();
}

// What is written comes first: an early entry is given only when it is the very next one.
Result<Batch> EarlyJournal::read(Cursor& cursor, std::size_t most) {
  TOCSIN_TRY(Batch batch, inner_->read(cursor, most));
  if (!batch.entries.empty() || !batch.damaged.empty()) return batch;
  const std::lock_guard lock(mutex_);
  Position at = *std::min_element(cursor.begin(), cursor.end());
  for (const Entry& entry : early_) {
    if (entry.position != at + 1) continue;
    batch.entries.push_back(entry);
    at = entry.position;
  }
  for (Position& each : cursor) each = std::max(each, at);
  return batch;
}

void EarlyJournal::work() {
  while (true) {
    Waiting one;
    {
      std::unique_lock lock(mutex_);
      came_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      one = std::move(waiting_.front());
      waiting_.pop_front();
    }
    if (one.later) std::this_thread::sleep_for(kLater);
    std::promise<Appended> stored;
    inner_->append(one.partition, std::move(one.records),
                   [&](const Appended& appended) { stored.set_value(appended); });
    const Appended appended = stored.get_future().get();
    if (one.done) one.done(appended);
    const std::lock_guard lock(mutex_);
    while (!early_.empty() && early_.front().position <= appended.last) early_.pop_front();
  }
}

}  // namespace

std::unique_ptr<Journal> make_early_journal(std::unique_ptr<Journal> inner, Mistake mistake) {
  return std::make_unique<EarlyJournal>(std::move(inner), mistake);
}

Mistake mistake_of_this_process() {
  const char* const word = std::getenv("TOCSIN_MISTAKE");
  const std::string_view mistake = word ? word : "";
  if (mistake == "answers-before-write") return Mistake::answers_before_write;
  if (mistake == "sends-before-durable") return Mistake::sends_before_durable;
  return Mistake::none;
}

}  // namespace tocsin::faults

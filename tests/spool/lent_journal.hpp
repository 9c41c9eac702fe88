// What the tests of the spool put under it: memory journals that outlive who owns them, as a disk
// and a cluster outlive a process, and that can be made to fail in ways of their own.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "connectors/journals/memory_journal.hpp"
#include "router/core/clock.hpp"
#include "router/journal/journal.hpp"

namespace tocsin::spool::testing {

/// A clock that only the test moves.
class MovedClock final : public Clock {
 public:
  Instant now() const override {
    const Duration elapsed(elapsed_.load());
    return {WallTime(std::chrono::seconds(1'795'312'363)) + elapsed, 1,
            std::chrono::hours(5) + elapsed};
  }
  void advance(Duration by) { elapsed_ += by.count(); }

 private:
  std::atomic<Duration::rep> elapsed_{0};
};

class LentJournal final : public journal::Journal {
 public:
  explicit LentJournal(std::shared_ptr<journal::MemoryJournal> journal)
      : journal_(std::move(journal)) {}
  /// As a journal's does: what it holds is answered first.
  ~LentJournal() override {
    journal_->release();
    journal_->on_commit({});
  }

  /// The next read says not_found.
  std::shared_ptr<std::atomic<bool>> lost = std::make_shared<std::atomic<bool>>(false);
  /// As a journal that has found that out by itself: every read and append says so, and trouble().
  std::shared_ptr<std::atomic<bool>> gone = std::make_shared<std::atomic<bool>>(false);
  /// Refuses an append with such a record, and calls that no trouble.
  std::function<bool(const Record&)> unacceptable;

  Partition partitions() const override { return journal_->partitions(); }
  void append(Partition partition, std::vector<Record> records, journal::AppendDone done) override {
    if (*gone) return done({journal::Appended::Outcome::refused, 0, kGone});
    for (const Record& record : records)
      if (unacceptable && unacceptable(record))
        return done({journal::Appended::Outcome::refused, 0, "the record is too large"});
    journal_->append(partition, std::move(records), std::move(done));
  }
  Result<journal::Batch> read(journal::Cursor& cursor, std::size_t most) override {
    if (*gone || lost->exchange(false)) return not_found(kGone);
    return journal_->read(cursor, most);
  }
  Position tail(Partition partition) const override { return journal_->tail(partition); }
  journal::Identity identity() const override { return journal_->identity(); }
  Position first(Partition partition) const override { return journal_->first(partition); }
  Position droppable(Partition partition, WallTime before) const override {
    return journal_->droppable(partition, before);
  }
  Status drop(const journal::Cursor& through) override { return journal_->drop(through); }
  void on_commit(std::function<void()> listener) override {
    journal_->on_commit(std::move(listener));
  }
  std::string trouble() const override { return *gone ? kGone : journal_->trouble(); }

 private:
  static constexpr const char* kGone = "the topic is another one";
  const std::shared_ptr<journal::MemoryJournal> journal_;
};

}  // namespace tocsin::spool::testing

// A journal in memory, for simulated tests: an append is committed at once and `done` is called
// before it returns.
//
// Records are kept as bytes and decoded when read, so what comes back went through the envelope.
// Positions are one sequence for the whole journal, as in the SQLite journal. The switches make the
// faults that a disk makes. It promises nothing after a restart, so it is not for production.
#pragma once

#include <deque>
#include <mutex>

#include "router/journal/journal.hpp"

namespace tocsin::journal {

class MemoryJournal final : public Journal {
 public:
  /// Records are dropped `segment_records` at a time.
  MemoryJournal(Partition partitions, Identity identity,
                std::size_t segment_records = kSegmentRecords);
  static constexpr std::size_t kSegmentRecords = 1'000;
  /// Releases what is held first.
  ~MemoryJournal() override;

  Partition partitions() const override { return partitions_; }
  void append(Partition partition, std::vector<Record> records, AppendDone done) override;
  Result<Batch> read(Cursor& cursor, std::size_t most) override;
  Position tail(Partition partition) const override;
  Identity identity() const override { return identity_; }
  void on_commit(std::function<void()> listener) override;
  std::string trouble() const override;
  Position first(Partition partition) const override;
  Position droppable(Partition partition, WallTime before) const override;
  Status drop(const Cursor& through) override;

  /// What happens to the records of an append whose answer is a failure: an `unknown` one may be in
  /// the journal or not.
  enum class Kept { no, yes };
  /// The next append that is not yet spoken for is answered so. Call it n times for n appends.
  void fail_next(Appended::Outcome outcome, Kept kept = Kept::no);
  /// Every append is refused and every read is unavailable, until mend().
  void break_down(std::string why);
  void mend();
  /// Appends stay pending, neither readable nor answered, until release() commits them in their
  /// order.
  void hold();
  void release();
  /// Flips a bit in the stored record, which read() then reports as damaged.
  void spoil(Position position);

 private:
  struct Stored {
    Partition partition = 0;
    WallTime accepted_at{};
    std::string bytes;
  };
  struct Pending {
    Partition partition = 0;
    std::vector<Stored> records;
    AppendDone done;
  };
  struct Failure {
    Appended::Outcome outcome;
    Kept kept;
  };

  void commit(Pending pending);
  Appended store(Pending& pending);
  Position last() const { return dropped_ + stored_.size(); }

  const Partition partitions_;
  const Identity identity_;
  const std::size_t segment_records_;
  mutable std::mutex mutex_;
  Position dropped_ = 0;       // a multiple of the records of a segment
  std::deque<Stored> stored_;  // the record of position p is at p - 1 - dropped_
  std::deque<Pending> held_;
  bool holding_ = false;
  std::deque<Failure> failures_;
  std::string broken_;
  std::string trouble_;
  std::function<void()> listener_;
};

}  // namespace tocsin::journal

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
  MemoryJournal(Partition partitions, Identity identity);
  /// Releases what is held first.
  ~MemoryJournal() override;

  Partition partitions() const override { return partitions_; }
  void append(Partition partition, std::vector<Record> records, AppendDone done) override;
  Result<Batch> read(Cursor& cursor, std::size_t most) override;
  Position tail(Partition partition) const override;
  Identity identity() const override { return identity_; }
  void on_commit(std::function<void()> listener) override;
  std::string trouble() const override;

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
  struct Pending {
    Partition partition = 0;
    std::vector<std::string> records;
    AppendDone done;
  };
  struct Failure {
    Appended::Outcome outcome;
    Kept kept;
  };
  struct Stored {
    Partition partition = 0;
    std::string bytes;
  };

  void commit(Pending pending);
  Appended store(Pending& pending);

  const Partition partitions_;
  const Identity identity_;
  mutable std::mutex mutex_;
  std::vector<Stored> stored_;  // the record of position p is at p - 1
  std::deque<Pending> held_;
  bool holding_ = false;
  std::deque<Failure> failures_;
  std::string broken_;
  std::string trouble_;
  std::function<void()> listener_;
};

}  // namespace tocsin::journal

// The spool as an island's engine sees it: as what comes after main's log. So the state of a
// partition that was folded from main goes on with the spool's records, at positions that grow.
//
//   main's log       1 ───────────▶ base[p] ┐
//                                           └▶ base[p]+1 ───────▶   the island's log
//   the spool        1 ───────────▶ from[p] ┆  from[p]+1 ───────▶
//
// Position x of the island's log is x - base[p] + from[p] in the spool; every position that goes in
// or out is of the island's log. Nothing through `base` can be read here: a cursor that stands
// before it reads from base[p] + 1 on. The island's log is there from position 1 on all the same,
// as it is main that has its beginning, and retention gives nothing back.
//
// As safe for threads as the spool.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "router/journal/journal.hpp"

namespace tocsin::island {

class IslandJournal final : public journal::Journal {
 public:
  /// The spool outlives it. `from` and `base` have an element for each partition of the spool,
  /// which has not lost what came through `from`.
  IslandJournal(journal::Journal& spool, journal::Cursor from, std::vector<Position> base);
  /// Waits for appends under way; the spool must still answer.
  ~IslandJournal() override;

  Partition partitions() const override { return spool_.partitions(); }
  void append(Partition partition, std::vector<Record> records, journal::AppendDone done) override;
  /// A cursor keeps elements beyond the partitions. Where the damage is says the spool's position.
  Result<journal::Batch> read(journal::Cursor& cursor, std::size_t most) override;
  Position tail(Partition partition) const override;
  std::uint64_t behind(const journal::Cursor& cursor) const override;
  journal::Identity identity() const override { return spool_.identity(); }
  Position first(Partition) const override { return 1; }
  Position droppable(Partition, WallTime) const override { return 0; }
  /// Nothing: what may go from the spool is its forwarder's to say.
  Status drop(const journal::Cursor&) override { return ok(); }
  /// Not called: SpooledJournal::on_spool_commit() tells of the spool's commits.
  void on_commit(std::function<void()>) override {}
  std::string trouble() const override { return spool_.trouble(); }

  /// Where the spool has what stands here at `position`; `from` for what stands before.
  Position in_spool(Partition partition, Position position) const;

  /// Every append that it was given is answered, and `done` has returned.
  bool idle() const { return *under_way_ == 0; }

 private:
  journal::Cursor in_spool(const journal::Cursor& cursor) const;
  Position out_of_spool(Partition partition, Position position) const;

  journal::Journal& spool_;
  const journal::Cursor from_;
  const std::vector<Position> base_;
  // Its own, as the last answer may still be about to return when the destructor has.
  const std::shared_ptr<std::atomic<std::uint64_t>> under_way_ =
      std::make_shared<std::atomic<std::uint64_t>>(0);
};

}  // namespace tocsin::island

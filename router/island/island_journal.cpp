#include "router/island/island_journal.hpp"

#include <algorithm>
#include <limits>

namespace tocsin::island {
namespace {

using journal::Appended;
using journal::Cursor;

/// What is `past` that many positions after `from`.
Position after(Position from, Position past) {
  TOCSIN_CHECK(past <= std::numeric_limits<Position>::max() - from, "no log has so many positions");
  return from + past;
}

}  // namespace

IslandJournal::IslandJournal(journal::Journal& spool, Cursor from, std::vector<Position> base)
    : spool_(spool), from_(std::move(from)), base_(std::move(base)) {
  TOCSIN_CHECK(from_.size() == spool_.partitions() && base_.size() == spool_.partitions(),
               "an island has the partitions of its spool");
}

IslandJournal::~IslandJournal() {
  for (std::uint64_t left = *under_way_; left > 0; left = *under_way_) under_way_->wait(left);
}

Cursor IslandJournal::in_spool(const Cursor& cursor) const {
  Cursor there = from_;
  for (std::size_t p = 0; p < there.size() && p < cursor.size(); ++p)
    there[p] = in_spool(static_cast<Partition>(p), cursor[p]);
  return there;
}

Position IslandJournal::in_spool(Partition partition, Position position) const {
  return after(from_[partition], position - std::min(position, base_[partition]));
}

Position IslandJournal::out_of_spool(Partition partition, Position position) const {
  TOCSIN_CHECK(position >= from_[partition], "an island's spool goes on after its beginning");
  return after(base_[partition], position - from_[partition]);
}

void IslandJournal::append(Partition partition, std::vector<Record> records,
                           journal::AppendDone done) {
  TOCSIN_CHECK(partition < partitions(), "partitions are computed modulo their count");
  ++*under_way_;
  spool_.append(
      partition, std::move(records),
      [this, partition, under_way = under_way_, done = std::move(done)](const Appended& appended) {
        Appended here = appended;
        if (here.last > 0) here.last = out_of_spool(partition, here.last);
        done(here);
        --*under_way;  // this may be gone from here on
        under_way->notify_all();
      });
}

Result<journal::Batch> IslandJournal::read(Cursor& cursor, std::size_t most) {
  Cursor there = in_spool(cursor);
  TOCSIN_TRY(journal::Batch batch, spool_.read(there, most));
  cursor.resize(std::max(cursor.size(), from_.size()));
  for (Partition p = 0; p < from_.size(); ++p) cursor[p] = out_of_spool(p, there[p]);
  for (journal::Entry& entry : batch.entries)
    entry.position = out_of_spool(entry.partition, entry.position);
  for (journal::Damage& damage : batch.damaged) damage.where = "the spool, " + damage.where;
  return batch;
}

Position IslandJournal::tail(Partition partition) const {
  return out_of_spool(partition, spool_.tail(partition));
}

std::uint64_t IslandJournal::behind(const Cursor& cursor) const {
  return spool_.behind(in_spool(cursor));
}

}  // namespace tocsin::island

// Commits rows to the last segment, begins the next one when it is time, and leaves one that it can
// no longer trust.
//
// After a failure whose outcome nobody knows it goes on in a new segment: a later fsync may report
// success for pages that an earlier one lost, and the new segment's `follows` says that the
// doubtful commit does not count. Positions that were given to a failed commit are not given again.
// One thread writes; the list of segments may be used by any.
#pragma once

#include "connectors/journals/checkpointer.hpp"
#include "connectors/journals/row.hpp"
#include "connectors/journals/segment_list.hpp"
#include "router/core/clock.hpp"

namespace tocsin::journal {

class SegmentWriter {
 public:
  struct Settings {
    std::filesystem::path directory;
    std::string vfs;
    std::uint64_t segment_bytes = 0;
    Duration segment_span{};
    Identity identity;
    Partition partitions = 0;
  };
  /// What opening the directory found.
  struct Start {
    std::vector<Segment> segments;
    bool last_is_sound = false;  // and can be written on
    WallTime last_made_at{};
    Position durable = 0;
  };
  SegmentWriter(Settings settings, Start start, const Clock& clock, CommitGate& gate,
                Checkpointer& checkpointer);

  /// The first position of the next commit.
  Position next() const { return next_; }
  /// The last position of the last commit that was durable, of this start or one before.
  Position durable() const { return durable_; }
  /// Rows in the order of their positions, which begin at next(). `last` of the answer is the last
  /// row's.
  Appended commit(const std::vector<Row>& rows);
  /// Tries whether something small can be made durable again.
  Status probe();

  SegmentList& segments() { return segments_; }
  const SegmentList& segments() const { return segments_; }

 private:
  struct Current {
    std::string path;
    sqlite::Database database;
    sqlite::Statement insert;
    sqlite::Statement pages;
    WallTime made_at{};
    bool used = false;   // there is something durable in it
    bool named = false;  // the name of its WAL is durable too
    std::uint64_t bytes = 0;
  };

  Status have_segment();
  Status open_last(WallTime made_at);
  Status begin_segment(WallTime now);
  bool is_over(WallTime now) const;
  Status insert(const std::vector<Row>& rows);
  Status name_the_wal();
  void leave_behind();

  const Settings settings_;
  const Clock& clock_;
  CommitGate& gate_;
  Checkpointer& checkpointer_;
  Position next_;
  Position durable_;
  bool last_is_sound_;
  WallTime last_made_at_;
  std::optional<Current> current_;
  SegmentList segments_;
};

}  // namespace tocsin::journal

// The journal: the durable, partitioned, ordered log that is tocsin's truth. This is its interface;
// connectors/journals has the implementations, and tests/contract runs one suite over all of them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "router/core/record.hpp"

namespace tocsin::journal {

/// What became of an append. `unknown` means that the records may be in the journal or not: fold
/// skips an id that it has seen, so appending the same records again is harmless.
struct Appended {
  enum class Outcome { durable, refused, unknown };
  Outcome outcome = Outcome::refused;
  Position last = 0;  // durable: the position of the last record
  std::string why;    // otherwise, for people

  bool durable() const { return outcome == Outcome::durable; }
};
using AppendDone = std::function<void(const Appended&)>;

struct Entry {
  Partition partition = 0;
  Position position = 0;
  Record record;
};

/// How far one reader has come, for each partition: the last position it was given, or the last
/// that it need not see.
using Cursor = std::vector<Position>;

/// A record that cannot be read: where, and what is wrong. It is named, counted and skipped;
/// everything around it is kept.
struct Damage {
  std::string where;
  std::string what;
};

struct Batch {
  std::vector<Entry> entries;  // in the order of positions within each partition
  std::vector<Damage> damaged;
};

/// What a stored position must fit to mean anything: the journal itself, not its name or path.
using Identity = std::string;

class Journal {
 public:
  Journal() = default;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  /// Waits for appends under way; their `done` has been called when it returns.
  virtual ~Journal() = default;

  /// Fixed when the journal is made.
  virtual Partition partitions() const = 0;

  /// Stores the records side by side and in their order at the end of the partition, all or none,
  /// and calls `done` exactly once when they are on stable storage or will not be. `done` may be
  /// called before append returns, or by a thread of the journal: it must be quick and must not
  /// append. Any thread may call. Never blocks on the disk; past a named limit of waiting bytes the
  /// answer is `refused`.
  virtual void append(Partition partition, std::vector<Record> records, AppendDone done) = 0;

  /// The next records after `cursor`, of all partitions, at most about `most` of them, and moves
  /// the cursor past them. Nothing is read that is not durable. An empty batch means that the
  /// cursor is at the tail. Any number of readers, each with its own cursor. Errors: unavailable,
  /// when the storage cannot be read now.
  virtual Result<Batch> read(Cursor& cursor, std::size_t most) = 0;

  /// No record of the partition has a later position at this moment.
  virtual Position tail(Partition partition) const = 0;

  /// About how many records come after the cursor, over all partitions.
  virtual std::uint64_t behind(const Cursor& cursor) const;

  virtual Identity identity() const = 0;

  /// The first position of the partition that is still there; 1, if nothing was ever dropped. A
  /// cursor at the position before it, or at a later one, misses nothing: later records are missing
  /// only by damage.
  virtual Position first(Partition partition) const = 0;

  /// Through where drop() could give room back: the end of the last segment of which, as of all
  /// before it, every record was accepted before `before`. 0: nothing. Never the segment that is
  /// written now.
  virtual Position droppable(Partition partition, WallTime before) const = 0;

  /// Forgets everything up to and including `through` of each partition, whole segments at a time:
  /// what shares a segment with a later record, of any partition, stays. What readers hold is
  /// unaffected; a cursor before first() moves on to it silently. Errors: unavailable, and the rest
  /// is dropped by the next call.
  virtual Status drop(const Cursor& through) = 0;

  /// Called, by any thread, after something became readable. Set once, before the first append; it
  /// must be quick.
  virtual void on_commit(std::function<void()> listener) = 0;

  /// Empty, or why appends are failing at present: for /-/ready.
  virtual std::string trouble() const = 0;
};

/// The partition of an integration: FNV-1a of its name modulo the count, the same on every node and
/// for ever.
Partition partition_of(std::string_view integration, Partition partitions);

}  // namespace tocsin::journal

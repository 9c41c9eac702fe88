// Takes what stands in a spool to the main journal: in the order of each partition, with the ids it
// has, as many times as it takes.
//
//   spool ──read ahead──▶ a queue for each partition ──one append at a time──▶ main
//                                     ▲                                         │
//                                     └──── unknown, refused: again, later ─────┘  durable:
//                                     progress
//
// Only alerts and results are forwarded; whatever else an island has written there is its own
// business. Alerts that an island has decided go with kDecidedElsewhere, so that nobody decides
// them again. While nothing gets through, one append at a time is on its way, as the probe; after
// one that is durable every partition has its own. A record that main refuses again and again
// although it takes others is set aside, so that it stops nobody but itself.
//
// step() and finish() are called by one thread; everything else by any.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "router/core/clock.hpp"
#include "router/spool/spool_disk.hpp"

namespace tocsin::spool {

/// In one append, and waiting in memory for each partition. Kafka's own limits are 1,024 and 32 MB.
inline constexpr std::size_t kMostForwardRecords = 500;
inline constexpr std::size_t kMostForwardBytes = 512u << 10;
/// Waiting in memory in all: each partition has its share, so that none starves another.
inline constexpr std::size_t kMostReadAheadBytes = 32u << 20;
inline constexpr std::size_t kLeastReadAheadBytes = 64u << 10;
/// Between attempts: doubled from the first to the last.
inline constexpr Duration kFirstBackOff = std::chrono::milliseconds(200);
inline constexpr Duration kLastBackOff = std::chrono::seconds(1);
/// A record is set aside that was refused so often, and for so long, by a main journal in no
/// trouble.
inline constexpr int kMostRefusals = 10;
inline constexpr Duration kRefusedFor = std::chrono::seconds(30);
/// After a restart at most this much is forwarded again.
inline constexpr Duration kSaveEvery = std::chrono::seconds(1);

struct ForwarderOptions {
  /// Begin as after hold().
  bool begin_held = false;
  /// A step should be taken soon.
  std::function<void()> ring;
  /// A line for the log.
  std::function<void(const std::string&)> tell;
};

class Forwarder {
 public:
  struct Counts {
    std::uint64_t forwarded = 0;  // records that main has, since the start
    std::uint64_t waiting = 0;    // positions between there and the spool's tail, of all partitions
    std::uint64_t set_aside = 0;
    std::uint64_t damaged = 0;  // places of the spool that could not be read
  };

  /// Loads the progress. The spool may be read at once, main is not touched before a step.
  Forwarder(journal::Journal& main, journal::Journal& spool, SpoolDisk& disk, const Clock& clock,
            ForwarderOptions options);

  /// Reads, forwards, saves what is due. Returns how long the next step may wait.
  Duration step();
  /// From now on nothing is begun: main is about to be closed, and answers what is under way.
  void close();
  /// Saves the progress; no step may follow.
  void finish();

  /// Everything in the spool was forwarded, and nobody holds it.
  bool drained() const;
  journal::Cursor forwarded() const;
  Counts counts() const;
  /// On the steady clock: since when main, in trouble, has taken nothing of a partition of which
  /// something waits; the longest of them.
  std::optional<Duration> failing_since() const;
  /// Empty, or why the spool cannot be read.
  std::string trouble() const;

  /// Begins nothing any more. Returns through where everything was forwarded, or decided by an
  /// island before, as soon as nothing is under way, and until then nothing: ask again.
  std::optional<journal::Cursor> hold();
  /// Goes on where it stood. Of each partition, alerts through `decided` (no further than the spool
  /// is) are forwarded with kDecidedElsewhere; what an earlier call said holds too, also after a
  /// restart. That is durable before anything is forwarded. What is on its way before hold() gave a
  /// cursor goes as it is. Errors: unavailable, the disk: nothing has changed; ask again.
  [[nodiscard]] Status release(const journal::Cursor& decided);

 private:
  struct Lane {
    std::deque<journal::Entry> queue;
    std::size_t queued_bytes = 0;
    std::size_t under_way = 0;  // that many of the front
    std::size_t most = kMostForwardRecords;
    Duration retry_at{};
    Duration back_off{};
    int refusals = 0;  // of the front record alone
    Duration refused_since{};
    std::optional<Duration> failing_since;
    bool hopeless = false;
  };
  struct Batch {
    Partition partition = 0;
    std::vector<Record> records;
  };

  Duration now() const { return clock_.now().elapsed; }
  void tell(const std::string& line) const;
  std::string load();
  bool is_full(const Lane& lane) const;
  bool read_ahead();
  void note_trouble(std::string why);
  bool forward();
  std::vector<Batch> cut_batches(Duration now);
  Batch cut(Partition partition);
  void answered(Partition partition, const journal::Appended& appended);
  void worked(Partition partition);
  void failed(Lane& lane, const journal::Appended& appended, bool main_is_well);
  void pop(Lane& lane, Partition partition, std::size_t records);
  bool set_aside();
  Record to_forward(const journal::Entry& entry) const;
  void save();

  journal::Journal& main_;
  journal::Journal& spool_;
  SpoolDisk& disk_;
  const Clock& clock_;
  const ForwarderOptions options_;
  const std::size_t lane_bytes_;

  std::mutex saving_mutex_;   // one save at a time, each of what is so then; taken before mutex_
  mutable std::mutex mutex_;  // of those below; never held while main or the disk is called
  std::vector<Lane> lanes_;
  journal::Cursor read_;       // through where it stands in the queues
  journal::Cursor forwarded_;  // through where main has it
  journal::Cursor decided_;    // through where an island has decided it; as it is saved
  std::size_t under_way_ = 0;  // appends
  std::size_t next_lane_ = 0;
  bool probing_ = true;  // nothing has got through since the last failure
  Duration probe_at_{};
  Duration probe_back_off_{};
  bool holding_ = false;
  bool closed_ = false;
  std::uint64_t takeovers_ = 0;  // what was read before one does not count after it
  Counts counts_;
  bool unsaved_ = false;
  std::string trouble_;

  // Of the stepping thread.
  Duration saved_at_{};
  bool saving_fails_ = false;
};

}  // namespace tocsin::spool

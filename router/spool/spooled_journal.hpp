// A journal that goes on taking alerts and results when the main one does not: what main refuses,
// or does not answer in time, is durable once this machine's own journal, the spool, has it, and is
// forwarded with the same ids when main works again.
//
//   append ─▶ direct ──▶ main ── durable ──▶ answer
//                         │ refused, unknown, no answer within `patience`, main in trouble
//                         ▼
//            spooling ─▶ waiting ─▶ spool ── durable ──▶ answer        read, tail, first: main's
//               ▲                     └─ Forwarder ─▶ main             spool(): the spool's own
//               └─ until all of it is forwarded everything goes this way, so nothing is overtaken
//
// Only alerts and results are spooled. Turns, commands, control facts and carried state stand on
// what main holds, so they go to main alone and get its answer. A record may come to stand in main
// twice, never under two ids: fold applies an id once.
//
// What a spool answered `durable` has no position in main yet: `last` is 0, and readers find it
// later. Records of one partition reach main in the order in which they were answered; only appends
// that did not wait for each other's answers may change places, when main took one and not the
// other.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "router/core/clock.hpp"
#include "router/spool/first_waiting.hpp"
#include "router/spool/forwarder.hpp"
#include "router/spool/stepper.hpp"

namespace tocsin::spool {

struct SpoolOptions {
  /// What main has not answered by then goes to the spool as well.
  Duration patience = std::chrono::seconds(2);
  /// On the disk; beyond it appends are `refused`.
  std::uint64_t most_bytes = std::uint64_t{8} << 30;
  /// Waiting for the spool's disk; beyond it appends are `refused`.
  std::size_t most_waiting_bytes = 64u << 20;
  /// Nothing is forwarded before release_forwarding(): an island may have left its own here.
  bool begin_held = false;
  /// False: nothing moves but by step(), for tests.
  bool own_thread = true;
  /// A line for the log; any thread may call.
  std::function<void(const std::string&)> tell;
};

class SpooledJournal final : public journal::Journal {
 public:
  /// Both have the same partitions. A spool with a rest goes on. Sets both journals' listeners.
  SpooledJournal(SpoolOptions options, std::unique_ptr<journal::Journal> main,
                 std::unique_ptr<journal::Journal> spool, std::unique_ptr<SpoolDisk> disk,
                 const Clock& clock);
  /// Waits for main's answers, and for the spool to have what main did not take.
  ~SpooledJournal() override;

  Partition partitions() const override { return main_->partitions(); }
  void append(Partition partition, std::vector<Record> records, journal::AppendDone done) override;
  Result<journal::Batch> read(journal::Cursor& cursor, std::size_t most) override {
    return main_->read(cursor, most);
  }
  Position tail(Partition partition) const override { return main_->tail(partition); }
  std::uint64_t behind(const journal::Cursor& cursor) const override {
    return main_->behind(cursor);
  }
  journal::Identity identity() const override { return main_->identity(); }
  Position first(Partition partition) const override { return main_->first(partition); }
  Position droppable(Partition partition, WallTime before) const override {
    return main_->droppable(partition, before);
  }
  Status drop(const journal::Cursor& through) override { return main_->drop(through); }
  /// Of main.
  void on_commit(std::function<void()> listener) override { main_->on_commit(std::move(listener)); }
  /// Empty while alerts find a place, in main or in a spool that can be forwarded.
  std::string trouble() const override;

  /// Hands over, forwards, saves what is due. Returns how long the next step may wait.
  Duration step();

  std::string main_trouble() const { return main_->trouble(); }
  std::string spool_trouble() const;
  bool is_spooling() const;
  /// On the steady clock: since when main has failed without anything durable in between; or, while
  /// it is in trouble, has taken nothing of one of its partitions: what stands there is decided by
  /// nobody, and in partition 0 the nodes say that they live.
  std::optional<Duration> away_since() const;
  /// On the steady clock: when the first record came that is not in main yet, to a second. For
  /// those of an earlier process, when this one began.
  std::optional<Duration> spooling_since() const;

  struct Counts {
    std::uint64_t spooled = 0;  // records that the spool has taken, since the start
    Forwarder::Counts forwarding;
    std::uint64_t spool_bytes = 0;  // on the disk, about
  };
  Counts counts() const;

  /// For an island, which reads the spool and may append to it what only an island writes.
  journal::Journal& spool() { return *spool_; }
  /// Called, by any thread, after something became readable in the spool. May be set at any time.
  void on_spool_commit(std::function<void()> listener);
  /// From now on nothing is forwarded. Gives the cursor through where main has everything once no
  /// append is under way, and until then nothing: ask again.
  std::optional<journal::Cursor> hold_forwarding() { return forwarder_.hold(); }
  /// Forwarding goes on where it stood. Alerts at positions of the spool through `decided` of their
  /// partition, which an island has decided, are forwarded with kDecidedElsewhere; later alerts,
  /// and results always, as they are. Empty: nothing was decided. Positions that were given once
  /// hold for good, also after a restart: they are durable before anything is forwarded. Errors:
  /// unavailable; forwarding is held as before; ask again.
  [[nodiscard]] Status release_forwarding(const journal::Cursor& decided) {
    return forwarder_.release(decided);
  }

 private:
  /// One append, until both that could make it durable have said what became of it.
  struct Entry {
    Partition partition = 0;
    std::vector<Record> records;  // until they are handed to the spool
    journal::AppendDone done;
    std::size_t bytes = 0;
    Duration came{};
    bool asked_main = false;   // and has no answer
    bool asked_spool = false;  // waits for it, or for its answer
    bool maybe_stored = false;
    bool answered = false;
    std::string main_said;
    std::string spool_said;
  };
  using Shared = std::shared_ptr<Entry>;
  using Answers = std::vector<std::pair<journal::AppendDone, journal::Appended>>;

  Duration now() const { return clock_.now().elapsed; }
  void tell(const std::string& line) const;
  void spool_committed();

  // With the lock; the answers are given after it.
  bool begin_spooling(Answers& answers);
  void enqueue(const Shared& entry, Answers& answers);
  void settle(Entry& entry, Answers& answers);
  std::string no_room_for(std::size_t bytes) const;

  static void give(Answers& answers);
  void tell_spooling(const std::string& why) const;
  void pass(Partition partition, std::vector<Record> records, journal::AppendDone done);
  void note(Partition partition, const journal::Appended& appended);
  void answered_by_main(std::uint64_t number, const Shared& entry,
                        const journal::Appended& appended);
  void answered_by_spool(const std::vector<Shared>& entries, const journal::Appended& appended);

  void watch_main();
  bool hand_over();
  std::vector<std::vector<Shared>> take_waiting();
  void measure();
  void end_spooling();

  const SpoolOptions options_;
  const std::unique_ptr<SpoolDisk> disk_;
  const Clock& clock_;

  mutable std::mutex mutex_;  // of those below; never held while a journal or `done` is called
  bool spooling_ = false;
  std::uint64_t numbered_ = 0;
  std::map<std::uint64_t, Shared> under_way_;  // in main alone, by number
  std::deque<Shared> waiting_;                 // for step() to hand to the spool
  std::size_t waiting_bytes_ = 0;              // there, or in the spool's own queue
  std::uint64_t enqueued_ = 0;
  std::uint64_t spooled_ = 0;
  std::uint64_t spool_bytes_ = 0;
  std::optional<Duration> away_since_;
  std::vector<std::optional<Duration>> partition_away_since_;
  FirstWaiting first_waiting_;
  std::function<void()> spool_listener_;

  // Of the stepping thread.
  Duration measured_at_{};
  bool main_was_in_trouble_ = false;
  std::uint64_t forwarded_before_ = 0;

  Stepper stepper_;
  // Their callbacks use everything above.
  std::unique_ptr<journal::Journal> main_;
  std::unique_ptr<journal::Journal> spool_;
  Forwarder forwarder_;
};

}  // namespace tocsin::spool

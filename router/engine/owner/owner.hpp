// The owner: reads the journal, folds it, decides what is pending or due, appends the turn, and
// hands to the outbox what a turn that was read back says. It is the only writer of turns and of
// the node's state.
//
//   journal ──read──▶ fold ──▶ state ──▶ decide_turn (pure) ──append──▶ journal ──read──▶ fold ──▶
//   outbox: attempts
//
// At most one turn of a partition is under way: the next is decided from a state that has the last.
// Whatever arrives meanwhile is decided together, so a storm makes larger turns and not more of
// them.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "router/core/clock.hpp"
#include "router/core/mint.hpp"
#include "router/engine/agenda.hpp"
#include "router/engine/backlog.hpp"
#include "router/engine/configuration.hpp"
#include "router/engine/drill.hpp"
#include "router/engine/lookout.hpp"
#include "router/engine/owner/keeper.hpp"
#include "router/engine/owner/membership.hpp"
#include "router/engine/owner/node_state.hpp"
#include "router/engine/owner/suspicion.hpp"
#include "router/journal/journal.hpp"

namespace tocsin::engine {

/// Takes the attempts that valid turns of this process started. Called by the owner's thread; must
/// be quick.
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual void start(const AttemptRef& attempt) = 0;
};

/// For metrics and logs. Called by the owner's thread; must be quick.
class OwnerEvents {
 public:
  virtual ~OwnerEvents() = default;
  virtual void decided(const Decision&) {}
  virtual void set_aside(const effect::SetAside&) {}
  virtual void damaged(const journal::Damage&) {}
  virtual void void_turn(Partition) {}
  virtual void replayed() {}  // the journal is folded, and deciding begins
  virtual void held(Partition, bool /*by this node*/) {}  // from now on
  virtual void trouble(const std::string&) {}  // a turn could not be stored; it will be tried again
  virtual void failed(const std::string&) {}   // deciding failed; it will be tried with more care
  /// An incident is over, or what was said of it since has changed: for history. Also while the
  /// journal is replayed.
  virtual void closed(const IncidentView&) {}
};

using Decide = std::function<std::optional<Turn>(
    const PartitionState&, const View&, const Configuration&, const Moment&,
    std::span<const IncidentId> due, std::span<const AlertId> over, const Caution&)>;

/// What an owner can do without.
struct OwnerExtras {
  BlackBox* black_box = nullptr;
  Decide decide;  // empty: decide_turn()
  /// The other nodes of a cluster; nothing: this one is alone.
  std::optional<MembershipOptions> membership = {};
  /// It decides on an island: facts for all, and commands for what another node looks after, are
  /// not confirmed.
  std::optional<Island> island = {};
};

/// What became of a command: done once the turn that applied it was read back.
struct CommandAnswer {
  enum class What { done, refused, not_confirmed } what = What::not_confirmed;
  std::string why;
  Position at = 0;           // a fact for all: where it stands in partition 0
  IncidentId incident = {};  // a report: the incident that has it
};
using CommandReply = std::function<void(CommandAnswer)>;

/// Takes what people say, for whoever decides at the moment. Any thread.
class Commands {
 public:
  virtual ~Commands() = default;
  /// The reply comes once, from any thread, within `patience` or shortly after it.
  virtual void submit(const IncidentView& incident, const Command& command, Duration patience,
                      CommandReply reply) = 0;
  /// Whether one of its messages got through. Done once it is stored for good.
  virtual void submit(const IncidentView& incident, const AttemptResult& receipt, Duration patience,
                      CommandReply reply) = 0;
  /// A fact for all nodes. Done once it was folded; refused, and why, if it does not hold.
  virtual void submit(const Control& fact, Duration patience, CommandReply reply) = 0;
  /// What a person reports, as an alert of kManualIntegration with a key that no other has. Done
  /// once it was decided and an incident has it; refused, and why, if nobody is to know.
  virtual void report(const Alert& alert, Duration patience, CommandReply reply) = 0;
  virtual const NodeState& state() const = 0;
};

class Owner final : public Commands {
 public:
  /// `state` is this owner's to write, and anybody's to read.
  Owner(journal::Journal& journal, const Clock& clock, Mint& mint, NodeState& state,
        std::shared_ptr<const Configuration> configuration, Outbox& outbox, OwnerEvents& events,
        OwnerExtras extras = {});
  /// Commands that are still waiting are answered `not_confirmed`.
  ~Owner() override;

  /// Folds the journal up to its tail, deciding nothing: at the start, after `state` has been
  /// restored as far as the store remembers it. Errors: the journal's; run() tries again then, and
  /// decides nothing before it has succeeded. Another journal than the one that was folded
  /// (not_found) is folded from its beginning.
  Status replay();

  /// Folds what is new, decides what is pending or due, appends. Never waits for the disk. Returns
  /// how long nothing will have to be done unless the journal commits something or a command is
  /// submitted: zero, when it stopped in the middle of much work. By one thread only.
  Duration run();

  /// Folds what is new and decides nothing.
  Status follow();
  /// As after a start: folds from where `state` stands, and decides nothing of a partition before
  /// it has folded it through here, and for kAfterIsland. Between two calls of run().
  void resume(const journal::Cursor& through);
  /// Tells the others, out of turn, that this node lives, and is not to be given anything for now.
  void beat(journal::AppendDone done);

  /// Within `patience` as long as run() is called.
  void submit(const IncidentView& incident, const Command& command, Duration patience,
              CommandReply reply) override;
  void submit(const IncidentView& incident, const AttemptResult& receipt, Duration patience,
              CommandReply reply) override;
  void submit(const Control& fact, Duration patience, CommandReply reply) override;
  void report(const Alert& alert, Duration patience, CommandReply reply) override;
  void reconfigure(std::shared_ptr<const Configuration> configuration);

  /// Any thread: gives the partitions to other nodes, if there are any, in the calls of run() that
  /// follow. has_left() when nothing is held that could be given away. With the attempts under way
  /// at their end, and run() called no more, farewell() tells the others not to wait.
  void leave() { leaving_ = true; }
  bool has_left() const { return held_ == 0; }
  void farewell();
  /// Another node lives, as far as this one knows.
  bool has_others() const;
  /// Any thread. The nodes that were heard of, this one first; empty when it is alone.
  std::vector<Membership::Seen> members() const;
  /// How many partitions this node decides.
  std::size_t held() const { return held_; }
  std::shared_ptr<const Configuration> configuration() const;

  const NodeState& state() const override { return state_; }

  /// Records that are in the journal and not folded yet, over all partitions: about.
  std::uint64_t lag() const { return lag_; }

 private:
  struct Desk {  // one partition's work
    Agenda agenda;
    std::atomic<bool> appending{
        false};  // a turn is under way: cleared when it is read back or has failed
    std::atomic<bool> failed{false};
    std::atomic<Position> stored_at{0};  // of the last turn that the journal confirmed
    Position appended_after = 0;         // the tail when the turn under way was appended
    RecordId turn;
    Duration not_before{};
    Duration next_sweep{};
    Suspicion suspicion;
    CatchingUp catching_up;
    bool drills_changed = true;              // GameDay sets went on or off: look at all drills …
    bool end_copies = false;                 // … at copies that are over …
    bool copies = false;                     // … and at all alerts, for those that lack a copy
    std::optional<Duration> copies_at = {};  // not before that
    Duration copies_pause{};                 // after faults, ever longer
    bool held = false;                       // by this node, as the last turn that was folded says
    Instant held_since{};                    // and since when
    Duration heartbeats_at{};                // when to look at them again
    Position not_before_position = 0;        // what an island decided stands up to here
    Instant line{};                          // the latest moment of the partition's timeline …
    std::optional<std::uint64_t> line_of = {};  // … after which turn
  };
  struct Waiting {
    CommandReply reply;
    Duration until;
  };

  Result<bool> fold_new();
  void forget_everything(const std::string& why);
  void after_fold(Partition partition, const journal::Entry& entry, const Folded& folded);
  bool decide(Partition partition, const Configuration& configuration, const Instant& now);
  /// Nothing, too, when deciding failed: the desk says when to try again.
  Result<std::optional<Turn>> think(Desk& desk, const PartitionState& state,
                                    const Configuration& configuration, const Moment& moment,
                                    std::span<const IncidentId> due, std::span<const AlertId> over);
  void listen(bool caught_up, const Instant& now);
  Moment moment(Partition partition, const Instant& now) const {
    return {now, mint_.boot(), living_, is_behind(partition, now)};
  }
  /// This moment on the partition's timeline: everything of a partition is asked at this.
  Instant present(Partition partition, const Instant& now);
  bool is_behind(Partition partition, const Instant& now) const;
  void look_for_backlog(Partition partition, const Instant& now);
  void follow_chain(Partition partition, const Instant& now);
  void put_all(Partition partition, const Instant& now);
  void learn_from_deaths(Duration now);
  std::vector<IncidentId> due_of(Desk& desk, Duration now) const;
  void look_at_held(const Configuration& configuration, const Instant& now);
  void look_at_gamedays(const Configuration& configuration, const Instant& now);
  void look_at_drills(Desk& desk, const PartitionState& state, Duration now);
  bool decide_copies(Desk& desk, const PartitionState& state, const Configuration& configuration,
                     const Instant& now);
  bool decide_notices(Desk& desk, const PartitionState& state, const Instant& now);
  void look_at_heartbeats(Desk& desk, const PartitionState& state,
                          const Configuration& configuration, const Instant& now);
  bool notices_wait(const Instant& now) const;
  void notices_changed(const Folded& folded, const Instant& now);
  Duration notices_in(const Desk& desk, Duration now) const;
  void notice_drills(Partition partition, const Folded& folded, const Instant& now);
  void notice_pause(const Incident& incident, const Configuration& configuration,
                    const Instant& now, bool begins);
  void say_paused(const Instant& now);
  void keep_configuration(const Configuration& configuration, const Instant& now);
  void keep(const Configuration& configuration, const Instant& now);
  enum class Until : std::uint8_t { stored, decided };
  void append_and_wait(Record record, Partition partition, Duration patience, CommandReply reply,
                       Until until = Until::decided);
  void append(Partition partition, const Turn& turn, const Instant& now);
  void answer(const RecordId& command, CommandAnswer answer);
  void expire_commands(Duration now);
  Duration until_next(Duration now);

  journal::Journal& journal_;
  const Clock& clock_;
  Mint& mint_;
  NodeState& state_;
  Outbox& outbox_;
  OwnerEvents& events_;
  journal::Cursor cursor_;
  std::vector<Desk> desks_;
  const OwnerExtras extras_;
  Keeper keeper_;
  Membership membership_;              // of the owner's thread
  std::vector<std::uint64_t> living_;  // as of this step
  std::atomic<bool> leaving_{false};
  std::atomic<std::size_t> held_{0};
  std::atomic<bool> replayed_{false};
  std::optional<Duration> caught_up_at_;  // when the journal's end was last read, or nothing yet
  Duration keep_at_{};
  // When silences and windows were last looked at, and when they must be again.
  std::uint64_t silence_changes_ = 0;
  std::string held_by_configuration_;
  std::optional<WallTime> beginning_;
  Duration look_again_{};
  // Which GameDay sets were on at the last look, and by which configuration their copies were made.
  std::map<std::string, std::uint32_t> sets_on_;
  std::uint64_t gameday_changes_ = 0;
  std::string drilled_by_;
  bool looked_at_gamedays_ = false;
  std::vector<Paused> pausing_;  // by a real incident; the fact is on its way
  Duration say_paused_at_{};
  // Of notices, while this node holds partition 0 (owner_notices.cpp).
  Lookout lookout_;
  Duration notices_at_{};
  std::shared_ptr<const Configuration> noticed_by_;
  std::string kept_configuration_;
  Duration keep_configuration_at_{};
  std::atomic<std::uint64_t> lag_{0};

  mutable std::mutex mutex_;  // of those below; never held while anything else is called
  std::shared_ptr<const Configuration> configuration_;
  std::unordered_map<std::string, Waiting> waiting_;  // by the command's record id
  std::vector<Membership::Seen> members_;
};

/// After an outage other nodes have islands too. What stands in the journal of their alerts,
/// although they were not told so, they may have paged by themselves, and are about to say so.
inline constexpr Duration kAfterIsland = std::chrono::seconds(3);

}  // namespace tocsin::engine

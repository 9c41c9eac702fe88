// The island: a node that the journal has been away from for longer than `island_after` decides
// what is in its own spool, from the state that it had folded, and pages; when the journal is back,
// it is told.
//
//   off ──away for island_after──▶ on ──the journal takes a beat──▶ ending ──▶ telling ──▶ off
//    ▲    hold the spool,           ▲    decide nothing more,       pieces of what was decided
//    │    keep the beginning        │    wait for what is under way  go to the journal
//    └── the main owner decides     └──────────── the journal is away again ────┘
//
// On an island everything is an ordinary owner's, over a journal that looks as if the spool were
// the main one's continuation; the node's state is exchanged meanwhile, so that whoever shows it or
// asks it at the sending gate sees the island's. What was open when it began is escalated by the
// node that held its partition then, and no other; hooks do not start; what people say is taken for
// incidents that this node looks after. The beginning is kept in a file, so that a process that
// dies on an island goes on there, and a piece that comes to the journal twice changes nothing.
//
// run() is one thread's, the rest any's.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "router/core/clock.hpp"
#include "router/core/mint.hpp"
#include "router/engine/owner/owner.hpp"
#include "router/island/island_file.hpp"
#include "router/island/island_journal.hpp"
#include "router/island/telling.hpp"
#include "router/spool/spooled_journal.hpp"

namespace tocsin::island {

struct IslandOptions {
  /// How long the journal must have been away.
  Duration after = std::chrono::seconds(15);
  /// Of the processes before this one on the same data directory: what they held, this one looks
  /// after.
  std::vector<std::uint64_t> earlier_boots;
  /// A line for the log.
  std::function<void(const std::string&)> tell;
  /// It begins, or is over. While it is on, the node's state is not the main journal's.
  std::function<void(bool on)> changed;
};

class Island final : public engine::Commands {
 public:
  /// An owner like the main one, alone, over this journal.
  using MakeOwner =
      std::function<std::shared_ptr<engine::Owner>(journal::Journal&, engine::Island)>;

  /// An island that an earlier process left goes on with the first run(). Everything must live
  /// longer than the last callback of `journal`.
  Island(IslandOptions options, engine::Owner& main, engine::NodeState& state,
         spool::SpooledJournal& journal, IslandFile file, const Clock& clock, Mint& mint,
         MakeOwner make_owner);

  /// The main owner's run(), or the island's. Returns how long nothing will have to be done.
  Duration run();

  /// Since when, on the wall clock; nothing: it is not.
  std::optional<WallTime> on_since() const;

  void submit(const engine::IncidentView& incident, const Command& command, Duration patience,
              engine::CommandReply reply) override;
  void submit(const engine::IncidentView& incident, const AttemptResult& receipt, Duration patience,
              engine::CommandReply reply) override;
  void submit(const Control& fact, Duration patience, engine::CommandReply reply) override;
  void report(const Alert& alert, Duration patience, engine::CommandReply reply) override;
  const engine::NodeState& state() const override { return state_; }
  void reconfigure(std::shared_ptr<const engine::Configuration> configuration);

 private:
  enum class Stage : std::uint8_t { unknown, off, on, ending, telling };
  /// What the journal's answers say, which may come after the stage in which they were asked for.
  struct Probe {
    std::atomic<bool> under_way{false};
    std::atomic<bool> back{false};
    std::atomic<bool> answered{false};
  };

  void look_for_earlier();
  bool wants_to_begin() const;
  bool begin();
  void let_go();
  void remove_file();
  void start(IslandBeginning beginning, std::vector<engine::PartitionState> cut);
  Duration stay();
  void probe();
  bool is_back() const;
  Duration end();
  bool has_attempts_under_way() const;
  void tell_journal();
  Duration go_on_telling();
  Duration finish();
  void become(Stage stage);
  bool is_shared(const IncidentId& id) const;
  bool had_others() const;
  void tell(const std::string& line) const;
  std::shared_ptr<engine::Owner> deciding() const;

  const IslandOptions options_;
  engine::Owner& main_;
  engine::NodeState& state_;
  spool::SpooledJournal& journal_;
  const IslandFile file_;
  const Clock& clock_;
  Mint& mint_;
  const MakeOwner make_owner_;

  // Of run().
  IslandBeginning beginning_;  // without its states
  std::vector<engine::PartitionState> main_state_;
  std::optional<std::vector<engine::PartitionState>> cut_;  // where it is not main_state_
  std::shared_ptr<Probe> probe_ = std::make_shared<Probe>();
  bool takes_hold_ = false;  // of the spool, which has yet to give it
  Duration probe_at_{};
  Duration decide_from_{};     // before it the journal is asked whether it is back
  bool file_is_over_ = false;  // and yet to be removed
  Duration remove_at_{};
  Duration end_by_{};
  std::vector<Position> undecided_;  // by partition: what the island decided comes before it
  std::unique_ptr<Telling> telling_;
  struct Retired {
    std::shared_ptr<IslandJournal> journal;
    std::shared_ptr<engine::Owner> owner;
  };
  std::vector<Retired> retired_;  // until nothing of theirs is under way
  std::shared_ptr<IslandJournal> island_journal_;

  mutable std::mutex mutex_;  // of those below; never held while anything else is called
  Stage stage_ = Stage::unknown;
  std::shared_ptr<engine::Owner> owner_;  // the island's; none: it is off
  WallTime began_{};
  std::set<IncidentId> shared_;  // open when it began, and there were other nodes
};

/// A node that was heard so shortly before the journal went away lived: beats come every second.
inline constexpr Duration kLivedBefore = std::chrono::seconds(5);
/// Between two looks whether the journal is back.
inline constexpr Duration kProbeEvery = std::chrono::seconds(1);
/// So long it waits for the first answer before it decides anything.
inline constexpr Duration kAskFirst = std::chrono::seconds(3);
/// So long an island that ends waits for the results of what it has begun to send; what comes later
/// follows in its own time.
inline constexpr Duration kEndWait = std::chrono::seconds(12);

}  // namespace tocsin::island

// Several nodes on one journal, each with a clock of its own, on links that can be cut, slowed and
// made to stutter. The owners, their states, the gate and the outbox are the real ones.
//
//   Nodes nodes(3);
//   nodes.run(10s);
//   nodes[0].crash();
//   nodes.run(10s);
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "router/island/island.hpp"
#include "router/spool/late_journal.hpp"
#include "tests/behaviour/world.hpp"
#include "tests/spool/memory_disk.hpp"

namespace tocsin::tests {

/// A node's way to the journal.
class Link final : public journal::Journal {
 public:
  enum class State {
    whole,
    cut,         // nothing gets through
    swallowing,  // what is appended arrives, and no answer comes back
    late         // what is appended arrives, and is answered, when release() lets it
  };
  explicit Link(journal::MemoryJournal& journal) : journal_(&journal) {}
  ~Link() override { release(); }

  Partition partitions() const override { return journal_->partitions(); }
  void append(Partition partition, std::vector<Record> records, journal::AppendDone done) override;
  Result<journal::Batch> read(journal::Cursor& cursor, std::size_t most) override;
  Position tail(Partition partition) const override;
  journal::Identity identity() const override { return journal_->identity(); }
  Position first(Partition partition) const override { return journal_->first(partition); }
  Position droppable(Partition partition, WallTime before) const override {
    return journal_->droppable(partition, before);
  }
  Status drop(const journal::Cursor&) override { return ok(); }
  void on_commit(std::function<void()>) override {}
  std::string trouble() const override {
    if (state != State::whole) return "the link is cut";
    if (lost()) return "the topic is another one";
    return leaderless.empty() ? "" : "a partition has no leader";
  }

  State state = State::whole;
  /// Sees nothing after this.
  std::optional<Position> blind_after;
  /// Sees nothing from its next turn on: that stands in the journal before it is read back.
  bool blinds_itself = false;
  /// Each append is made again, at the next release(), as a producer does that was not sure.
  bool stutters = false;
  /// An append with such a record is refused, by a journal in no trouble.
  std::function<bool(const Record&)> unacceptable;
  /// Partitions that take nothing, while the others do.
  std::set<Partition> leaderless;
  /// The journal is another one from now on: nothing goes in or out before reopen().
  void lose(journal::MemoryJournal& next) { next_ = &next; }
  void reopen() {
    if (next_) journal_ = std::exchange(next_, nullptr);
  }
  /// Everything that is late arrives now.
  void release();
  /// The process is no more: what is late may arrive, and is answered to nobody.
  void orphan();

 private:
  struct Late {
    Partition partition = 0;
    std::vector<Record> records;
    journal::AppendDone done;
  };
  bool lost() const { return next_ != nullptr; }
  std::deque<Late> late_;
  journal::MemoryJournal* journal_;
  journal::MemoryJournal* next_ = nullptr;
};

struct Sent {
  MessageId id;
  IncidentId incident;
  MessageKind kind = MessageKind::page;
  std::uint64_t boot = 0;
  std::size_t step = 0;  // of the world
  bool cut = false;      // the node could not reach the journal at that moment, or was an island
  std::string gameday = {};  // the set whose drill it is
};

class Nodes;

class ClusterNode {
 public:
  /// `directory`: of a node with a spool, where its island's beginning is kept; empty: without.
  ClusterNode(Nodes& nodes, std::string name, std::uint64_t boot, std::filesystem::path directory);
  ~ClusterNode();

  /// SIGKILL: what was under way is lost; start() begins another process on the same directory.
  void crash();
  void start(std::uint64_t boot);
  bool runs() const { return owner_ != nullptr; }
  std::uint64_t boot() const { return boot_; }

  engine::Owner& owner() { return *owner_; }
  engine::Commands& commands();
  /// What it appends to: the link, or the spool before it.
  journal::Journal& journal();
  bool on_island() const { return island_ && island_->on_since(); }
  engine::NodeState& state() { return *state_; }
  Mint& mint() { return *mint_; }

  std::string name;
  Link link;
  SimulatedClock clock;
  HeldRunner runner;
  bool paused = false;
  /// Attempts are handed to the node's lanes and stay there.
  bool holds_attempts = false;
  /// What its island has said to the log.
  std::vector<std::string> told;

  void step();
  /// Its spool does what it has to.
  void take_in_spool();

 private:
  struct PhoneChannel;
  void start_island(std::uint64_t earlier_boot);
  Nodes& nodes_;
  const std::filesystem::path directory_;
  const std::shared_ptr<journal::MemoryJournal> spool_;  // outlives the process, as `disk_` does
  spool::testing::MemoryDisk disk_;
  std::uint64_t boot_ = 0;
  std::unique_ptr<Mint> mint_;
  std::unique_ptr<spool::SpooledJournal> spooled_;
  spool::LateJournal* late_ = nullptr;  // of `spooled_`
  engine::OwnerEvents owner_events_;
  delivery::DeliveryEvents delivery_events_;
  std::unique_ptr<engine::NodeState> state_;
  std::unique_ptr<delivery::Delivery> delivery_;
  std::unique_ptr<engine::Owner> owner_;
  std::unique_ptr<island::Island> island_;
};

enum class Spools { none, yes };

class Nodes {
 public:
  explicit Nodes(std::size_t count, const std::string& yaml = kPlainSettings,
                 Partition partitions = 4, std::size_t segment_records = 100'000,
                 Spools spools = Spools::none);
  ~Nodes();
  ClusterNode& operator[](std::size_t i) { return *all_[i]; }
  std::size_t size() const { return all_.size(); }

  /// Every clock moves, and whoever runs and is not paused does its work.
  void step(Duration by = std::chrono::milliseconds(250));
  void run(Duration by);

  /// An alert of `integration`, accepted by that node. False: it was not.
  bool fire(std::size_t node, const std::string& integration, const std::string& name,
            AlertStatus status = AlertStatus::firing);
  /// What was answered: empty while there is none.
  std::shared_ptr<std::optional<engine::CommandAnswer>> acknowledge(
      std::size_t node, const engine::IncidentView& incident, const std::string& by);

  /// Turns a GameDay set on, said to that node; answered as above. And off.
  std::shared_ptr<std::optional<engine::CommandAnswer>> gameday_on(std::size_t node,
                                                                   const std::string& set,
                                                                   Duration length);
  std::shared_ptr<std::optional<engine::CommandAnswer>> gameday_off(std::size_t node,
                                                                    const std::string& set);
  /// Which of the nodes that run believes that it decides this partition.
  std::vector<std::size_t> holders(Partition partition);
  std::vector<Sent> pages(const IncidentId& incident) const;
  std::uint64_t next_boot() { return ++boots_; }
  /// Nobody has the journal any more: there is an empty one in its place.
  void make_journal_anew();
  std::size_t steps() const { return steps_; }

  journal::MemoryJournal journal;
  std::shared_ptr<const engine::Configuration> configuration;
  settings::Settings settings;
  std::vector<Sent> sent;
  /// For how long an alert holds, as its sender says; zero: it says nothing.
  Duration word{};

 private:
  std::filesystem::path directory_;  // of the nodes' files; empty: they have none
  std::uint64_t boots_ = 100;
  std::size_t steps_ = 0;
  std::vector<std::unique_ptr<journal::MemoryJournal>> anew_;
  std::vector<std::unique_ptr<ClusterNode>> all_;
};

}  // namespace tocsin::tests

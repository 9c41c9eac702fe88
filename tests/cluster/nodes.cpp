#include "tests/cluster/nodes.hpp"

#include "tests/catch.hpp"

namespace tocsin::tests {
namespace {

// A journal of somebody else's, for whoever wants one of its own.
class Borrowed final : public journal::Journal {
 public:
  explicit Borrowed(journal::Journal& journal) : journal_(journal) {}
  Partition partitions() const override { return journal_.partitions(); }
  void append(Partition partition, std::vector<Record> records, journal::AppendDone done) override {
    journal_.append(partition, std::move(records), std::move(done));
  }
  Result<journal::Batch> read(journal::Cursor& cursor, std::size_t most) override {
    return journal_.read(cursor, most);
  }
  Position tail(Partition partition) const override { return journal_.tail(partition); }
  journal::Identity identity() const override { return journal_.identity(); }
  Position first(Partition partition) const override { return journal_.first(partition); }
  Position droppable(Partition, WallTime) const override { return 0; }
  Status drop(const journal::Cursor&) override { return ok(); }
  void on_commit(std::function<void()>) override {}
  std::string trouble() const override { return journal_.trouble(); }

 private:
  journal::Journal& journal_;
};

}  // namespace

void Link::append(Partition partition, std::vector<Record> records, journal::AppendDone done) {
  using Outcome = journal::Appended::Outcome;
  if (state == State::cut) return done({Outcome::unknown, 0, "the link is cut"});
  if (lost()) return done({Outcome::refused, 0, trouble()});
  if (leaderless.contains(partition)) return done({Outcome::unknown, 0, trouble()});
  for (const Record& record : records)
    if (unacceptable && unacceptable(record))
      return done({Outcome::refused, 0, "the record is too large"});
  if (state == State::swallowing) {
    journal_->append(partition, std::move(records), [](const journal::Appended&) {});
    return done({Outcome::unknown, 0, "the link is cut"});
  }
  if (blinds_itself && !records.empty() && records.front().kind == RecordKind::turn)
    blind_after = journal_->tail(partition);
  if (stutters) late_.push_back({partition, records, [](const journal::Appended&) {}});
  if (state == State::late)
    return late_.push_back({partition, std::move(records), std::move(done)});
  journal_->append(partition, std::move(records), std::move(done));
}

void Link::orphan() {
  for (Late& late : late_) late.done = [](const journal::Appended&) {};
}

void Link::release() {
  for (Late& late : std::exchange(late_, {}))
    journal_->append(late.partition, std::move(late.records), std::move(late.done));
}

Result<journal::Batch> Link::read(journal::Cursor& cursor, std::size_t most) {
  if (state == State::cut || state == State::swallowing) return unavailable("the link is cut");
  if (lost()) return not_found(trouble());
  journal::Cursor at = cursor;
  TOCSIN_TRY(journal::Batch batch, journal_->read(at, most));
  if (!blind_after) {
    cursor = at;
    return batch;
  }
  std::erase_if(batch.entries, [&](const auto& e) { return e.position > *blind_after; });
  cursor.resize(partitions());
  for (Partition p = 0; p < partitions(); ++p)
    cursor[p] = std::max(cursor[p], std::min(at[p], *blind_after));
  return batch;
}

Position Link::tail(Partition partition) const {
  const Position tail = journal_->tail(partition);
  return blind_after ? std::min(tail, *blind_after) : tail;
}

struct ClusterNode::PhoneChannel final : connectors::Channel {
  ClusterNode& node;
  explicit PhoneChannel(ClusterNode& n) : node(n) {}
  Attempt deliver(const connectors::Notification& n, Duration) override {
    const bool cut = node.link.state == Link::State::cut ||
                     node.link.state == Link::State::swallowing || node.on_island();
    node.nodes_.sent.push_back(
        {n.id, {n.incident}, n.kind, node.boot_, node.nodes_.steps(), cut, n.gameday});
    return Attempt::accepted("delivered");
  }
};

ClusterNode::ClusterNode(Nodes& nodes, std::string n, std::uint64_t boot,
                         std::filesystem::path directory)
    : name(std::move(n)),
      link(nodes.journal),
      nodes_(nodes),
      directory_(std::move(directory)),
      spool_(
          std::make_shared<journal::MemoryJournal>(link.partitions(), "spool " + name, 100'000)) {
  // Another machine: its steady clock says something else.
  clock.reboot_as(static_cast<std::uint64_t>(name.front()));
  start(boot);
}
ClusterNode::~ClusterNode() { crash(); }

void ClusterNode::crash() {
  link.orphan();
  runner.drop_all();
  spooled_.reset();
  island_.reset();
  owner_.reset();
  delivery_.reset();
}

engine::Commands& ClusterNode::commands() {
  return island_ ? static_cast<engine::Commands&>(*island_) : *owner_;
}

journal::Journal& ClusterNode::journal() {
  return spooled_ ? static_cast<journal::Journal&>(*spooled_) : link;
}

void ClusterNode::start(std::uint64_t boot) {
  const std::uint64_t earlier_boot = std::exchange(boot_, boot);
  paused = holds_attempts = false;
  mint_ = std::make_unique<Mint>(boot, link.partitions());
  if (!directory_.empty()) {
    spool::SpoolOptions options;
    options.own_thread = false;
    options.begin_held = std::filesystem::exists(directory_ / name);
    spool::LateOptions late_options;
    late_options.partitions = link.partitions();
    late_options.own_thread = false;
    auto late = std::make_unique<spool::LateJournal>(
        late_options,
        [this]() -> Result<std::unique_ptr<journal::Journal>> {
          if (link.state == Link::State::cut) return unavailable("the link is cut");
          link.reopen();
          return std::unique_ptr<journal::Journal>(std::make_unique<Borrowed>(link));
        },
        clock);
    late_ = late.get();
    late_->step();
    spooled_ = std::make_unique<spool::SpooledJournal>(
        options, std::move(late), std::make_unique<spool::testing::LentJournal>(spool_),
        std::make_unique<spool::testing::LentDisk>(disk_), clock);
  }
  state_ = std::make_unique<engine::NodeState>(link.partitions());
  const auto links = [](const engine::IncidentView&, const engine::MessageState&, WallTime) {
    return delivery::Links{};
  };
  delivery_ = std::make_unique<delivery::Delivery>(*state_, journal(), clock, *mint_, runner, links,
                                                   delivery_events_);
  auto channels = std::make_shared<delivery::Channels>();
  for (const auto& [channel, values] : nodes_.settings.channels)
    channels->emplace(channel, std::make_unique<PhoneChannel>(*this));
  delivery_->replace(std::move(channels));
  engine::OwnerExtras extras;
  extras.membership = engine::MembershipOptions{name, ""};
  owner_ = std::make_unique<engine::Owner>(journal(), clock, *mint_, *state_, nodes_.configuration,
                                           *delivery_, owner_events_, std::move(extras));
  // A node that cannot read yet tries again with every step.
  static_cast<void>(owner_->replay());
  if (spooled_) start_island(earlier_boot);
}

void ClusterNode::start_island(std::uint64_t earlier_boot) {
  island::IslandOptions options;
  options.earlier_boots = {earlier_boot};
  options.tell = [this](const std::string& line) { told.push_back(line); };
  island_ = std::make_unique<island::Island>(
      options, *owner_, *state_, *spooled_, island::IslandFile(directory_ / name), clock, *mint_,
      [this](journal::Journal& its, engine::Island known) {
        engine::OwnerExtras extras;
        extras.island = std::move(known);
        return std::make_shared<engine::Owner>(its, clock, *mint_, *state_, nodes_.configuration,
                                               *delivery_, owner_events_, std::move(extras));
      });
}

void ClusterNode::take_in_spool() {
  if (spooled_) late_->step();
  for (int i = 0; spooled_ && i < 100 && spooled_->step() == Duration::zero(); ++i) {
  }
}

void ClusterNode::step() {
  if (!runs() || paused) return;
  // First what its lanes had before it was paused.
  while (!holds_attempts && runner.run_one()) {
  }
  for (int round = 0; round < 4; ++round) {
    take_in_spool();
    if (island_)
      island_->run();
    else
      owner_->run();
    bool ran = false;
    while (!holds_attempts && runner.run_one()) ran = true;
    if (!ran) break;
  }
  delivery_->record_again();
}

namespace {

// A team's file may stand after the service's own.
std::vector<settings::File> files_of(const std::string& yaml) {
  const std::string between = "\n---\n";
  const std::size_t at = yaml.find(between);
  if (at == std::string::npos) return {{"tocsin.yaml", yaml}};
  return {{"tocsin.yaml", yaml.substr(0, at + 1)},
          {"teams/drills.yaml", yaml.substr(at + between.size())}};
}

}  // namespace

Nodes::Nodes(std::size_t count, const std::string& yaml, Partition partitions,
             std::size_t segment_records, Spools spools)
    : journal(partitions, "shared", segment_records), settings(load_settings(files_of(yaml))) {
  configuration = make_configuration(settings);
  if (spools == Spools::yes) {
    std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-nodes-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  for (std::size_t i = 0; i < count; ++i)
    all_.push_back(std::make_unique<ClusterNode>(*this, std::string(1, static_cast<char>('a' + i)),
                                                 next_boot(), directory_));
}

Nodes::~Nodes() {
  all_.clear();
  if (!directory_.empty()) std::filesystem::remove_all(directory_);
}

void Nodes::step(Duration by) {
  ++steps_;
  for (auto& node : all_) node->clock.advance(by);
  for (auto& node : all_) node->step();
}

void Nodes::run(Duration by) {
  constexpr Duration kStep = std::chrono::milliseconds(250);
  for (Duration done{}; done < by; done += kStep) step(kStep);
}

void Nodes::make_journal_anew() {
  anew_.push_back(std::make_unique<journal::MemoryJournal>(
      journal.partitions(), "anew " + std::to_string(anew_.size()), 100'000));
  for (auto& node : all_) node->link.lose(*anew_.back());
}

bool Nodes::fire(std::size_t node, const std::string& integration, const std::string& name,
                 AlertStatus status) {
  ClusterNode& at = *all_[node];
  if (!at.runs() || at.paused) return false;
  Alert alert;
  alert.key = name;
  alert.status = status;
  alert.labels = Fields({{"alertname", name}});
  if (word > Duration::zero() && status == AlertStatus::firing)
    alert.ends_at = at.clock.now().wall + word;
  const Partition partition = journal::partition_of(integration, journal.partitions());
  const auto accepted = std::make_shared<bool>(false);
  at.journal().append(partition,
                      {at.mint().record(partition, RecordKind::alerts, at.clock.now().wall,
                                        encode(AlertsBody{integration, at.clock.now(), {alert}}))},
                      [accepted](const journal::Appended& said) { *accepted = said.durable(); });
  // A spool's disk answers with its next step.
  if (!directory_.empty() && !*accepted) at.take_in_spool();
  return *accepted;
}

namespace {

std::shared_ptr<std::optional<engine::CommandAnswer>> submit(engine::Commands& to,
                                                             const Control& fact) {
  auto answer = std::make_shared<std::optional<engine::CommandAnswer>>();
  to.submit(fact, std::chrono::seconds(5),
            [answer](const engine::CommandAnswer& said) { *answer = said; });
  return answer;
}

}  // namespace

std::shared_ptr<std::optional<engine::CommandAnswer>> Nodes::gameday_on(std::size_t node,
                                                                        const std::string& set,
                                                                        Duration length) {
  control::GamedayOn on{set, {}, std::chrono::hours(8)};
  on.run.by = "ada";
  on.run.said = all_[node]->clock.now();
  on.run.starts_at = on.run.said.wall;
  on.run.length = length;
  return submit(all_[node]->commands(), on);
}

std::shared_ptr<std::optional<engine::CommandAnswer>> Nodes::gameday_off(std::size_t node,
                                                                         const std::string& set) {
  return submit(all_[node]->commands(),
                control::GamedayEnded{
                    set, {gameday::EndKind::off, "ada", "done", all_[node]->clock.now().wall}, 0});
}

std::shared_ptr<std::optional<engine::CommandAnswer>> Nodes::acknowledge(
    std::size_t node, const engine::IncidentView& incident, const std::string& by) {
  auto answer = std::make_shared<std::optional<engine::CommandAnswer>>();
  all_[node]->commands().submit(
      incident, {CommandKind::acknowledge, incident.incident.id, by, "test"},
      std::chrono::seconds(5), [answer](const engine::CommandAnswer& said) { *answer = said; });
  return answer;
}

std::vector<std::size_t> Nodes::holders(Partition partition) {
  std::vector<std::size_t> holders;
  for (std::size_t i = 0; i < all_.size(); ++i)
    if (all_[i]->runs() && all_[i]->state().partition(partition).holder == all_[i]->boot())
      holders.push_back(i);
  return holders;
}

std::vector<Sent> Nodes::pages(const IncidentId& incident) const {
  std::vector<Sent> pages;
  for (const Sent& each : sent)
    if (each.incident == incident && each.kind == MessageKind::page) pages.push_back(each);
  return pages;
}

}  // namespace tocsin::tests

#include "tests/cluster/nodes.hpp"

#include "tests/catch.hpp"

namespace tocsin::tests {

void Link::append(Partition partition, std::vector<Record> records, journal::AppendDone done) {
  using Outcome = journal::Appended::Outcome;
  if (state == State::cut) return done({Outcome::unknown, 0, "the link is cut"});
  if (state == State::swallowing) {
    journal_.append(partition, std::move(records), [](const journal::Appended&) {});
    return done({Outcome::unknown, 0, "the link is cut"});
  }
  if (blinds_itself && !records.empty() && records.front().kind == RecordKind::turn)
    blind_after = journal_.tail(partition);
  if (stutters) late_.push_back({partition, records, [](const journal::Appended&) {}});
  if (state == State::late)
    return late_.push_back({partition, std::move(records), std::move(done)});
  journal_.append(partition, std::move(records), std::move(done));
}

void Link::orphan() {
  for (Late& late : late_) late.done = [](const journal::Appended&) {};
}

void Link::release() {
  for (Late& late : std::exchange(late_, {}))
    journal_.append(late.partition, std::move(late.records), std::move(late.done));
}

Result<journal::Batch> Link::read(journal::Cursor& cursor, std::size_t most) {
  if (state == State::cut || state == State::swallowing) return unavailable("the link is cut");
  journal::Cursor at = cursor;
  TOCSIN_TRY(journal::Batch batch, journal_.read(at, most));
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
  const Position tail = journal_.tail(partition);
  return blind_after ? std::min(tail, *blind_after) : tail;
}

struct ClusterNode::PhoneChannel final : connectors::Channel {
  ClusterNode& node;
  explicit PhoneChannel(ClusterNode& n) : node(n) {}
  Attempt deliver(const connectors::Notification& n, Duration) override {
    node.nodes_.sent.push_back(
        {n.id, n.incident, n.kind, node.boot_, node.nodes_.steps(),
         node.link.state == Link::State::cut || node.link.state == Link::State::swallowing});
    return Attempt::accepted("delivered");
  }
};

ClusterNode::ClusterNode(Nodes& nodes, std::string n, std::uint64_t boot)
    : name(std::move(n)), link(nodes.journal), nodes_(nodes) {
  // Another machine: its steady clock says something else.
  clock.reboot_as(static_cast<std::uint64_t>(name.front()));
  start(boot);
}
ClusterNode::~ClusterNode() { crash(); }

void ClusterNode::crash() {
  link.orphan();
  runner.drop_all();
  owner_.reset();
  delivery_.reset();
}

void ClusterNode::start(std::uint64_t boot) {
  boot_ = boot;
  paused = holds_attempts = false;
  mint_ = std::make_unique<Mint>(boot, link.partitions());
  state_ = std::make_unique<engine::NodeState>(link.partitions());
  const auto links = [](const engine::IncidentView&, const engine::MessageState&, WallTime) {
    return delivery::Links{};
  };
  delivery_ = std::make_unique<delivery::Delivery>(*state_, link, clock, *mint_, runner, links,
                                                   delivery_events_);
  auto channels = std::make_shared<delivery::Channels>();
  for (const auto& [channel, values] : nodes_.settings.channels)
    channels->emplace(channel, std::make_unique<PhoneChannel>(*this));
  delivery_->replace(std::move(channels));
  engine::OwnerExtras extras;
  extras.membership = engine::MembershipOptions{name, ""};
  owner_ = std::make_unique<engine::Owner>(link, clock, *mint_, *state_, nodes_.configuration,
                                           *delivery_, owner_events_, std::move(extras));
  // A node that cannot read yet tries again with every step.
  static_cast<void>(owner_->replay());
}

void ClusterNode::step() {
  if (!runs() || paused) return;
  // First what its lanes had before it was paused.
  while (!holds_attempts && runner.run_one()) {
  }
  for (int round = 0; round < 4; ++round) {
    owner_->run();
    bool ran = false;
    while (!holds_attempts && runner.run_one()) ran = true;
    if (!ran) break;
  }
  delivery_->record_again();
}

Nodes::Nodes(std::size_t count, const std::string& yaml, Partition partitions,
             std::size_t segment_records)
    : journal(partitions, "shared", segment_records),
      settings(load_settings({{"tocsin.yaml", yaml}})) {
  configuration = make_configuration(settings);
  for (std::size_t i = 0; i < count; ++i)
    all_.push_back(std::make_unique<ClusterNode>(*this, std::string(1, static_cast<char>('a' + i)),
                                                 next_boot()));
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

bool Nodes::fire(std::size_t node, const std::string& integration, const std::string& name,
                 AlertStatus status) {
  ClusterNode& at = *all_[node];
  if (!at.runs() || at.paused) return false;
  Alert alert;
  alert.key = name;
  alert.status = status;
  alert.labels = Fields({{"alertname", name}});
  const Partition partition = journal::partition_of(integration, journal.partitions());
  const auto accepted = std::make_shared<bool>(false);
  at.link.append(partition,
                 {at.mint().record(partition, RecordKind::alerts, at.clock.now().wall,
                                   encode(AlertsBody{integration, at.clock.now(), {alert}}))},
                 [accepted](const journal::Appended& said) { *accepted = said.durable(); });
  return *accepted;
}

std::shared_ptr<std::optional<engine::CommandAnswer>> Nodes::acknowledge(
    std::size_t node, const engine::IncidentView& incident, const std::string& by) {
  auto answer = std::make_shared<std::optional<engine::CommandAnswer>>();
  all_[node]->owner().submit(incident, {CommandKind::acknowledge, incident.incident.id, by, "test"},
                             std::chrono::seconds(5),
                             [answer](const engine::CommandAnswer& said) { *answer = said; });
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

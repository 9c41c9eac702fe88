// Owners by the chain of turns: who decides, who takes over, and that nobody is paged by two.
#include <algorithm>

#include "router/engine/state_codec.hpp"
#include "tests/catch.hpp"
#include "tests/cluster/nodes.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

constexpr Partition kPartitions = 4;
const std::string kSender = "prometheus";

Partition home() { return journal::partition_of(kSender, kPartitions); }

// The node that decides the sender's partition.
std::size_t owner_of(Nodes& nodes) {
  const auto holders = nodes.holders(home());
  REQUIRE(holders.size() == 1);
  return holders.front();
}
// Until every partition has its owner: the one of the sender's, and another node.
std::pair<std::size_t, std::size_t> settle(Nodes& nodes) {
  nodes.run(15s);
  const std::size_t owner = owner_of(nodes);
  return {owner, (owner + 1) % nodes.size()};
}

engine::IncidentView only_incident(Nodes& nodes, std::size_t node) {
  auto all = nodes[node].state().list({}).incidents;
  REQUIRE(all.size() == 1);
  return all.front();
}

std::set<std::uint64_t> boots(const std::vector<Sent>& pages) {
  std::set<std::uint64_t> all;
  for (const Sent& page : pages) all.insert(page.boot);
  return all;
}

}  // namespace

TEST_CASE("every partition has one owner and all nodes fold the same") {
  Nodes nodes(3);
  nodes.run(15s);
  nodes.step(0s);  // the last beats are read by all
  for (Partition p = 0; p < kPartitions; ++p) {
    CHECK(nodes.holders(p).size() == 1);
    for (std::size_t i = 1; i < nodes.size(); ++i)
      CHECK(engine::encode_state(nodes[i].state().partition(p)) ==
            engine::encode_state(nodes[0].state().partition(p)));
  }
}

TEST_CASE("an alert accepted by any node is paged once by the owner of its partition") {
  Nodes nodes(3);
  const auto [owner, other] = settle(nodes);
  REQUIRE(nodes.fire(other, kSender, "db-down"));
  nodes.run(2s);
  const auto incident = only_incident(nodes, other);
  const auto pages = nodes.pages(incident.incident.id);
  REQUIRE(pages.size() == 1);
  CHECK(pages.front().boot == nodes[owner].boot());
}

TEST_CASE("an acknowledgement given to one node stops the escalation that another owns") {
  Nodes nodes(3);
  const auto [owner, other] = settle(nodes);
  nodes.fire(owner, kSender, "db-down");
  nodes.run(2s);
  const auto incident = only_incident(nodes, owner);
  const auto answer = nodes.acknowledge(other, incident, "ada");
  nodes.run(1s);
  REQUIRE(*answer);
  CHECK((*answer)->what == engine::CommandAnswer::What::done);
  nodes.run(30min);
  CHECK(nodes.pages(incident.incident.id).size() == 1);
}

TEST_CASE("what another node has answered stops the owner before it has read its own turn") {
  Nodes nodes(2);
  const auto [owner, other] = settle(nodes);
  nodes[owner].holds_attempts = true;
  nodes.fire(owner, kSender, "db-down");
  nodes.step();
  REQUIRE(nodes[owner].runner.waiting() == 1);
  nodes[other].step();
  const auto answer = nodes.acknowledge(other, only_incident(nodes, other), "ada");
  nodes[owner].link.blinds_itself = true;
  nodes[owner].step();
  nodes[other].step();
  REQUIRE(*answer);
  REQUIRE((*answer)->what == engine::CommandAnswer::What::done);
  REQUIRE(nodes[owner].runner.run_one());
  CHECK(nodes.sent.empty());
  nodes[owner].holds_attempts = nodes[owner].link.blinds_itself = false;
  nodes[owner].link.blind_after.reset();
  nodes.run(2min);
  CHECK(nodes.sent.empty());
}

TEST_CASE("an owner that dies is followed within seconds and its waiting incidents are paged") {
  Nodes nodes(3);
  const auto [owner, other] = settle(nodes);
  nodes[owner].crash();
  REQUIRE(nodes.fire(other, kSender, "db-down"));
  nodes.run(6s);
  const auto incident = only_incident(nodes, other);
  CHECK(nodes.pages(incident.incident.id).size() == 1);
  CHECK(owner_of(nodes) != owner);
}

TEST_CASE("the escalation of an owner that dies goes on where it was") {
  Nodes nodes(2);
  const auto [owner, other] = settle(nodes);
  nodes.fire(owner, kSender, "db-down");
  nodes.run(2min);
  nodes[owner].crash();
  nodes.run(2min);
  const auto incident = only_incident(nodes, other);
  CHECK(nodes.pages(incident.incident.id).size() == 1);
  nodes.run(90s);  // five minutes after the first page: ada again, and bob
  CHECK(nodes.pages(incident.incident.id).size() == 3);
}

TEST_CASE("an attempt that nobody recorded is made again by the next owner under the same id") {
  Nodes nodes(2);
  const auto [owner, other] = settle(nodes);
  nodes[owner].holds_attempts = true;
  nodes.fire(owner, kSender, "db-down");
  nodes.step();
  nodes[owner].link.state = Link::State::cut;
  nodes[owner].runner.run_one();  // the page goes out, and its result nowhere
  REQUIRE(nodes.sent.size() == 1);
  nodes[owner].crash();
  nodes.run(6s);
  REQUIRE(nodes.sent.size() == 2);
  CHECK(nodes.sent[0].id == nodes.sent[1].id);
}

TEST_CASE("an owner that was paused past its session starts nothing when it goes on") {
  Nodes nodes(2);
  const auto [owner, other] = settle(nodes);
  nodes[owner].holds_attempts = true;
  nodes.fire(owner, kSender, "db-down");
  nodes.step();
  REQUIRE(nodes[owner].runner.waiting() == 1);
  nodes[owner].paused = true;
  nodes.run(8s);
  const auto incident = only_incident(nodes, other);
  REQUIRE(boots(nodes.pages(incident.incident.id)) == std::set{nodes[other].boot()});
  nodes[owner].holds_attempts = false;
  nodes[owner].paused = false;
  nodes.step();
  CHECK(boots(nodes.pages(incident.incident.id)) == std::set{nodes[other].boot()});
  CHECK(nodes.pages(incident.incident.id).size() == 1);
}

TEST_CASE("a node that comes back is given its partitions again and nothing is paged twice") {
  Nodes nodes(2);
  const auto [owner, other] = settle(nodes);
  nodes.fire(owner, kSender, "db-down");
  nodes.run(2s);
  nodes[owner].crash();
  nodes.run(10s);
  REQUIRE(owner_of(nodes) != owner);
  nodes[owner].start(nodes.next_boot());
  nodes.run(20s);
  CHECK(owner_of(nodes) == owner);
  CHECK(nodes.pages(only_incident(nodes, owner).incident.id).size() == 1);
}

TEST_CASE("a hand-over does not repeat an attempt that is under way") {
  Nodes nodes(2);
  const auto [owner, other] = settle(nodes);
  nodes[owner].holds_attempts = true;
  nodes.fire(owner, kSender, "db-down");
  nodes.step();
  nodes[owner].owner().leave();
  nodes.run(5s);
  CHECK(nodes[owner].owner().has_left());
  CHECK(owner_of(nodes) != owner);
  CHECK(nodes.sent.empty());
  nodes[owner].holds_attempts = false;
  nodes.run(5s);
  CHECK(nodes.sent.size() == 1);
}

TEST_CASE("a node that stops cleanly is followed at once") {
  Nodes nodes(2);
  const auto [owner, other] = settle(nodes);
  nodes[owner].owner().leave();
  nodes.run(1s);
  REQUIRE(nodes[owner].owner().has_left());
  nodes[owner].owner().farewell();
  nodes[owner].crash();
  nodes.fire(other, kSender, "db-down");
  nodes.run(500ms);
  CHECK(nodes.pages(only_incident(nodes, other).incident.id).size() == 1);
}

TEST_CASE("two nodes that cannot hear each other never decide the same input twice") {
  Nodes nodes(2);
  const auto [owner, other] = settle(nodes);
  // It reads nothing new, and all that it says arrives.
  nodes[owner].link.blind_after = nodes.journal.tail(0);
  nodes.fire(other, kSender, "db-down");
  nodes.run(10s);
  nodes[owner].link.blind_after.reset();
  nodes.run(10s);
  CHECK(nodes.pages(only_incident(nodes, other).incident.id).size() == 1);
}

TEST_CASE("a turn that arrives when another node has decided already counts for nobody") {
  Nodes nodes(2);
  const auto [owner, other] = settle(nodes);
  nodes.fire(other, kSender, "db-down");
  nodes[owner].link.state = Link::State::late;  // it reads, and what it says is on its way
  nodes.run(10s);
  REQUIRE(owner_of(nodes) == other);
  const std::uint64_t turn = nodes[other].state().partition(home()).turn;
  nodes[owner].link.release();
  nodes.step();
  CHECK(owner_of(nodes) == other);
  CHECK(nodes[other].state().partition(home()).turn == turn);
  nodes[owner].link.state = Link::State::whole;
  nodes.run(10s);
  const auto pages = nodes.pages(only_incident(nodes, other).incident.id);
  REQUIRE(pages.size() == 1);
  CHECK(pages.front().boot == nodes[other].boot());
}

TEST_CASE("a lone node of a cluster decides everything when its session has passed") {
  Nodes nodes(1);
  nodes.fire(0, kSender, "db-down");
  nodes.run(3s);
  CHECK(nodes.sent.empty());
  nodes.run(3s);
  CHECK(nodes.sent.size() == 1);
}

TEST_CASE("what is open is written again soon after a node begins and not first in ten minutes") {
  Nodes nodes(2, std::string(kPlainSettings) + "journal: {retention: 2d}\n", kPartitions, 16);
  const auto [owner, other] = settle(nodes);
  nodes.fire(owner, kSender, "db-down");
  nodes.run(10s);
  nodes[owner].crash();
  nodes[other].crash();
  nodes.step(49h);
  const Position before = nodes.journal.tail(0);
  nodes[other].start(nodes.next_boot());
  nodes.run(20s);
  journal::Cursor cursor(kPartitions, before);
  const auto batch = nodes.journal.read(cursor, 1'000);
  REQUIRE(batch);
  CHECK(std::any_of(batch->entries.begin(), batch->entries.end(), [](const auto& entry) {
    return entry.partition == home() && entry.record.kind == RecordKind::carried;
  }));
}

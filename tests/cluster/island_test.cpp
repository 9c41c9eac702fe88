// A cluster whose journal is away: nodes that decide by themselves, and what becomes of it.
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

struct Archipelago {
  Nodes nodes;
  std::size_t owner = 0, other = 0;

  explicit Archipelago(std::size_t count = 2)
      : nodes(count, kPlainSettings, kPartitions, 100'000, Spools::yes) {
    nodes.run(15s);
    const auto holders = nodes.holders(home());
    REQUIRE(holders.size() == 1);
    owner = holders.front();
    other = (owner + 1) % count;
  }
  void outage() {
    for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i].link.state = Link::State::cut;
  }
  void back() {
    for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i].link.state = Link::State::whole;
  }
  std::vector<engine::IncidentView> incidents(std::size_t node) {
    return nodes[node].state().list({}).incidents;
  }
  engine::IncidentView incident(std::size_t node) {
    const auto all = incidents(node);
    REQUIRE(all.size() == 1);
    return all.front();
  }
  std::size_t pages() const {
    std::size_t count = 0;
    for (const Sent& sent : nodes.sent) count += sent.kind == MessageKind::page;
    return count;
  }
  std::vector<Sent> words() const {
    std::vector<Sent> words;
    for (const Sent& sent : nodes.sent)
      if (sent.kind == MessageKind::resolved) words.push_back(sent);
    return words;
  }
  void agree() {
    nodes.step(0s);
    for (Partition p = 0; p < kPartitions; ++p)
      for (std::size_t i = 0; i < nodes.size(); ++i) {
        CHECK_FALSE(nodes[i].on_island());
        CHECK(nodes[i].state().partition(p).pending.empty());
        CHECK((engine::encode_state(nodes[i].state().partition(p)) ==
               engine::encode_state(nodes[0].state().partition(p))));
      }
  }
};

}  // namespace

TEST_CASE(
    "with the journal away a node pages what it accepts and nobody is paged again when it is "
    "back") {
  Archipelago a;
  a.outage();
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
  a.nodes.run(14s);
  CHECK(a.pages() == 0);
  a.nodes.run(3s);
  CHECK(a.pages() == 1);
  CHECK(a.nodes[a.other].on_island());
  CHECK(a.incident(a.other).incident.state == engine::IncidentState::open);
  a.back();
  a.nodes.run(30s);
  CHECK(a.pages() == 1);
  a.agree();
  CHECK(a.incident(a.owner).incident.firing == 1);
  REQUIRE(a.nodes.fire(a.owner, kSender, "db-down", AlertStatus::resolved));
  a.nodes.run(2s);
  CHECK(a.words().size() == 1);
}

TEST_CASE("an alert that was paged before the journal went away is not paged again") {
  Archipelago a;
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
  a.nodes.run(2s);
  REQUIRE(a.pages() == 1);
  a.outage();
  for (int i = 0; i < 4; ++i) {
    REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
    REQUIRE(a.nodes.fire(a.owner, kSender, "db-down"));
    a.nodes.run(15s);
  }
  CHECK(a.pages() == 1);
  a.back();
  a.nodes.run(30s);
  CHECK(a.pages() == 1);
  a.agree();
}

TEST_CASE("what was open goes on being escalated by the node that decided it and by no other") {
  Archipelago a;
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
  a.nodes.run(2s);
  a.outage();
  a.nodes.run(6min);
  const auto pages = a.nodes.pages(a.incident(a.owner).incident.id);
  REQUIRE(pages.size() > 1);
  std::set<MessageId> ids;
  for (const Sent& page : pages) {
    CHECK(page.boot == a.nodes[a.owner].boot());
    ids.insert(page.id);
  }
  CHECK(ids.size() == pages.size());
  a.back();
  a.nodes.run(30s);
  CHECK(a.pages() == pages.size());
  a.agree();
}

TEST_CASE("an acknowledgement on an island ends the noise and holds when the journal is back") {
  Archipelago a;
  a.outage();
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
  a.nodes.run(20s);
  REQUIRE(a.pages() == 1);
  const auto answer = a.nodes.acknowledge(a.other, a.incident(a.other), "ada");
  a.nodes.run(2s);
  REQUIRE(*answer);
  CHECK((*answer)->what == engine::CommandAnswer::What::done);
  a.nodes.run(10min);
  CHECK(a.pages() == 1);
  a.back();
  a.nodes.run(10min);
  CHECK(a.pages() == 1);
  a.agree();
  CHECK(a.incident(a.owner).incident.acknowledged_by == "ada");
}

TEST_CASE("an acknowledgement is not confirmed by a node that cannot reach the one that pages") {
  Archipelago a;
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
  a.nodes.run(2s);
  a.outage();
  a.nodes.run(20s);
  const auto answer = a.nodes.acknowledge(a.other, a.incident(a.other), "ada");
  a.nodes.run(1s);
  REQUIRE(*answer);
  CHECK((*answer)->what == engine::CommandAnswer::What::not_confirmed);
  // The one that pages stops; that no other has gone on with it, it cannot promise.
  const auto by_owner = a.nodes.acknowledge(a.owner, a.incident(a.owner), "ada");
  a.nodes.run(1s);
  REQUIRE(*by_owner);
  CHECK((*by_owner)->what == engine::CommandAnswer::What::not_confirmed);
  CHECK(a.incident(a.owner).incident.state == engine::IncidentState::acknowledged);
  const std::size_t pages = a.pages();
  a.nodes.run(10min);
  CHECK(a.pages() == pages);
}

TEST_CASE(
    "two nodes that were told of the same alert while the journal was away have one incident") {
  Archipelago a;
  a.outage();
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
  REQUIRE(a.nodes.fire(a.owner, kSender, "db-down"));
  a.nodes.run(20s);
  CHECK(a.pages() == 2);  // neither could know of the other
  const IncidentId of_other = a.incident(a.other).incident.id;
  const IncidentId of_owner = a.incident(a.owner).incident.id;
  REQUIRE(of_other != of_owner);
  a.back();
  a.nodes.run(30s);
  CHECK(a.pages() == 2);
  a.agree();
  CHECK(a.incident(a.owner).incident.aliases.size() == 1);
  for (const IncidentId& id : {of_other, of_owner})
    CHECK(a.nodes[0].state().find(id.text)->incident.id == a.incident(0).incident.id);
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down", AlertStatus::resolved));
  a.nodes.run(5s);
  CHECK(a.incident(a.owner).incident.state == engine::IncidentState::resolved);
}

TEST_CASE("a process that dies on an island is followed by one that goes on there") {
  Archipelago a;
  a.outage();
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
  a.nodes.run(20s);
  REQUIRE(a.pages() == 1);
  a.nodes[a.other].crash();
  a.nodes.run(1s);
  a.nodes[a.other].start(a.nodes.next_boot());
  SECTION("while the journal is still away") {
    a.nodes.run(20s);
    CHECK(a.nodes[a.other].on_island());
    CHECK(a.pages() == 1);
    REQUIRE(a.nodes.fire(a.other, kSender, "api-down"));
    a.nodes.run(2s);
    CHECK(a.pages() == 2);
    a.back();
    a.nodes.run(30s);
    CHECK(a.pages() == 2);
  }
  SECTION("when the journal is back by then") {
    a.back();
    a.nodes.run(30s);
    CHECK(a.pages() == 1);
  }
  a.agree();
  CHECK(a.nodes[a.owner].state().list({}).incidents.size() == a.pages());
}

TEST_CASE("an island that dies while it tells the journal what it decided tells it again") {
  Archipelago a;
  a.outage();
  for (int i = 0; i < 10; ++i)
    REQUIRE(a.nodes.fire(a.other, i % 2 ? "zabbix" : kSender, "db-" + std::to_string(i)));
  a.nodes.run(20s);
  REQUIRE(a.pages() == 10);
  // Everything it says arrives, and no answer comes back.
  a.back();
  a.nodes.run(1s);
  a.nodes[a.other].link.state = Link::State::late;
  a.nodes.run(2s);
  a.nodes[a.other].crash();
  a.nodes[a.other].link.release();
  a.nodes[a.other].link.state = Link::State::whole;
  a.nodes[a.other].start(a.nodes.next_boot());
  a.nodes.run(30s);
  CHECK(a.pages() == 10);
  a.agree();
  CHECK(a.incidents(a.owner).size() == 10);
}

TEST_CASE("a journal that goes away again while it is told leaves a node on its island") {
  Archipelago a;
  a.outage();
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
  a.nodes.run(20s);
  for (int i = 0; i < 5; ++i) {
    a.back();
    a.nodes.run(std::chrono::milliseconds(250 * i));
    a.outage();
    a.nodes.run(5s);
  }
  REQUIRE(a.nodes.fire(a.other, kSender, "api-down"));
  a.nodes.run(20s);
  CHECK(a.pages() == 2);
  a.back();
  a.nodes.run(40s);
  CHECK(a.pages() == 2);
  a.agree();
  CHECK(a.incidents(a.owner).size() == 2);
}

TEST_CASE("what the journal had and nobody had decided is decided by its partition's owner alone") {
  Archipelago a;
  // Its next turn stands in the journal, and it never hears so.
  a.nodes[a.owner].link.state = Link::State::swallowing;
  a.nodes[a.other].link.state = Link::State::cut;
  REQUIRE(a.nodes.fire(a.owner, kSender, "db-down"));
  a.nodes.run(20s);
  CHECK(a.pages() == 1);
  a.back();
  a.nodes.run(90s);
  CHECK(a.pages() == 1);
  a.agree();
  CHECK(a.incidents(a.other).size() == 1);
}

TEST_CASE("a single node pages from its own disk and goes on when its journal is back") {
  Archipelago a(1);
  a.outage();
  REQUIRE(a.nodes.fire(0, kSender, "db-down"));
  a.nodes.run(20s);
  CHECK(a.pages() == 1);
  REQUIRE(a.nodes.fire(0, kSender, "db-down", AlertStatus::resolved));
  a.nodes.run(2s);
  CHECK(a.words().size() == 1);
  a.back();
  a.nodes.run(30s);
  a.agree();
  CHECK(a.pages() == 1);
  CHECK(a.words().size() == 1);
  CHECK(a.incident(0).incident.state == engine::IncidentState::resolved);
}

TEST_CASE("a node that comes to life while the journal is away pages what it is told") {
  Archipelago a;
  a.outage();
  a.nodes[a.other].crash();
  a.nodes[a.other].start(a.nodes.next_boot());
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
  a.nodes.run(20s);
  CHECK(a.pages() == 1);
  a.back();
  a.nodes.run(30s);
  CHECK(a.pages() == 1);
  a.agree();
}

TEST_CASE("what was only heard again through a long outage is not taken to be over when it ends") {
  Archipelago a;
  a.nodes.word = 4min;
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
  a.nodes.run(2s);
  REQUIRE(a.nodes.acknowledge(a.other, a.incident(a.other), "ada"));
  a.nodes.run(2s);
  a.outage();
  for (int i = 0; i < 10; ++i) {
    REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
    a.nodes.run(1min);
  }
  a.back();
  a.nodes.run(50s);
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
  a.nodes.run(30s);
  CHECK(a.incident(a.owner).incident.firing == 1);
  CHECK(a.incident(a.owner).incident.state == engine::IncidentState::acknowledged);
  CHECK(a.words().empty());
  CHECK(a.pages() == 1);
  a.agree();
}

TEST_CASE("a journal that is away again before the spool is empty has nothing paged once more") {
  Archipelago a;
  a.outage();
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
  a.nodes.run(20s);
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down", AlertStatus::resolved));
  a.nodes.run(2s);
  REQUIRE(a.pages() == 1);
  for (int i = 0; i < 12; ++i) {
    a.back();
    a.nodes.run(std::chrono::milliseconds(250 * i));
    a.outage();
    a.nodes.run(20s);
  }
  CHECK(a.pages() == 1);
  a.back();
  a.nodes.run(40s);
  CHECK(a.pages() == 1);
  a.agree();
}

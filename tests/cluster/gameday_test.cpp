// A GameDay set on several nodes: turned on and off at one, heard by all, and silent wherever its
// end cannot be heard.
#include "tests/catch.hpp"
#include "tests/cluster/nodes.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

constexpr Partition kPartitions = 4;
const std::string kSender = "prometheus";

// Everything is copied, beside production's own page of it; by another team, since a real page of
// the same one would pause the set.
std::string settings() {
  return std::string(kPlainSettings) + R"(
---
team: drills
policies:
  - {name: pilot, steps: [{page: [{person: bob}], wait: 5m}]}
gamedays:
  - {name: drill, copies: ['environment=""'], as: {environment: production}, page: pilot, longest: 3h}
)";
}

struct Drill {
  Nodes nodes;
  std::size_t owner = 0, other = 0;

  explicit Drill(Spools spools = Spools::none)
      : nodes(2, settings(), kPartitions, 100'000, spools) {
    nodes.run(15s);
    const auto holders = nodes.holders(journal::partition_of(kSender, kPartitions));
    REQUIRE(holders.size() == 1);
    owner = holders.front();
    other = 1 - owner;
  }
  void on(std::size_t node) {
    const auto answer = nodes.gameday_on(node, "drill", 2h);
    nodes.run(1s);
    REQUIRE(*answer);
    REQUIRE((*answer)->what == engine::CommandAnswer::What::done);
  }
  std::size_t drills() const {
    return static_cast<std::size_t>(
        std::count_if(nodes.sent.begin(), nodes.sent.end(),
                      [](const Sent& sent) { return !sent.gameday.empty(); }));
  }
  std::size_t real() const { return nodes.sent.size() - drills(); }
};

}  // namespace

TEST_CASE("a set turned on at one node drills the alerts that another takes in") {
  Drill d;
  d.on(d.other);
  REQUIRE(d.nodes.fire(d.owner, kSender, "db-down"));
  d.nodes.run(3s);
  CHECK(d.drills() == 1);
  CHECK(d.real() > 0);
}

TEST_CASE("a set turned off at one node is silent on the other within a second") {
  Drill d;
  d.on(d.owner);
  REQUIRE(d.nodes.fire(d.owner, kSender, "db-down"));
  d.nodes.run(3s);
  REQUIRE(d.drills() == 1);
  const auto answer = d.nodes.gameday_off(d.other, "drill");
  d.nodes.run(1s);
  REQUIRE(*answer);
  CHECK((*answer)->what == engine::CommandAnswer::What::done);
  REQUIRE(d.nodes.fire(d.other, kSender, "db-slow"));
  d.nodes.run(60s);
  CHECK(d.drills() == 1);
  CHECK(d.real() > 1);
}

TEST_CASE("the other nodes say in their beats how far they have read so that off can name them") {
  Drill d;
  d.on(d.owner);
  const auto answer = d.nodes.gameday_off(d.other, "drill");
  d.nodes.run(1s);
  REQUIRE(*answer);
  REQUIRE((*answer)->at > 0);
  const auto heard = d.nodes[d.other].owner().members();
  REQUIRE(heard.size() == 2);
  CHECK(heard.back().facts >= (*answer)->at);
}

TEST_CASE("a node that cannot hear the journal sends nothing of a drill") {
  Drill d;
  d.on(d.owner);
  d.nodes[d.owner].holds_attempts = true;
  REQUIRE(d.nodes.fire(d.owner, kSender, "db-down"));
  d.nodes.run(2s);
  d.nodes[d.owner].link.state = Link::State::cut;
  d.nodes.run(6s);
  const std::size_t before = d.drills();
  d.nodes[d.owner].holds_attempts = false;
  d.nodes.run(1s);
  for (const Sent& sent : d.nodes.sent)
    CHECK((sent.gameday.empty() || sent.boot != d.nodes[d.owner].boot()));
  CHECK(d.drills() >= before);  // the node that followed may send it: it hears the journal
}

TEST_CASE("an owner that was paused past its lease sends nothing of a set that ended meanwhile") {
  Drill d;
  d.on(d.owner);
  d.nodes[d.owner].holds_attempts = true;
  REQUIRE(d.nodes.fire(d.owner, kSender, "db-down"));
  d.nodes.run(1s);
  d.nodes[d.owner].paused = true;
  const auto answer = d.nodes.gameday_off(d.other, "drill");
  d.nodes.run(6s);
  REQUIRE(*answer);
  d.nodes[d.owner].paused = d.nodes[d.owner].holds_attempts = false;
  d.nodes.run(30s);
  CHECK(d.drills() == 0);
}

TEST_CASE("with the journal away drills are silent and production is paged all the same") {
  Drill d(Spools::yes);
  d.on(d.owner);
  for (std::size_t i = 0; i < 2; ++i) d.nodes[i].link.state = Link::State::cut;
  REQUIRE(d.nodes.fire(d.other, kSender, "db-down"));
  d.nodes.run(60s);
  CHECK(d.nodes[d.other].on_island());
  CHECK(d.drills() == 0);
  CHECK(d.real() > 0);
  const std::size_t real = d.real();
  for (std::size_t i = 0; i < 2; ++i) d.nodes[i].link.state = Link::State::whole;
  d.nodes.run(40s);
  CHECK(d.drills() > 0);  // it is on still, and the journal is heard
  CHECK(d.nodes[0].state().list({}).incidents.size() == 2);
  CHECK(d.real() >= real);
}

TEST_CASE(
    "a drill that was open when the journal went away is open afterwards and closed by its end") {
  Drill d(Spools::yes);
  d.on(d.owner);
  REQUIRE(d.nodes.fire(d.owner, kSender, "db-down"));
  d.nodes.run(3s);
  const std::size_t drills = d.drills();
  REQUIRE(drills == 1);
  for (std::size_t i = 0; i < 2; ++i) d.nodes[i].link.state = Link::State::cut;
  d.nodes.run(60s);
  for (std::size_t i = 0; i < 2; ++i) d.nodes[i].link.state = Link::State::whole;
  d.nodes.run(20s);
  CHECK(d.drills() == drills);
  d.nodes.gameday_off(d.other, "drill");
  d.nodes.run(5s);
  for (const auto& view : d.nodes[0].state().list({}).incidents)
    CHECK((view.incident.realm.is_production() ||
           view.incident.state == engine::IncidentState::resolved));
}

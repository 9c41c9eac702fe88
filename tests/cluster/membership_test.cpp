// Which node decides which partition: three nodes that hear each other, on clocks of their own.
#include "router/engine/owner/membership.hpp"

#include <array>

#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace std::chrono_literals;
using What = Membership::What;

namespace {

constexpr Partition kPartitions = 32;

struct Node {
  std::string name;
  std::uint64_t boot;
  Duration clock;  // its own: stamps of two machines mean nothing to each other
  Membership membership;
  bool hears = true;
  std::uint64_t beats = 0;

  Node(std::string n, std::uint64_t b, Duration at)
      : name(n), boot(b), clock(at), membership(MembershipOptions{n, ""}, b) {}
};

/// Beats reach every node that hears, at once.
struct Nodes {
  std::vector<std::unique_ptr<Node>> all;

  Node& add(const std::string& name, std::uint64_t boot) {
    all.push_back(std::make_unique<Node>(name, boot, 1h * static_cast<int>(boot)));
    return *all.back();
  }
  void step(Duration by = 100ms) {
    for (auto& node : all) node->clock += by;
    for (auto& node : all) {
      if (!node->hears) continue;
      node->membership.listened(node->clock, true);
      const auto beat = node->membership.next_beat(node->clock);
      if (!beat) continue;
      const RecordId id{node->boot, 0, ++node->beats};
      node->membership.appended(id, node->clock);
      say(*beat, id);
    }
  }
  void say(const control::Beat& beat, const RecordId& id) {
    for (auto& node : all)
      if (node->hears) node->membership.heard(beat, id, node->clock);
  }
  void run(Duration by) {
    for (Duration done{}; done < by; done += 100ms) step();
  }
  // Who would take a partition that nobody holds.
  std::vector<std::string> takers(Partition partition) {
    std::vector<std::string> names;
    for (auto& node : all)
      if (node->hears && node->membership.standing(partition, 0, node->clock).what == What::take)
        names.push_back(node->name);
    return names;
  }
};

}  // namespace

TEST_CASE("a node that is alone holds every partition and says nothing") {
  Membership alone({}, 7);
  alone.listened(1s, true);
  CHECK(alone.standing(3, 0, 1s).what == What::mine);
  CHECK(alone.standing(3, 99, 1s).what == What::mine);
  CHECK(alone.may_act(1s));
  CHECK_FALSE(alone.next_beat(1s));
}

TEST_CASE("a node that has just come takes nothing until it has listened for a session") {
  Nodes nodes;
  Node& a = nodes.add("a", 1);
  nodes.run(3900ms);
  CHECK(a.membership.standing(0, 0, a.clock).what == What::others);
  nodes.run(300ms);
  CHECK(a.membership.standing(0, 0, a.clock).what == What::take);
}

TEST_CASE("each partition without a holder is taken by one node and every node gets some") {
  Nodes nodes;
  for (const auto& [name, boot] : {std::pair("a", 1u), {"b", 2u}, {"c", 3u}}) nodes.add(name, boot);
  nodes.run(5s);
  std::map<std::string, int> taken;
  for (Partition p = 0; p < kPartitions; ++p) {
    const auto takers = nodes.takers(p);
    REQUIRE(takers.size() == 1);
    ++taken[takers.front()];
  }
  CHECK(taken.size() == 3);
}

TEST_CASE("the partitions of a node that falls silent are taken after a session and not before") {
  Nodes nodes;
  Node& a = nodes.add("a", 1);
  Node& b = nodes.add("b", 2);
  nodes.run(6s);
  a.hears = false;
  nodes.run(2900ms);  // its last beat may be a second old
  CHECK(b.membership.standing(0, 1, b.clock).what == What::others);
  nodes.run(1300ms);
  CHECK(b.membership.standing(0, 1, b.clock).what == What::take);
}

TEST_CASE("a node stops by itself before another may take what it holds") {
  Nodes nodes;
  Node& a = nodes.add("a", 1);
  Node& b = nodes.add("b", 2);
  nodes.run(6s);
  CHECK(a.membership.may_act(a.clock));
  a.hears = false;
  for (int i = 0; i < 100; ++i) {
    nodes.step();
    const bool taken = b.membership.standing(0, 1, b.clock).what == What::take;
    if (taken) CHECK_FALSE(a.membership.may_act(a.clock));
  }
  CHECK_FALSE(a.membership.may_act(a.clock));
}

TEST_CASE("a node that was paused takes nobody for dead because it did not listen") {
  Nodes nodes;
  Node& a = nodes.add("a", 1);
  nodes.add("b", 2);
  nodes.run(6s);
  a.hears = false;
  nodes.run(1min);
  a.hears = true;
  a.membership.listened(a.clock, true);
  CHECK(a.membership.standing(0, 2, a.clock).what == What::others);
  nodes.run(3s);
  CHECK(a.membership.standing(0, 2, a.clock).what == What::others);
}

TEST_CASE("a node that is behind does not judge by what it has not read") {
  Nodes nodes;
  Node& a = nodes.add("a", 1);
  nodes.add("b", 2);
  nodes.run(6s);
  a.clock += 10s;
  a.membership.listened(a.clock, false);
  a.clock += 10s;
  a.membership.listened(a.clock, true);
  CHECK(a.membership.standing(0, 2, a.clock).what == What::others);
}

TEST_CASE("a living holder hands over to the node that is preferred once that one has stayed") {
  Nodes nodes;
  Node& a = nodes.add("a", 1);
  nodes.run(6s);
  nodes.add("b", 2);
  nodes.run(2s);
  for (Partition p = 0; p < kPartitions; ++p)
    CHECK(a.membership.standing(p, 1, a.clock).what == What::mine);
  nodes.run(6s);
  int handed = 0;
  for (Partition p = 0; p < kPartitions; ++p) {
    const auto standing = a.membership.standing(p, 1, a.clock);
    if (standing.what != What::hand_over) continue;
    CHECK(standing.to == 2);
    ++handed;
  }
  CHECK(handed > 0);
  CHECK(handed < kPartitions);
}

TEST_CASE("a node that leaves gives everything away and is given nothing") {
  Nodes nodes;
  Node& a = nodes.add("a", 1);
  Node& b = nodes.add("b", 2);
  nodes.run(10s);
  a.membership.leave();
  nodes.run(1s);
  for (Partition p = 0; p < kPartitions; ++p) {
    CHECK(a.membership.standing(p, 1, a.clock).what == What::hand_over);
    CHECK(b.membership.standing(p, 2, b.clock).what == What::mine);
    CHECK(b.membership.standing(p, 99, b.clock).what == What::take);
  }
}

TEST_CASE("the last node that leaves keeps what it holds until it is gone") {
  Nodes nodes;
  Node& a = nodes.add("a", 1);
  nodes.run(10s);
  a.membership.leave();
  nodes.run(1s);
  CHECK(a.membership.standing(0, 1, a.clock).what == What::mine);
}

TEST_CASE("nobody waits for a node that has said that it is gone or that runs again") {
  Nodes nodes;
  nodes.add("a", 1);
  Node& b = nodes.add("b", 2);
  nodes.run(10s);
  SECTION("gone") {
    nodes.say(nodes.all[0]->membership.farewell(), {1, 0, 1'000});
    nodes.all[0]->hears = false;
    CHECK(b.membership.standing(0, 1, b.clock).what == What::take);
  }
  SECTION("it runs again as another process") {
    b.membership.heard({"a", 11, control::Presence::here, ""}, {11, 0, 1}, b.clock);
    CHECK(b.membership.standing(0, 1, b.clock).what != What::hand_over);
    bool takes = false;
    for (Partition p = 0; p < kPartitions; ++p)
      takes = takes || b.membership.standing(p, 1, b.clock).what == What::take;
    CHECK(takes);
  }
}

TEST_CASE("two processes that claim to be one node are told of") {
  Membership a(MembershipOptions{"a", ""}, 1);
  CHECK_FALSE(a.heard({"a", 2, control::Presence::here, ""}, {2, 0, 1}, 1s).empty());
  CHECK(a.heard({"b", 3, control::Presence::here, ""}, {3, 0, 1}, 1s).empty());
  CHECK(a.heard({"b", 4, control::Presence::here, ""}, {4, 0, 1}, 1s).empty());
  CHECK_FALSE(a.heard({"b", 3, control::Presence::here, ""}, {3, 0, 2}, 1s).empty());
}

TEST_CASE("a beat that is hurried is due at once and the others hear how far it has read") {
  Nodes nodes;
  Node& a = nodes.add("a", 1);
  Node& b = nodes.add("b", 2);
  nodes.run(10s);
  a.membership.listened(a.clock, true);
  REQUIRE(a.membership.beat_in(a.clock) > 0s);
  a.membership.hurry();
  CHECK(a.membership.beat_in(a.clock) == 0s);
  auto beat = a.membership.next_beat(a.clock);
  REQUIRE(beat);
  beat->facts = 42;
  nodes.say(*beat, {1, 0, 1'000});
  CHECK(b.membership.seen(b.clock).at(1).facts == 42);
  CHECK(a.membership.beat_in(a.clock) > 0s);
}

// The same journal gives the same state: after a random life, folding it from the beginning comes
// to what the owner had.
#include <random>

#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

// More at once than a person is to have, and providers that say later what became of a page.
void storm(World& world, std::mt19937& random, const connectors::Notification& last) {
  for (int i = 0; i < 14; ++i) world.fire("storm-" + std::to_string(random() % 40));
  Attempt queued = Attempt::accepted("queued");
  queued.receipt_within = 20s;
  world.phone("linus").answers({queued, Attempt::retry_later("503"), queued});
  if (!last.incident.empty() && world.state().find(last.incident))
    world.receipt(last, random() % 2 == 0, "late", 1);
}

void live(World& world, std::uint32_t seed, bool storms = false) {
  std::mt19937 random(seed);
  const auto pick = [&](std::uint32_t n) { return random() % n; };
  connectors::Notification last;
  world.on_delivery = [&](const std::string&, const connectors::Notification& n) { last = n; };
  for (const char* who : {"ada", "bob", "room", "linus"})
    if (pick(3) == 0)
      world.phone(who).answers({Attempt::retry_later("503"), Attempt::rejected("gone"),
                                Attempt::retry_later("429", 30s)});
  for (int step = 0; step < 60; ++step) {
    const std::string name = (pick(2) ? "db-" : "other-") + std::to_string(pick(4));
    const Labels labels{{"instance", std::to_string(pick(3))}};
    switch (pick(storms ? 9 : 8)) {
      case 0:
      case 1:
      case 2:
        world.fire(name, labels);
        break;
      case 3:
        world.resolve(name, labels);
        break;
      case 4:
        world.advance(std::chrono::seconds(pick(400)));
        break;
      case 5:
        for (const auto& view : world.incidents())
          if (pick(3) == 0) world.acknowledge(view, "bob");
        break;
      case 6:
        if (pick(4) == 0)
          world.journal->fail_next(
              journal::Appended::Outcome::unknown,
              pick(2) ? journal::MemoryJournal::Kept::yes : journal::MemoryJournal::Kept::no);
        world.fire(name, labels);
        break;
      case 7:
        if (pick(4) == 0) world.crash();
        break;
      case 8:
        storm(world, random, last);
        break;
    }
  }
  world.advance(1s);
  world.on_delivery = {};
}

}  // namespace

TEST_CASE("folding the journal from the beginning comes to the state that the owner had") {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    World world;
    live(world, seed, seed % 2 == 0);
    engine::NodeState again(world.journal->partitions());
    journal::Cursor cursor(world.journal->partitions(), 0);
    for (;;) {
      const auto batch = world.journal->read(cursor, 100);
      REQUIRE(batch);
      if (batch->entries.empty()) break;
      for (const auto& entry : batch->entries)
        again.fold(entry.partition, entry.position, entry.record);
    }
    for (Partition p = 0; p < world.journal->partitions(); ++p) {
      const engine::PartitionState& a = world.owner().state().partition(p);
      const engine::PartitionState& b = again.partition(p);
      REQUIRE(a.turn == b.turn);
      REQUIRE(a.incidents == b.incidents);
      REQUIRE(a.alerts == b.alerts);
      REQUIRE(a.current == b.current);
      REQUIRE(a.groups == b.groups);
      REQUIRE(a.pending.size() == b.pending.size());
      REQUIRE(a.contacts == b.contacts);
      REQUIRE(a.paged == b.paged);
      REQUIRE(a.bundles == b.bundles);
    }
  }
}

TEST_CASE("no incident that is open is ever without a next step") {
  for (std::uint32_t seed = 1; seed <= 100; ++seed) {
    INFO("seed " << seed);
    World world;
    live(world, seed);
    for (const char* who : {"ada", "bob", "room", "linus"}) {
      world.phone(who).answers({});
      world.phone(who).always(std::nullopt);
      world.phone(who).forget();
    }
    std::size_t open = 0;
    for (const auto& view : world.incidents())
      open += view.incident.state == engine::IncidentState::open;
    world.advance(16min);
    std::size_t heard = 0;
    for (const char* who : {"ada", "bob", "room", "linus"}) heard += world.phone(who).waiting();
    CHECK(heard >= open);
  }
}

TEST_CASE("in any storm whoever is paged for an incident hears of it once its provider works") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    World world;
    live(world, seed, true);
    for (const char* who : {"ada", "bob", "room", "linus"}) {
      world.phone(who).answers({});
      world.phone(who).always(std::nullopt);
    }
    world.advance(16min + oncall::kBuiltInLimit.per);
    for (const auto& view : world.incidents()) {
      if (view.incident.state != engine::IncidentState::open) continue;
      INFO(view.incident.title.str());
      CHECK_FALSE(view.incident.reached.empty());
      for (const engine::MessageState& m : view.incident.messages)
        if (m.status == engine::MessageStatus::bundled)
          CHECK(elapsed_between(m.due.since, world.clock.now(), 1h) <= oncall::kBuiltInLimit.per);
    }
    for (const engine::PartitionState& state : world.state().states())
      for (const auto& each : state.bundles) CHECK_FALSE(each.second.pages.empty());
  }
}

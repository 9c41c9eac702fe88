// The same journal gives the same state: from its beginning, from the store, on another node.
#include <random>

#include "router/engine/state_codec.hpp"
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

// One thing that may happen on any day.
void something(World& world, std::mt19937& random) {
  const std::string name = (random() % 3 ? "db-" : "x-") + std::to_string(random() % 6);
  const Labels labels = random() % 4 ? Labels{} : Labels{{"host", std::to_string(random() % 3)}};
  const auto any = [&]() -> std::optional<engine::IncidentView> {
    const auto all = world.incidents();
    return all.empty() ? std::nullopt : std::optional(all[random() % all.size()]);
  };
  switch (random() % 12) {
    case 0:
    case 1:
    case 2:
      world.fire(name, labels);
      break;
    case 3:
    case 4:
      world.resolve(name, labels);
      break;
    case 5:
      world.advance(std::chrono::seconds(random() % 400));
      break;
    case 6:
      if (const auto i = any()) world.acknowledge(*i, "ada");
      break;
    case 7:
      if (const auto i = any()) world.snooze(*i, "bob", std::chrono::minutes(1 + random() % 60));
      break;
    case 8:
      world.silence({"alertname=\"" + name + "\""}, std::chrono::minutes(1 + random() % 30),
                    std::chrono::minutes(random() % 5));
      break;
    case 9:
      if (const auto i = any()) world.resolve_by_hand(*i, "ada");
      break;
    case 10:
      world.phone("ada").answers({Attempt::retry_later("busy"), Attempt::rejected("gone")});
      break;
    case 11:
      if (random() % 4 == 0) world.crash();
      break;
  }
}

std::vector<std::string> states(const engine::NodeState& node, Partition partitions) {
  std::vector<std::string> all;
  for (Partition p = 0; p < partitions; ++p) all.push_back(node.encoded(p).body);
  return all;
}

// Another node: it folds what there is, and decides nothing.
std::vector<std::string> folded_anew(journal::Journal& journal,
                                     const std::vector<store::Snapshot>& snapshots) {
  engine::NodeState node(journal.partitions());
  journal::Cursor cursor(journal.partitions(), 0);
  for (const store::Snapshot& snapshot : snapshots) {
    auto state = engine::decode_state(snapshot.body);
    REQUIRE(state);
    cursor[snapshot.partition] = std::max(snapshot.position, state->position);
    node.restore(std::move(*state), snapshot.position);
  }
  for (;;) {
    const auto batch = journal.read(cursor, 100);
    REQUIRE(batch);
    if (batch->entries.empty()) break;
    for (const journal::Entry& entry : batch->entries)
      if (entry.position > node.partition(entry.partition).position)
        node.fold(entry.partition, entry.position, entry.record);
  }
  return states(node, journal.partitions());
}

}  // namespace

TEST_CASE("any journal folds to the same from its beginning and from a store and on another node") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    World world;
    std::vector<store::Snapshot> snapshots;
    const auto steps = 60 + random() % 60, snapshot_at = random() % 60;
    for (std::size_t step = 0; step < steps; ++step) {
      something(world, random);
      if (step == snapshot_at) snapshots = world.snapshots();
    }
    world.settle();
    const auto here = states(world.state(), world.journal->partitions());
    CHECK(folded_anew(*world.journal, {}) == here);
    CHECK(folded_anew(*world.journal, snapshots) == here);
  }
}

TEST_CASE("a start from the store goes on as one from the beginning does and pages nobody again") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.fire("x-other");
  world.phone("linus").expects("x-other");
  const auto snapshots = world.snapshots();
  world.advance(1min);
  world.fire("db-later");
  world.phone("ada").expects("db-later");
  world.crash_and_restore(snapshots);
  world.phone("ada").silent();
  CHECK(world.incidents().size() == 3);
  world.advance(5min);
  world.phone("ada").expects("db-down");
  world.phone("bob").expects("db-down");
}

TEST_CASE("snapshots that do not fit the journal are discarded and everything is folded") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  std::vector<store::Snapshot> snapshots = world.snapshots();
  for (store::Snapshot& snapshot : snapshots) snapshot.position += 1'000;  // past the tail
  world.crash_and_restore(snapshots);
  CHECK(world.incidents().size() == 1);
  CHECK(world.store->snapshots()->empty());
  for (store::Snapshot& snapshot : snapshots) snapshot.body = "nonsense";
  world.crash_and_restore(snapshots);
  CHECK(world.incidents().size() == 1);
  world.phone("ada").silent();
}

TEST_CASE("an unchanged re-send is a short reference and keeps its alert alive") {
  World world;
  const auto bytes = [&] {
    journal::Cursor cursor(world.journal->partitions(), 0);
    std::size_t last = 0;
    for (auto batch = world.journal->read(cursor, 10'000); batch && !batch->entries.empty();
         batch = world.journal->read(cursor, 10'000))
      for (const journal::Entry& entry : batch->entries)
        if (entry.record.kind == RecordKind::alerts) last = entry.record.body.size();
    return last;
  };
  const Labels long_one{{"description", std::string(500, 'x')}};
  world.fire("db-down", {}, long_one);
  CHECK(bytes() > 500);
  world.acknowledge(world.incident(), "ada");
  for (int minute = 0; minute < 30; ++minute) {
    world.advance(1min);
    world.fire("db-down", {}, long_one);
    CHECK(bytes() < 120);
  }
  CHECK(world.incident().alerts.at(0).count == 31);
  CHECK(world.incident().incident.state == engine::IncidentState::acknowledged);
  world.fire("db-down", {}, {{"description", "worse"}});
  CHECK(world.incident().alerts.at(0).alert.annotations.get("description") == "worse");
}

TEST_CASE("a re-send by reference of an alert that ended meanwhile is the alert firing again") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  const auto before = world.incident();
  const Alert& known = before.alerts.at(0).alert;
  // As a node that has not yet folded the end would write it.
  AlertsBody late{before.incident.integration, world.clock.now(), {}};
  late.resends = {{before.alerts.at(0).id, known.ends_at}};
  world.resolve("db-down");
  world.phone("ada").expects_resolved("db-down");
  Mint mint(77, world.journal->partitions());
  world.journal->append(before.incident.partition,
                        {mint.record(before.incident.partition, RecordKind::alerts,
                                     world.clock.now().wall, encode(late))},
                        [](const journal::Appended&) {});
  world.settle();
  world.phone("ada").expects("db-down");
  CHECK(world.incidents().size() == 2);
}

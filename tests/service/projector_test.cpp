// The store keeps up with the journal, and never claims more than it has.
#include "router/projector.hpp"

#include "connectors/journals/memory_journal.hpp"
#include "connectors/stores/memory_store.hpp"
#include "router/core/mint.hpp"
#include "router/engine/state_codec.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace std::chrono_literals;

namespace {

struct Still final : Clock {
  Instant now() const override { return {WallTime(1000h), 1, 10h}; }
};

// One partition with an alert that nobody has decided.
struct House {
  journal::MemoryJournal journal{1, "a journal"};
  engine::NodeState state{1};
  store::MemoryStore store;
  Still clock;
  std::vector<std::string> told;

  void fold() {
    Mint mint(7, 1);
    Alert alert;
    alert.key = "a";
    alert.labels = Fields(std::vector<Fields::Pair>{{"alertname", "a"}});
    const Record record = mint.record(0, RecordKind::alerts, clock.now().wall,
                                      encode(AlertsBody{"prometheus", clock.now(), {alert}}));
    journal.append(0, {record}, [](const journal::Appended&) {});
    state.fold(0, journal.tail(0), record);
  }
  Projector::Tell tell() {
    return [this](const std::string& words) { told.push_back(words); };
  }
};

engine::IncidentView closed(const std::string& id) {
  engine::IncidentView view;
  view.incident.id = {id};
  view.incident.state = engine::IncidentState::resolved;
  view.incident.resolved_at = WallTime(1000h);
  view.incident.title = "over";
  return view;
}

}  // namespace

TEST_CASE("what is over and a snapshot of what is not are saved by the end at the latest") {
  House house;
  house.fold();
  house.state.settle(0, house.journal.tail(0));
  {
    Projector projector(house.store, house.state, house.clock, house.tell());
    projector.closed(closed("0123456789abcdef"));
    projector.keep_configuration("hash", "body");
    projector.start();
  }
  const auto found = house.store.find_incident("0123");
  REQUIRE(found);
  REQUIRE(*found);
  CHECK(engine::decode_closed((*found)->body)->incident.title == "over");
  CHECK(**house.store.configuration("hash") == "body");
  REQUIRE(house.store.snapshots()->size() == 1);
  engine::NodeState again(1);
  CHECK(restore(house.store, house.journal, again, house.tell()) == 1);
  CHECK(again.encoded(0).body == house.state.encoded(0).body);
  CHECK(house.told.empty());
}

TEST_CASE("a store that was emptied gets history, configurations and snapshots again") {
  House house;
  engine::PartitionState state;
  engine::Incident over = closed("0123456789abcdef").incident;
  over.opened_at = WallTime(999h);
  state.incidents.insert_or_assign(over.id, over);
  state.position = 1;
  state.configuration = std::make_shared<const std::string>("hash");
  state.facts.configurations.push_back({"hash", std::make_shared<const std::string>("body"), 1});
  house.state.restore(std::move(state), 1);
  Projector projector(house.store, house.state, house.clock, house.tell());
  projector.save_now();
  house.store.empty();
  projector.save_now();
  const auto found = house.store.find_incident("0123");
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->opened_at == over.opened_at);
  REQUIRE(*house.store.configuration("hash"));
  CHECK(house.store.snapshots()->size() == 1);
  CHECK(house.told.size() == 1);
}

TEST_CASE("no snapshot is saved of records of which the owner has yet to say what they closed") {
  House house;
  house.fold();  // folded, and not settled
  {
    Projector projector(house.store, house.state, house.clock, house.tell());
    projector.start();
  }
  CHECK(house.store.snapshots()->empty());
}

TEST_CASE("a store that fails is told of once and no snapshot stands for what it did not take") {
  House house;
  house.fold();
  house.state.settle(0, house.journal.tail(0));
  house.store.break_down("the disk is away");
  {
    Projector projector(house.store, house.state, house.clock, house.tell());
    projector.closed(closed("0123456789abcdef"));
    projector.start();
  }
  house.store.mend();
  CHECK(house.store.snapshots()->empty());
  REQUIRE(house.told.size() == 1);
  CHECK(house.told.front().find("the disk is away") != std::string::npos);
}

TEST_CASE("snapshots of another journal or past its tail are discarded and told") {
  House house;
  house.fold();
  const auto body = house.state.encoded(0).body;
  const store::Snapshot past{0, house.journal.tail(0) + 5, body};
  REQUIRE(house.store.save({}, {&past, 1}));
  engine::NodeState again(1);
  CHECK(restore(house.store, house.journal, again, house.tell()) == 0);
  REQUIRE(house.told.size() == 1);
  CHECK(house.told.front().find("the journal ends before them") != std::string::npos);
  CHECK(house.store.snapshots()->empty());
  CHECK(again.partition(0).position == 0);
}

TEST_CASE("a replay of more incidents than may wait saves them all") {
  House house;
  const auto id = [](std::size_t i) {
    const std::string number = std::to_string(i);
    return std::string(16 - number.size(), '0') + number;
  };
  constexpr std::size_t kMany = kMostClosedWaiting + 500;
  {
    Projector projector(house.store, house.state, house.clock, house.tell());
    for (std::size_t i = 0; i < kMany; ++i) projector.closed(closed(id(i)));
    projector.start();
  }
  CHECK(*house.store.find_incident(id(0)));
  CHECK(*house.store.find_incident(id(kMany - 1)));
  CHECK(house.told.empty());
}

namespace {

std::string numbered(std::size_t i) {
  const std::string number = std::to_string(i);
  return std::string(16 - number.size(), '0') + number;
}

// Incidents that are over and still in memory.
engine::PartitionState with_closed(engine::PartitionState state, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    engine::Incident incident = closed(numbered(i)).incident;
    state.incidents.insert_or_assign(incident.id, std::move(incident));
  }
  return state;
}

constexpr std::size_t kOneTooMany = kMostClosedWaiting + 500;

}  // namespace

TEST_CASE("what was too much to wait for a broken store is in history when the store is mended") {
  House house;
  house.fold();
  const Position read = house.journal.tail(0);
  house.state.restore(with_closed(house.state.partition(0), 0, kOneTooMany), read);
  const bool live = GENERATE(true, false);
  {
    Projector projector(house.store, house.state, house.clock, house.tell());
    house.store.break_down("the disk is away");
    if (live) projector.start();
    for (std::size_t i = 0; i < kOneTooMany; ++i) projector.closed(closed(numbered(i)));
    house.store.mend();
    if (!live) projector.start();
  }
  for (std::size_t i = 0; i < kOneTooMany; ++i)
    REQUIRE((*house.store.find_incident(numbered(i))).has_value());
  CHECK(house.store.snapshots()->size() == 1);
  for (const std::string& words : house.told) CHECK(words.find("left memory") == std::string::npos);
}

TEST_CASE("what left memory before a broken store was mended is told of once and snapshots go on") {
  House house;
  house.fold();
  const Position read = house.journal.tail(0);
  house.state.restore(with_closed(house.state.partition(0), 0, kOneTooMany - 200), read);
  {
    Projector projector(house.store, house.state, house.clock, house.tell());
    house.store.break_down("the disk is away");
    for (std::size_t i = 0; i < kOneTooMany; ++i) projector.closed(closed(numbered(i)));
    house.store.mend();
    projector.start();
  }
  CHECK((*house.store.find_incident(numbered(kOneTooMany - 201))).has_value());
  CHECK_FALSE((*house.store.find_incident(numbered(kOneTooMany - 1))).has_value());
  CHECK(house.store.snapshots()->size() == 1);
  std::size_t said = 0;
  for (const std::string& words : house.told)
    said += words.find("200 incidents") != std::string::npos;
  CHECK(said == 1);
}

TEST_CASE("what was opened again while a broken store could not take it is saved when it ends") {
  House house;
  house.fold();
  engine::PartitionState state =
      with_closed(house.state.partition(0), kMostClosedWaiting, kMostClosedWaiting + 1);
  const IncidentId id = state.incidents.begin()->first;
  state.incidents.at(id).state = engine::IncidentState::open;
  house.state.restore(std::move(state), house.journal.tail(0));
  {
    Projector projector(house.store, house.state, house.clock, house.tell());
    house.store.break_down("the disk is away");
    for (std::size_t i = 0; i <= kMostClosedWaiting; ++i) projector.closed(closed(numbered(i)));
    house.store.mend();
    projector.start();
  }
  CHECK_FALSE((*house.store.find_incident(id.text)).has_value());
  CHECK(house.store.snapshots()->size() == 1);
  for (const std::string& words : house.told) CHECK(words.find("left memory") == std::string::npos);
}

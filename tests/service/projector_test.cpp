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

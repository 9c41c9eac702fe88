// Very much at once: the owner goes on deciding, its turns stay within bounds, and memory comes
// back.
#include "router/engine/decide.hpp"
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

// What there is to read never ends: each read finds one more alert.
class EndlessJournal final : public journal::Journal {
 public:
  EndlessJournal(Mint& mint, const Clock& clock) : mint_(mint), clock_(clock) {}

  Partition partitions() const override { return inner_.partitions(); }
  void append(Partition partition, std::vector<Record> records, journal::AppendDone done) override {
    inner_.append(partition, std::move(records), std::move(done));
  }
  Result<journal::Batch> read(journal::Cursor& cursor, std::size_t most) override {
    constexpr std::size_t kEnoughToFail = 3'000;
    if (++reads < kEnoughToFail) {
      Alert alert;
      alert.key = std::to_string(reads);
      alert.labels = Fields({{"alertname", alert.key}});
      inner_.append(0,
                    {mint_.record(0, RecordKind::alerts, clock_.now().wall,
                                  encode(AlertsBody{"endless", clock_.now(), {alert}}))},
                    [](const journal::Appended&) {});
    }
    return inner_.read(cursor, most);
  }
  Position tail(Partition partition) const override { return inner_.tail(partition); }
  journal::Identity identity() const override { return inner_.identity(); }
  void on_commit(std::function<void()>) override {}
  std::string trouble() const override { return {}; }
  Position first(Partition partition) const override { return inner_.first(partition); }
  Position droppable(Partition partition, WallTime before) const override {
    return inner_.droppable(partition, before);
  }
  Status drop(const journal::Cursor& through) override { return inner_.drop(through); }

  std::size_t reads = 0;

 private:
  journal::MemoryJournal inner_{1, "endless"};
  Mint& mint_;
  const Clock& clock_;
};

struct FirstStart final : engine::Outbox {
  explicit FirstStart(const EndlessJournal& j) : journal(j) {}
  const EndlessJournal& journal;
  std::size_t reads_before = 0;
  void start(const engine::AttemptRef&) override {
    if (reads_before == 0) reads_before = journal.reads;
  }
};

std::shared_ptr<engine::Configuration> one_person() {
  auto configuration = std::make_shared<engine::Configuration>();
  configuration->policies["p"] = {"p", "team", {{{{Target::Kind::person, "ada"}}, 5min}}, 0};
  configuration->default_policy = "p";
  configuration->rules = rules::RuleSet({}, "p", "team");
  configuration->directory.people["ada"] = {"ada", {{"phone", "1", 0s}}};
  return configuration;
}

std::string many(std::size_t count, WallTime ends_at) {
  std::string body;
  for (std::size_t i = 0; i < count; ++i)
    body += (i ? "," : "") + (R"({"labels":{"alertname":"db-)" + std::to_string(i)) +
            R"("},"endsAt":")" + format_rfc3339(ends_at) + "\"}";
  return "[" + body + "]";
}

std::vector<Turn> turns(const World& world) {
  std::vector<Turn> all;
  journal::Cursor cursor(world.journal->partitions(), 0);
  for (;;) {
    const auto batch = world.journal->read(cursor, 1'000);
    REQUIRE(batch);
    if (batch->entries.empty()) return all;
    for (const auto& entry : batch->entries)
      if (entry.record.kind == RecordKind::turn) all.push_back(*decode_turn(entry.record.body));
  }
}

template <class E>
std::size_t most_in_a_turn(const std::vector<Turn>& turns) {
  std::size_t most = 0;
  for (const Turn& turn : turns)
    most = std::max(most, static_cast<std::size_t>(
                              std::count_if(turn.effects.begin(), turn.effects.end(),
                                            [](auto& e) { return std::holds_alternative<E>(e); })));
  return most;
}

}  // namespace

TEST_CASE("alerts that never stop coming do not keep the first of them from paging") {
  SimulatedClock clock;
  Mint mint(7, 1);
  EndlessJournal journal(mint, clock);
  engine::NodeState state(1);
  FirstStart outbox(journal);
  engine::OwnerEvents events;
  engine::Owner owner(journal, clock, mint, state, one_person(), outbox, events);
  REQUIRE(owner.replay());
  CHECK(owner.run() == Duration::zero());
  CHECK(outbox.reads_before > 0);
  CHECK(outbox.reads_before < 100);
}

TEST_CASE("ten thousand alerts of one request are decided in turns of a bounded size") {
  World world;
  CHECK(world.post(many(kMostAlertsPerRequest, world.clock.now().wall + 1h)) == 200);
  CHECK(world.phone("ada").waiting() == kMostAlertsPerRequest);
  CHECK(most_in_a_turn<effect::Opened>(turns(world)) <= engine::kMostAlertsPerTurn);
}

TEST_CASE("after an outage the times of very many incidents come in turns of a bounded size") {
  constexpr std::size_t kIncidents = 3 * engine::kMostDuePerTurn;
  World world;
  world.post(many(kIncidents, world.clock.now().wall + 1h));
  world.phone("ada").forget();
  world.clock.advance(6min);
  world.crash();
  // Ada had a page of each before: the others of these come at once.
  CHECK(world.phone("ada").waiting() == oncall::kBuiltInLimit.pages);
  CHECK(world.phone("bob").waiting() == kIncidents);
  CHECK(most_in_a_turn<effect::Stepped>(turns(world)) <= engine::kMostDuePerTurn);
}

TEST_CASE("an incident whose page's fate is not known leaves memory once the word is out") {
  World world;
  world.hold_attempts = true;
  world.post(many(engine::kMostClosed + 100, world.clock.now().wall + 1h));
  world.runner.drop_all();
  world.post(many(engine::kMostClosed + 100, world.clock.now().wall - 1s));
  world.hold_attempts = false;
  world.advance(1min);
  CHECK(world.phone("ada").waiting() == oncall::kBuiltInLimit.pages);
  world.advance(oncall::kBuiltInLimit.per);
  CHECK(world.phone("ada").waiting() == oncall::kBuiltInLimit.pages + 1);
  world.resolve("one more");  // a turn in which memory may come back
  CHECK(world.incidents().size() <= engine::kMostClosed);
  CHECK(world.owner().state().counts().waiting_messages == 0);
}

TEST_CASE("an incident that nobody answers for days stays within bounds and goes on paging") {
  World world;
  world.fire("something-new");
  for (int quarter = 0; quarter < 4 * 24 * 6; ++quarter) {
    world.clock.advance(15min);
    world.settle();
  }
  const engine::Incident incident = world.incident().incident;
  CHECK(incident.messages.size() <= engine::kMostMessages);
  CHECK(incident.timeline.size() <= engine::kMostTimeline);
  CHECK(incident.timeline_dropped > 0);
  CHECK(incident.timeline.front().kind == "opened");
  CHECK(world.phone("linus").waiting() > 500);
}

TEST_CASE("a list shows the first few alerts of an incident and the incident itself shows more") {
  World world;
  for (std::size_t i = 0; i < engine::kMostAlertsShown + 5; ++i)
    world.fire("db-down", {{"instance", std::to_string(i)}});
  CHECK(world.incident().alerts.size() == engine::kMostAlertsListed);
  const auto whole = world.owner().state().find(world.incident().incident.id.text);
  REQUIRE(whole);
  CHECK(whole->alerts.size() == engine::kMostAlertsShown);
  CHECK(whole->incident.alerts.size() == engine::kMostAlertsShown + 5);
}

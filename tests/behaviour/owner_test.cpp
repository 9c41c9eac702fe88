// The owner by itself: one turn at a time, patience with a sick journal, and what it reports.
#include "router/engine/owner/owner.hpp"

#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;
using journal::Appended;

namespace {

struct Reports final : engine::OwnerEvents {
  std::vector<std::string> trouble_told;
  std::size_t aside = 0, damage = 0, voids = 0;
  void set_aside(const effect::SetAside&) override { ++aside; }
  void damaged(const journal::Damage&) override { ++damage; }
  void void_turn(Partition) override { ++voids; }
  void trouble(const std::string& what) override { trouble_told.push_back(what); }
};

struct Started final : engine::Outbox {
  std::vector<engine::AttemptRef> attempts;
  void start(const engine::AttemptRef& attempt) override { attempts.push_back(attempt); }
};

struct House {
  SimulatedClock clock;
  journal::MemoryJournal journal{1, "memory"};
  Mint mint{7, 1};
  engine::NodeState state{1};
  Started outbox;
  Reports reports;
  engine::Owner owner{journal, clock, mint, state, configuration(), outbox, reports};

  static std::shared_ptr<const engine::Configuration> configuration() {
    auto made = std::make_shared<engine::Configuration>();
    made->policies["p"] = {"p", "team", {{{{Target::Kind::person, "ada"}}, 5min}}, 0};
    made->default_policy = "p";
    made->rules = rules::RuleSet({}, "p", "team");
    made->directory.people["ada"] = {"ada", {{"phone", "1", 0s}}};
    return made;
  }
  void append(RecordKind kind, std::string body) {
    journal.append(0, {mint.record(0, kind, clock.now().wall, std::move(body))},
                   [](const Appended&) {});
  }
  void fire(const std::string& key) {
    Alert alert;
    alert.key = key;
    alert.labels = Fields({{"alertname", key}, {"service", "api"}});
    append(RecordKind::alerts, encode(AlertsBody{"prometheus", clock.now(), {alert}}));
  }
  engine::IncidentView incident() const { return state.list({}).incidents.at(0); }
  std::vector<Turn> turns() {
    std::vector<Turn> all;
    journal::Cursor cursor(1, 0);
    const auto batch = journal.read(cursor, 1'000);
    for (const auto& entry : batch->entries)
      if (entry.record.kind == RecordKind::turn) all.push_back(*decode_turn(entry.record.body));
    return all;
  }
};

}  // namespace

TEST_CASE("a turn that the journal refuses is tried again after a pause and not at once") {
  House house;
  house.fire("a");
  for (int i = 0; i < 50; ++i) house.journal.fail_next(Appended::Outcome::refused);
  CHECK(house.owner.run() <= 200ms);
  CHECK(house.reports.trouble_told.size() == 1);
  house.clock.advance(199ms);
  house.owner.run();
  CHECK(house.reports.trouble_told.size() == 1);
  house.clock.advance(1ms);
  house.owner.run();
  CHECK(house.reports.trouble_told.size() == 2);
}

TEST_CASE("while a turn is on its way to the disk no other is decided") {
  House house;
  house.fire("a");
  house.journal.hold();
  for (int i = 0; i < 5; ++i) {
    house.owner.run();
    house.clock.advance(1s);
  }
  CHECK(house.outbox.attempts.empty());
  house.journal.release();
  house.owner.run();
  CHECK(house.reports.voids == 0);
  CHECK(house.turns().size() == 1);
  CHECK(house.outbox.attempts.size() == 1);
}

TEST_CASE("a turn of which nobody knows whether it is stored starts its attempts once") {
  for (const auto kept : {journal::MemoryJournal::Kept::yes, journal::MemoryJournal::Kept::no}) {
    House house;
    house.fire("a");
    house.journal.fail_next(Appended::Outcome::unknown, kept);
    house.owner.run();
    house.clock.advance(1s);
    house.owner.run();
    CHECK(house.outbox.attempts.size() == 1);
    CHECK(house.state.list({}).incidents.size() == 1);
  }
}

TEST_CASE("the owner rests until the next retry is due and no longer") {
  House house;
  house.fire("a");
  house.owner.run();
  REQUIRE(house.outbox.attempts.size() == 1);
  const engine::AttemptRef first = house.outbox.attempts[0];
  house.append(RecordKind::result,
               encode(AttemptResult{first.incident, first.message, 1, house.clock.now(),
                                    Attempt::retry_later("503")}));
  const Duration rest = house.owner.run();
  CHECK(rest >= 750ms);
  CHECK(rest < 1s);
  house.clock.advance(rest);
  house.owner.run();
  CHECK(house.outbox.attempts.size() == 2);
}

TEST_CASE("a command that the journal does not take or confirm is answered so and in time") {
  House house;
  house.fire("a");
  house.owner.run();
  std::vector<engine::CommandAnswer::What> answers;
  const auto acknowledge = [&] {
    const auto view = house.incident();
    house.owner.submit(
        view, {CommandKind::acknowledge, view.incident.id, "ada", "test"}, 5s,
        [&](const engine::CommandAnswer& answer) { answers.push_back(answer.what); });
  };
  using What = engine::CommandAnswer::What;
  house.journal.fail_next(Appended::Outcome::refused);
  acknowledge();
  CHECK(answers == std::vector{What::not_confirmed});
  house.journal.hold();
  acknowledge();
  house.clock.advance(4999ms);
  CHECK(house.owner.run() <= 1ms);
  CHECK(answers.size() == 1);
  house.clock.advance(1ms);
  house.owner.run();
  CHECK(answers == std::vector{What::not_confirmed, What::not_confirmed});
  house.journal.release();
  house.owner.run();
  acknowledge();
  CHECK(answers.size() == 2);  // durable is not enough: it is done when the turn was read back
  house.owner.run();
  CHECK(answers.back() == What::done);
  CHECK(answers.size() == 3);
}

TEST_CASE("commands that still wait when the owner goes are answered") {
  std::vector<engine::CommandAnswer::What> answers;
  {
    House house;
    house.fire("a");
    house.owner.run();
    house.journal.hold();
    const auto view = house.incident();
    house.owner.submit(
        view, {CommandKind::resolve, view.incident.id, "ada", "test"}, 5s,
        [&](const engine::CommandAnswer& answer) { answers.push_back(answer.what); });
    house.journal.fail_next(Appended::Outcome::durable);
  }
  CHECK(answers == std::vector{engine::CommandAnswer::What::not_confirmed});
}

TEST_CASE("a command that comes twice says what it finds") {
  House house;
  house.fire("a");
  house.owner.run();
  std::vector<engine::CommandAnswer> answers;
  const auto submit = [&](CommandKind kind, const std::string& by) {
    const auto view = house.incident();
    house.owner.submit(view, {kind, view.incident.id, by, "test"}, 5s,
                       [&](const engine::CommandAnswer& answer) { answers.push_back(answer); });
    house.owner.run();
  };
  using What = engine::CommandAnswer::What;
  submit(CommandKind::acknowledge, "ada");
  submit(CommandKind::acknowledge, "bob");
  CHECK(house.incident().incident.acknowledged_by == "ada");
  submit(CommandKind::resolve, "bob");
  submit(CommandKind::resolve, "ada");
  CHECK(house.incident().incident.resolved_by == "bob");
  submit(CommandKind::acknowledge, "ada");
  std::vector<What> whats;
  for (const auto& answer : answers) whats.push_back(answer.what);
  CHECK(whats == std::vector{What::done, What::done, What::done, What::done, What::refused});
  CHECK(answers.back().why == "the incident is resolved already");
}

TEST_CASE("what nobody can read is reported and what follows is decided") {
  House house;
  house.append(RecordKind::alerts, "nonsense");
  house.fire("lost");
  house.journal.spoil(2);
  house.fire("a");
  house.owner.run();
  CHECK(house.reports.aside == 1);
  CHECK(house.reports.damage == 1);
  CHECK(house.outbox.attempts.size() == 2);
}

TEST_CASE("a replay starts nothing and what was under way starts anew after it") {
  House house;
  house.fire("a");
  house.owner.run();
  REQUIRE(house.outbox.attempts.size() == 1);
  Mint mint(8, 1);
  engine::NodeState state(1);
  Started outbox;
  engine::Owner next(house.journal, house.clock, mint, state, House::configuration(), outbox,
                     house.reports);
  REQUIRE(next.replay());
  CHECK(outbox.attempts.empty());
  next.run();
  REQUIRE(outbox.attempts.size() == 1);
  CHECK(outbox.attempts[0].message == house.outbox.attempts[0].message);
  CHECK(outbox.attempts[0].attempt == 2);
}

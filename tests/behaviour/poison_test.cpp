// A record that makes deciding fail stops only itself, and somebody hears of it once.
#include <set>

#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

bool is_poison(const engine::Pending& pending) {
  const auto* const body = std::get_if<std::shared_ptr<const AlertsBody>>(&pending.input);
  return body &&
         std::any_of((*body)->alerts.begin(), (*body)->alerts.end(),
                     [](const Alert& alert) { return alert.labels.get("alertname") == "poison"; });
}

// Fails on whatever holds an alert called poison, unless it is set aside.
engine::Decide failing(int* failures, std::function<void()> fail) {
  return [failures, fail](const engine::PartitionState& state, const engine::View& view,
                          const engine::Configuration& configuration, const engine::Moment& moment,
                          std::span<const IncidentId> due, std::span<const AlertId> over,
                          const engine::Caution& caution) {
    std::size_t seen = 0;
    if (caution.no_inputs)
      return engine::decide_turn(state, view, configuration, moment, due, over, caution);
    for (const engine::Pending* const pending : state.pending.in_order()) {
      if (caution.most_inputs > 0 && seen++ >= caution.most_inputs) break;
      if (!is_poison(*pending) || caution.poison.contains(pending->id)) continue;
      ++*failures;
      fail();
    }
    return engine::decide_turn(state, view, configuration, moment, due, over, caution);
  };
}

// What a mapped file would tell the next process.
struct Memory final : engine::BlackBox {
  void begin(Partition partition, const RecordId* alone) override {
    deciding = true;
    where = partition;
    who = alone ? std::optional(*alone) : std::nullopt;
  }
  void end() override { deciding = false; }
  Death earlier() const override { return death; }
  void die() {
    if (!std::exchange(deciding, false)) return;
    death.partition = where;
    death.batch = !who;
    if (who) ++death.alone[*who];
  }

  bool deciding = false;
  Partition where = 0;
  std::optional<RecordId> who;
  Death death;
};

struct Died {};

}  // namespace

TEST_CASE(
    "a record that deciding fails on is set aside after three tries and the others are served") {
  World world;
  int failures = 0;
  world.decide = failing(&failures, [] { throw std::runtime_error("no memory for it"); });
  world.crash();
  world.hold_attempts = true;
  world.fire("db-first");
  CHECK(world.fire("poison") == 200);
  CHECK(world.fire("db-second") == 200);
  world.hold_attempts = false;
  world.advance(5s);
  // One failure over all that waited, three of the record alone.
  CHECK(failures >= 3);
  CHECK(failures <= 5);
  world.phone("ada").expects("db-first");
  world.phone("ada").expects("db-second");
  const auto told = world.phone("linus").expects("could not decide");
  CHECK(told.severity == Severity::critical);
  CHECK(told.title.find("no memory for it") != std::string::npos);
  REQUIRE(world.state().set_aside().size() == 1);

  world.fire("poison", {{"host", "b"}});
  world.advance(5s);
  CHECK(world.state().set_aside().size() == 2);
  world.phone("linus").silent();  // told once; the second stands in the timeline
}

TEST_CASE("a record that kills the process is set aside by the fourth one") {
  World world;
  int deaths = 0;
  Memory box;
  world.black_box = &box;
  world.decide = failing(&deaths, [] { throw Died(); });
  world.crash();
  const auto survives = [&](auto&& act) {
    try {
      act();
      return true;
    } catch (const Died&) {
      box.die();
      return false;
    }
  };
  CHECK_FALSE(survives([&] { world.fire("poison"); }));
  int starts = 1;
  while (!survives([&] { world.crash(); }) && starts < 10) ++starts;
  CHECK(starts == 4);  // among all that waited, and three times alone
  world.phone("linus").expects("could not decide");
  world.fire("db-down");
  world.phone("ada").expects("db-down");
}

TEST_CASE("a fault that passes costs nobody anything") {
  World world;
  int failures = 0;
  world.decide = failing(&failures, [&] {
    if (failures < 3) throw std::bad_alloc();
  });
  world.crash();
  world.fire("poison");
  world.advance(3s);
  CHECK(world.state().set_aside().empty());
  world.phone("linus").expects("poison");
}

TEST_CASE("an incident whose time makes deciding fail delays no other and is tried again later") {
  World world;
  int failures = 0;
  IncidentId bad;
  world.decide = [&](const engine::PartitionState& state, const engine::View& view,
                     const engine::Configuration& configuration, const engine::Moment& moment,
                     std::span<const IncidentId> due, std::span<const AlertId> over,
                     const engine::Caution& caution) {
    if (std::find(due.begin(), due.end(), bad) != due.end()) {
      ++failures;
      throw std::runtime_error("no");
    }
    return engine::decide_turn(state, view, configuration, moment, due, over, caution);
  };
  world.crash();
  world.fire("db-bad");
  bad = world.incident().incident.id;
  world.fire("db-good");
  world.phone("ada").forget();
  world.advance(6min);
  world.phone("ada").expects("db-good");
  CHECK(failures < 20);
  bad = {};
  world.advance(2min);
  world.phone("ada").expects("db-bad");
}

namespace {

// Fails when the time of one of these comes.
engine::Decide failing_due(const std::set<IncidentId>& bad, std::function<void()> fail) {
  return [&bad, fail](const engine::PartitionState& state, const engine::View& view,
                      const engine::Configuration& configuration, const engine::Moment& moment,
                      std::span<const IncidentId> due, std::span<const AlertId> over,
                      const engine::Caution& caution) {
    for (const IncidentId& id : due)
      if (bad.contains(id)) fail();
    return engine::decide_turn(state, view, configuration, moment, due, over, caution);
  };
}

}  // namespace

TEST_CASE("an incident whose time kills the process is left alone by the fourth one, and told of") {
  World world;
  std::set<IncidentId> bad;
  Memory box;
  world.black_box = &box;
  world.decide = failing_due(bad, [] { throw Died(); });
  world.crash();
  world.fire("db-bad");
  bad.insert(world.incident().incident.id);
  world.fire("db-good");
  world.phone("ada").forget();
  int deaths = 0;
  for (int second = 0; second < 400; ++second) try {
      if (box.deciding) {
        ++deaths;
        box.die();
        world.crash();
      }
      world.advance(1s);
    } catch (const Died&) {
    }
  CHECK(deaths == 4);  // among all that was due, and three times alone
  CHECK(world.phone("linus").expects("leaves it alone").severity == Severity::critical);
  world.phone("linus").silent();
  CHECK(world.state().set_aside().size() == 1);
  world.phone("ada").expects("db-good");
  world.phone("ada").silent();
  world.phone("bob").expects("db-good");
  world.fire("db-third");
  world.phone("ada").expects("db-third");
  world.crash();  // told once, over restarts too
  world.advance(1min);
  CHECK(world.state().set_aside().size() == 1);
}

TEST_CASE("what is due is decided although records that fail never stop coming") {
  World world;
  int failures = 0;
  world.decide = failing(&failures, [] { throw std::runtime_error("no"); });
  world.crash();
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  for (int i = 0; i < 6 * 60 * 2; ++i) {
    world.fire("poison", {{"n", std::to_string(i)}});
    if (i % 100 == 0) world.fire("db-down");
    world.advance(500ms);
  }
  CHECK(failures > 100);
  world.phone("ada").expects("db-down");
  world.phone("bob").expects("db-down");
}

TEST_CASE("an incident whose time makes deciding fail stops neither alerts nor what is due") {
  World world;
  std::set<IncidentId> bad;
  int failures = 0;
  world.decide = failing_due(bad, [&] {
    ++failures;
    throw std::runtime_error("no");
  });
  world.crash();
  world.fire("db-bad");
  bad.insert(world.incident().incident.id);
  world.fire("db-good");
  world.phone("ada").forget();
  for (int second = 0; second < 330; ++second) {
    world.fire("new" + std::to_string(second));
    if (second % 60 == 0)
      for (const char* name : {"db-bad", "db-good"}) world.fire(name);
    world.advance(1s);
  }
  CHECK(failures > 0);
  CHECK(world.incidents().size() == 100);  // a page of the list: none of the others is missing
  CHECK(world.state().counts().pending_inputs == 0);
  world.phone("ada").expects("db-good");
}

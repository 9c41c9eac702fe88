// A wall clock that is stepped in the middle of everything: what was to happen happens exactly as
// it would have, no step early, none skipped, none twice.
#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>

#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

const char* const kEverything = R"(
integrations:
  - name: prometheus
    source: prometheus
    key: prometheus-key-0123456789
    group_by: [alertname]
    resolve_after: 7d
    heartbeats: [{name: watchdog, within: 10m, severity: critical, matchers: ['alertname="Watchdog"']}]
  - {name: forgetful, source: prometheus, key: forgetful-key-0123456789, group_by: [alertname], resolve_after: 10m}
channels:
  - {name: phone, type: log}
  - {name: room, type: log}
people:
  - {name: ada, contacts: {phone: ada}, limit: none}
  - {name: bob, contacts: {phone: bob}, limit: none}
  - {name: eve, contacts: {phone: eve}, limit: {pages: 5, per: 10m}}
  - {name: linus, contacts: {phone: linus}, limit: none}
default: {page: fallback}
policies:
  - name: escalating
    steps:
      - {page: [{person: ada}], wait: 5m}
      - {page: [{person: bob}], wait: 10m}
      - {page: [{channel: room}], wait: 10m}
    repeat: 1
    acknowledgement_timeout: 30m
  - {name: stormy, steps: [{page: [{person: eve}], wait: 8h}]}
  - {name: fallback, steps: [{page: [{person: linus}], wait: 5m}]}
rules:
  - {name: held, matchers: ['alertname="db-later"'], page: escalating, after: 7m}
  - {name: ours, matchers: ['alertname=~"db-.*|HeartbeatMissing"'], page: escalating}
  - {name: many, matchers: ['alertname=~"storm-.*"'], page: stormy}
)";

constexpr Duration kLength = 100min;

struct Heard {
  Duration at{};
  std::string what;
};

// What is done to the clock, and when.
struct Step {
  Duration at{};
  Duration by{};                    // of the wall clock; or, if it is given,
  std::optional<WallTime> to = {};  // to this
  bool crash = false;               // the process dies right after it
  bool reboot = false;              // so does the machine
};

engine::IncidentView find(const World& world, const std::string& title) {
  for (const auto& view : world.incidents())
    if (view.incident.title.find(title) != std::string::npos) return view;
  FAIL("there is no incident " << title);
  return {};
}

// The whole of it: an escalation nobody answers, one acknowledged and forgotten, one snoozed, one
// held for its `after`, an alert that is never heard of again, a heartbeat that falls silent, and a
// storm on one person.
std::vector<Heard> live(std::vector<Step> steps) {
  World world(kEverything);
  Duration passed{};
  std::vector<Heard> heard;
  // All of a second is heard at its end.
  Duration before{}, started = world.clock.now().elapsed;
  const auto now = [&] { return before + world.clock.now().elapsed - started; };
  world.on_delivery = [&](const std::string& who, const connectors::Notification& message) {
    std::ostringstream what;
    what << who << ": " << to_string(message.kind) << " " << message.title;
    heard.push_back({now(), what.str()});
  };
  const auto advance = [&](Duration until) {
    world.advance(until - passed);
    passed = until;
  };
  const auto advance_to = [&](Duration until) {
    while (!steps.empty() && steps.front().at <= until) {
      const Step step = steps.front();
      steps.erase(steps.begin());
      advance(step.at);
      world.clock.step_wall(step.to ? *step.to - world.clock.now().wall : step.by);
      if (step.reboot) {
        before = passed;
        world.clock.reboot();
        started = world.clock.now().elapsed;
      }
      if (step.crash || step.reboot) world.crash();
    }
    advance(until);
  };
  for (const char* name : {"db-unheard", "db-taken", "db-snoozed", "db-later", "Watchdog"})
    world.fire(name);
  for (int i = 0; i < 9; ++i) world.fire("storm-" + std::to_string(i));
  world.sender_key = "forgetful-key-0123456789";
  world.fire("db-forgotten");
  world.sender_key = "prometheus-key-0123456789";
  advance_to(1min);
  CHECK(world.acknowledge(find(world, "db-taken"), "ada"));
  advance_to(2min);
  CHECK(world.snooze(find(world, "db-snoozed"), "ada", 20min));
  advance_to(kLength);
  return heard;
}

std::multiset<std::string> lines(const std::vector<Heard>& heard) {
  std::multiset<std::string> all;
  for (const Heard& each : heard)
    all.insert(format_duration(std::chrono::round<std::chrono::seconds>(each.at)) + " " +
               each.what);
  return all;
}

// What one has and the other has not, a line each: too early or too late is two.
std::string differences(const std::multiset<std::string>& expected,
                        const std::multiset<std::string>& got) {
  std::vector<std::string> missing, more;
  std::set_difference(expected.begin(), expected.end(), got.begin(), got.end(),
                      std::back_inserter(missing));
  std::set_difference(got.begin(), got.end(), expected.begin(), expected.end(),
                      std::back_inserter(more));
  std::string all;
  for (const std::string& line : missing) all += "missing: " + line + "\n";
  for (const std::string& line : more) all += "instead: " + line + "\n";
  return all;
}

const WallTime kNineteenSeventy{};
const WallTime kTwentyThirtyEight{std::chrono::seconds((std::int64_t{1} << 31) + 7)};
const WallTime kTruth = SimulatedClock().now().wall;

std::vector<Step> every_step(Duration at, bool crash) {
  std::vector<Step> all;
  for (const Duration by : {Duration(1h), Duration(-1h), Duration(24h), Duration(-24h)})
    all.push_back({at, by, {}, crash});
  all.push_back({at, {}, kNineteenSeventy, crash});
  all.push_back({at, {}, kTwentyThirtyEight, crash});
  return all;
}

// Each of these, in a life of its own, and in each the same things after it.
void check_nothing_moves(const std::vector<Step>& steps, const std::vector<Step>& after = {}) {
  const auto expected = lines(live({}));
  for (const Step& step : steps) {
    INFO("after " << format_duration(step.at) << ", by "
                  << (step.to ? format_rfc3339(*step.to)
                              : std::to_string(step.by.count() / 1'000'000)));
    std::vector<Step> all{step};
    all.insert(all.end(), after.begin(), after.end());
    CHECK(differences(expected, lines(live(all))) == "");
  }
}

const std::vector<Step> kReboots{{13min, -1h, {}, false, true},
                                 {13min, -24h, {}, false, true},
                                 {13min, {}, kNineteenSeventy, false, true}};

}  // namespace

TEST_CASE("without a step of the clock everything that is looked at happens") {
  std::string all;
  for (const std::string& line : lines(live({}))) all += line + "\n";
  INFO(all);
  for (const char* const what :
       {"0s ada: page", "5m bob: page", "15m room: page", "25m ada: page", "31m", "22m",
        "ada: resolved", "eve: bundle", "HeartbeatMissing", "db-later", "linus: page"})
    CHECK(all.find(what) != std::string::npos);
}

TEST_CASE("a wall clock that is stepped moves nothing that waits") {
  for (const Duration at : {Duration(90s), Duration(13min), Duration(33min)})
    check_nothing_moves(every_step(at, false));
}

TEST_CASE("a crash right after the wall clock was stepped moves nothing that waits") {
  check_nothing_moves(every_step(13min, true));
}

TEST_CASE("a reboot into a clock that is behind moves nothing that waits") {
  check_nothing_moves(kReboots);
}

TEST_CASE("a reboot into a clock that is behind and is soon set right moves nothing that waits") {
  check_nothing_moves(kReboots, {{14min, {}, kTruth + 14min}});
  check_nothing_moves(kReboots, {{19min, {}, kTruth + 19min}});
}

TEST_CASE("reboots one after the other into clocks that are behind move nothing that waits") {
  check_nothing_moves(kReboots, {{14min, -1h, {}, false, true}, {15min, {}, {}, false, true}});
  check_nothing_moves(kReboots, {{28min, {}, kTruth + 28min, false, true}});
}

TEST_CASE("a start anew without a turn since the reboot into a clock behind moves nothing either") {
  check_nothing_moves(kReboots, {{13min + 30s, {}, {}, true}, {14min, {}, {}, true}});
}

TEST_CASE("a wall clock that was stepped before a reboot moves nothing that waits") {
  // It is right again with the reboot, or as wrong as before.
  check_nothing_moves(every_step(13min, false), {{16min, {}, kTruth + 16min, false, true}});
  check_nothing_moves(every_step(13min, false), {{16min, {}, {}, false, true}});
  // What waits began by the right clock, or by the wrong one.
  check_nothing_moves(every_step(90s, false), {{33min, {}, kTruth + 33min, false, true}});
  check_nothing_moves(every_step(90s, false), {{33min, {}, {}, false, true}});
}

TEST_CASE("what a stop took is made up for as soon as the clock is right") {
  for (const Duration behind : {Duration(1h), Duration(24h), Duration(24h * 365 * 56)}) {
    INFO("by " << behind.count() / 1'000'000 << " s");
    World world;
    world.fire("db-down");
    world.phone("ada").expects("db-down");
    world.advance(2min);
    // Down for two minutes, and nobody can know.
    world.clock.step_wall(2min - behind);
    world.clock.reboot();
    world.crash();
    world.advance(30s);
    world.clock.step_wall(behind);
    world.advance(29s);
    world.phone("bob").silent();
    world.advance(2s);
    world.phone("ada").expects("db-down");
    world.phone("bob").expects("db-down");
    world.advance(10min - 2s);
    world.phone("room").silent();
    world.advance(3s);
    world.phone("room").expects("db-down");
  }
}

TEST_CASE("a reboot into a clock ahead is as if the stop had been as long: one step at once") {
  for (const Duration ahead : {Duration(1h), Duration(24h), Duration(24h * 365 * 11)}) {
    INFO("by " << ahead.count() / 1'000'000 << " s");
    World world;
    world.fire("db-down");
    world.phone("ada").expects("db-down");
    world.advance(2min);
    world.clock.step_wall(ahead);
    world.clock.reboot();
    world.crash();
    world.phone("ada").expects("db-down");
    world.phone("bob").expects("db-down");
    world.advance(2min);
    world.clock.step_wall(-ahead);
    world.advance(8min - 2s);
    world.phone("room").silent();
    world.advance(3s);
    world.phone("room").expects("db-down");
    world.phone("ada").silent();
    world.phone("bob").silent();
  }
}

TEST_CASE("after a reboot into a clock that is behind a snapshot does as well as the journal") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(2min);
  const auto snapshots = world.snapshots();
  world.clock.step_wall(-24h);
  world.clock.reboot();
  world.crash_and_restore(snapshots);
  world.advance(3min - 2s);
  world.phone("bob").silent();
  world.advance(3s);
  world.phone("bob").expects("db-down");
}

TEST_CASE("a silence that by a stepped clock is over or has yet to begin holds nothing any more") {
  for (const Duration by : {Duration(1h), Duration(24h), Duration(24h * 365 * 11), Duration(-1h),
                            Duration(-24h), Duration(-24h * 365 * 56)}) {
    INFO("by " << by.count() / 1'000'000 << " s");
    World world;
    world.silence({"alertname=\"db-down\""}, 30min);
    world.fire("db-down");
    world.advance(10min);
    world.phone("ada").silent();
    world.clock.step_wall(by);
    world.advance(61s);  // it is looked at once a minute
    world.phone("ada").expects("db-down");
    world.advance(3min + 30s);
    world.phone("ada").silent();
  }
}

TEST_CASE(
    "a step back that is shorter than a silence is old makes it longer by itself at the most") {
  World world;
  world.silence({"alertname=\"db-down\""}, 30min);
  world.fire("db-down");
  world.advance(10min);
  world.clock.step_wall(-5min);
  world.advance(25min - 2s);
  world.phone("ada").silent();
  world.advance(4s);
  world.phone("ada").expects("db-down");
}

TEST_CASE("an alert that its sender resolves after a step of the wall clock is resolved once") {
  for (const Duration by : {Duration(1h), Duration(-30min), Duration(24h)}) {
    World world;
    world.fire("db-down");
    world.phone("ada").expects("db-down");
    world.advance(1min);
    world.clock.step_wall(by);
    world.resolve("db-down");
    world.advance(1h);
    world.phone("ada").expects_resolved("db-down");
    world.phone("ada").silent();
    world.phone("bob").silent();
  }
}

TEST_CASE("a clock ahead of its sender's ends nothing that still fires and pages what is new") {
  for (const Duration ahead : {Duration(10min), Duration(24h)}) {
    INFO("by " << ahead.count() / 1'000'000 << " s");
    World world;
    const auto word = [&](const std::string& name, Duration end) {
      CHECK(world.post(prometheus_body({}, name, {}, world.clock.now().wall + end)) == 200);
      world.settle();
    };
    word("db-down", 4min);
    world.phone("ada").expects("db-down");
    world.advance(1min);
    world.clock.step_wall(ahead);
    word("db-down", 4min - ahead);
    word("db-slow", 4min - ahead);
    world.phone("ada").expects("db-slow");
    world.phone("ada").silent();
    // Nor does it end between two words.
    for (int minute = 2; minute < 5; ++minute) {
      world.advance(1min);
      word("db-down", 4min - ahead);
      word("db-slow", 4min - ahead);
    }
    world.phone("ada").silent();
    world.advance(30s);
    word("db-down", -ahead);
    world.phone("ada").expects_resolved("db-down");
  }
}

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
std::vector<Heard> live(const std::optional<Step>& step) {
  World world(kEverything);
  const Duration start = world.clock.now().elapsed;
  std::vector<Heard> heard;
  world.on_delivery = [&](const std::string& who, const connectors::Notification& message) {
    std::ostringstream what;
    what << who << ": " << to_string(message.kind) << " " << message.title;
    heard.push_back({world.clock.now().elapsed - start, what.str()});
  };
  const auto advance_to = [&](Duration until) {
    const auto passed = [&] { return world.clock.now().elapsed - start; };
    if (step && passed() < step->at && step->at <= until) {
      world.advance(step->at - passed());
      world.clock.step_wall(step->to ? *step->to - world.clock.now().wall : step->by);
      if (step->crash) world.crash();
    }
    world.advance(until - passed());
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

std::vector<Step> every_step(Duration at, bool crash) {
  std::vector<Step> all;
  for (const Duration by : {Duration(1h), Duration(-1h), Duration(24h), Duration(-24h)})
    all.push_back({at, by, {}, crash});
  all.push_back({at, {}, kNineteenSeventy, crash});
  all.push_back({at, {}, kTwentyThirtyEight, crash});
  return all;
}

void check_nothing_moves(const std::vector<Step>& steps) {
  const auto expected = lines(live({}));
  for (const Step& step : steps) {
    INFO("after " << format_duration(step.at) << ", by "
                  << (step.to ? format_rfc3339(*step.to)
                              : std::to_string(step.by.count() / 1'000'000)));
    CHECK(differences(expected, lines(live(step))) == "");
  }
}

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

// People who want to be left in peace, and contacts that are for some severities only.
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

// In place of kPlainSettings' rule: an alert is as grave as its label says.
const char* const kSettings = R"(
integrations:
  - {name: prometheus, source: prometheus, key: prometheus-key-0123456789, group_by: [alertname], resolve_after: 7d}
channels:
  - {name: phone, type: log}
  - {name: mail, type: log}
people:
  - {name: grace, contacts: {phone: grace, mail: grace-mail}, notify: [{channel: phone}, {after: 2m, channel: mail}]}
  - {name: bob, contacts: {phone: bob}}
  - {name: linus, contacts: {phone: linus}}
default: {page: fallback}
policies:
  - name: crew
    steps:
      - {page: [{person: grace}], wait: 5m}
      - {page: [{person: bob}], wait: 10m}
  - {name: fallback, steps: [{page: [{person: linus}], wait: 5m}]}
rules:
  - {name: grave, matchers: ['level="critical"'], severity: critical, page: crew}
  - {name: ours, matchers: ['alertname=~"db-.*"'], severity: warning, page: crew}
)";

// The simulated clock begins at 2026-11-22T01:52:43Z.
constexpr Duration kUntilSeven = 5h + 7min + 17s;

struct QuietWorld : World {
  QuietWorld() : World(kSettings) {
    change_people([](oncall::Directory& directory) { be_quiet(directory, "grace"); });
  }
  static void be_quiet(oncall::Directory& directory, const std::string& who) {
    Schedule night;
    night.zone = *Zone::load("Europe/Dublin");
    night.from_minute = 22 * 60;
    night.until_minute = 7 * 60;
    directory.people.at(who).quiet_hours = {night};
  }
  std::string timeline() const {
    std::string all;
    for (const auto& entry : incident().incident.timeline) all += entry.text + "\n";
    return all;
  }
};

}  // namespace

TEST_CASE("a person in their quiet hours is paged when these end and the others by the waits") {
  QuietWorld world;
  world.fire("db-slow");
  world.phone("grace").silent();
  CHECK(world.timeline().find("pages grace (phone), grace (mail); grace is left "
                              "in peace until 07:00 Europe/Dublin") != std::string::npos);
  world.advance(5min);
  world.phone("bob").expects("db-slow");
  world.advance(10min);
  world.phone("linus").expects("db-slow");
  world.advance(kUntilSeven - 15min - 1s);
  world.phone("grace").silent();
  world.advance(1s);
  world.phone("grace").expects("db-slow");
  world.phone("grace-mail").silent();
  world.advance(2min);
  world.phone("grace-mail").expects("db-slow");
}

TEST_CASE("nobody is woken in their quiet hours for what was acknowledged meanwhile") {
  QuietWorld world;
  world.fire("db-slow");
  world.advance(5min);
  world.phone("bob").expects("db-slow");
  world.acknowledge(world.incident(), "bob");
  world.advance(24h);
  world.phone("grace").silent();
  world.resolve("db-slow");
  world.phone("grace").silent();
}

TEST_CASE("what is critical knows no quiet hours nor does what becomes critical") {
  QuietWorld world;
  world.fire("db-down", {{"level", "critical"}});
  world.phone("grace").expects("db-down");

  QuietWorld rising;
  rising.fire("db-slow");
  rising.phone("grace").silent();
  rising.advance(1min);
  rising.fire("db-slow", {{"level", "critical"}, {"instance", "2"}});
  rising.phone("grace").expects("db-slow");
  rising.advance(kUntilSeven);
  CHECK(rising.phone("grace").waiting() <= 2);  // by the escalation that began anew, and no other
}

TEST_CASE("with everybody in their quiet hours the default policy pages by the waits") {
  QuietWorld world;
  world.change_people([](oncall::Directory& directory) { QuietWorld::be_quiet(directory, "bob"); });
  world.fire("db-slow");
  world.advance(14min + 59s);
  world.phone("linus").silent();
  world.advance(1s);
  world.phone("linus").expects("db-slow");
}

TEST_CASE("a person with quiet hours that never end is passed over and somebody else paged") {
  QuietWorld world;
  world.change_people([](oncall::Directory& directory) {
    directory.people.at("grace").quiet_hours = {Schedule{}};
  });
  world.fire("db-slow");
  world.phone("bob").expects("db-slow");
}

TEST_CASE("somebody who cannot be reached beside somebody in peace does not wait for the morning") {
  QuietWorld world;
  world.change_people([](oncall::Directory& directory) {
    QuietWorld::be_quiet(directory, "grace");
    directory.people.at("linus").notify = {{"phone", "linus"}};
  });
  std::string yaml = kSettings;
  const std::string grace = "{page: [{person: grace}], wait: 5m}";
  yaml.replace(yaml.find(grace), grace.size(),
               "{page: [{person: grace}, {person: linus}], wait: 5m}");
  world.reload(yaml);
  world.change_people([](oncall::Directory& d) { QuietWorld::be_quiet(d, "grace"); });
  world.phone("linus").always(Attempt::rejected("gone"));
  world.fire("db-slow");
  world.phone("grace").silent();
  world.phone("bob").expects("db-slow");
}

TEST_CASE("a page that waits for the morning is one page then however often it was planned") {
  QuietWorld world;
  world.change_people(
      [](oncall::Directory& directory) { QuietWorld::be_quiet(directory, "linus"); });
  world.fire("something-new");  // the default policy, every 15 minutes
  world.advance(kUntilSeven - 1s);
  world.phone("linus").silent();
  const auto messages = world.incident().incident.messages;
  CHECK(std::count_if(messages.begin(), messages.end(), [](const engine::MessageState& m) {
          return m.status == engine::MessageStatus::waiting;
        }) == 1);
  world.advance(1s);
  world.phone("linus").expects("something-new");
  world.phone("linus").silent();
}

TEST_CASE("quiet hours end with the clock on the wall in the night in which it is put back") {
  QuietWorld world;
  // To 2027-03-27T23:00Z: Dublin's clocks skip an hour in that night.
  world.clock.advance(*parse_rfc3339("2027-03-27T23:00:00Z") - world.clock.now().wall);
  world.fire("db-slow");
  world.advance(7h - 1s);
  world.phone("grace").silent();
  world.advance(1s);
  world.phone("grace").expects("db-slow");
}

TEST_CASE("a restart in the night loses no page for the morning") {
  QuietWorld world;
  world.fire("db-slow");
  world.advance(1h);
  world.crash();
  world.advance(kUntilSeven - 1h - 1s);
  world.phone("grace").silent();
  world.crash_and_restore(world.snapshots());
  world.advance(1s);
  world.phone("grace").expects("db-slow");
}

TEST_CASE("contacts for some severities are left alone by others and none left means all") {
  QuietWorld world;
  world.change_people([](oncall::Directory& directory) {
    oncall::Person& grace = directory.people.at("grace");
    grace.quiet_hours.clear();
    grace.notify[0].severities = {Severity::critical};
  });
  world.fire("db-slow");
  world.advance(1min + 59s);
  world.phone("grace").silent();
  world.advance(1s);
  world.phone("grace-mail").expects("db-slow");
  world.phone("grace").silent();
  world.change_people([](oncall::Directory& directory) {
    directory.people.at("grace").notify[1].severities = {Severity::critical};
  });
  world.fire("db-slower");
  world.phone("grace").expects("db-slower");
  world.phone("grace-mail").expects("db-slower");
}

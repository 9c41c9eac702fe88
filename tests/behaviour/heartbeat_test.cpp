// Signs of life: silence is an alert, and the next sign ends it.
#include "router/core/heartbeat.hpp"
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

std::string with_heartbeats(const std::string& heartbeats =
                         "heartbeats: [{name: watchdog, within: 5m, severity: critical, matchers: "
                         "['alertname=\"Watchdog\"']}]") {
  return R"(
integrations:
  - name: prometheus
    source: prometheus
    key: prometheus-key-0123456789
    labels: {environment: production}
    resolve_after: 7d
)" + (heartbeats.empty() ? "" : "    " + heartbeats + "\n") +
         R"(
channels: [{name: phone, type: log}]
people: [{name: ada, contacts: {phone: ada}}, {name: linus, contacts: {phone: linus}}]
policies:
  - {name: crew, steps: [{page: [{person: ada}], wait: 1h}]}
  - {name: fallback, steps: [{page: [{person: linus}], wait: 1h}]}
rules:
  - {name: silent, matchers: ['alertname="HeartbeatMissing"', 'environment="production"'], page: crew}
default: {page: fallback}
)";
}

}  // namespace

TEST_CASE("the silence of a heartbeat pages and its next beat resolves") {
  World world(with_heartbeats());
  for (int minute = 0; minute < 20; ++minute) {
    world.fire("Watchdog");
    world.advance(1min);
  }
  world.phone("ada").silent();
  CHECK(world.incidents().empty());  // Watchdog itself is no alert
  world.advance(3min + 50s);
  world.phone("ada").silent();
  world.advance(1min);
  const auto page = world.phone("ada").expects("HeartbeatMissing");
  CHECK(page.title.find("Nothing was heard of heartbeat watchdog of prometheus for 5m") !=
        std::string::npos);
  CHECK(page.severity == Severity::critical);
  CHECK(world.incidents().size() == 1);
  world.advance(10min);
  world.phone("ada").silent();  // it is missing once
  world.fire("Watchdog");
  world.advance(1s);
  world.phone("ada").expects_resolved("HeartbeatMissing");
  world.advance(4min);
  world.phone("ada").silent();
}

TEST_CASE("a heartbeat that never beat is missing as well") {
  World world(with_heartbeats());
  world.advance(4min + 50s);
  world.phone("ada").silent();
  world.advance(1min);
  world.phone("ada").expects("HeartbeatMissing");
}

TEST_CASE("a resolved Watchdog is no sign of life") {
  World world(with_heartbeats());
  world.advance(2min);
  world.resolve("Watchdog");
  world.advance(3min + 30s);
  world.phone("ada").expects("HeartbeatMissing");
}

TEST_CASE("what tocsin could not hear while it was down is not held against a heartbeat") {
  for (const bool from_snapshot : {false, true}) {
    World world(with_heartbeats());
    world.fire("Watchdog");
    world.advance(1s);
    world.clock.advance(3h);
    from_snapshot ? world.crash_and_restore(world.snapshots()) : world.crash();
    world.advance(4min);
    world.phone("ada").silent();
    world.fire("Watchdog");
    world.advance(4min);
    world.phone("ada").silent();
    world.advance(2min);
    world.phone("ada").expects("HeartbeatMissing");
  }
}

TEST_CASE("a heartbeat that is missing stays so over a crash and pages once") {
  World world(with_heartbeats());
  world.advance(6min);
  world.phone("ada").expects("HeartbeatMissing");
  world.crash();
  world.advance(10min);
  world.phone("ada").silent();
  CHECK(world.incidents().size() == 1);
}

TEST_CASE("a heartbeat that is configured no longer is missing no longer") {
  World world(with_heartbeats());
  world.advance(6min);
  world.phone("ada").expects("HeartbeatMissing");
  world.reload({settings::File{"tocsin.yaml", with_heartbeats("")}});
  world.advance(1min);
  world.phone("ada").expects_resolved("HeartbeatMissing");
}

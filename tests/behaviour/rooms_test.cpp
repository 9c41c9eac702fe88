// What a room was to hear it hears, whatever came between; and it hears the same thing once.
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

// Ada is paged for `strange` and `stuck`, without a runbook; two rooms are told of `known`.
std::vector<settings::File> files() {
  return {{"tocsin.yaml", R"(
integrations:
  - {name: prometheus, source: prometheus, key: prometheus-key-0123456789, group_by: [alertname], resolve_after: 7d, reopen_within: 5m}
channels:
  - {name: phone, type: log}
  - {name: room, type: log}
  - {name: other-room, type: log}
people:
  - {name: ada, contacts: {phone: ada}}
  - {name: linus, contacts: {phone: linus}}
hooks:
  - {name: restart, type: webhook, url: "http://127.0.0.1:9", limit: {runs: 9, per: 1h}}
default: {page: fallback}
policies:
  - {name: fallback, steps: [{page: [{person: linus}]}]}
)"},
          {"teams/cdp.yaml", R"(
team: cdp
channel: room
policies:
  - {name: cdp, steps: [{page: [{person: ada}], wait: 1h}]}
rules:
  - {name: known, matchers: ['alertname="known"'], advise: {manual: "https://manual.example.com", tell: [{channel: room}, {channel: other-room}]}}
  - {name: stuck, matchers: ['alertname="stuck"'], remediate: {hook: restart, mode: approve, wait: 3m}, page: cdp}
  - {name: rest, matchers: ['alertname="strange"'], page: cdp}
)"}};
}

void run_all(World& world) {
  for (int i = 0; i < 3; ++i) {
    while (world.runner.run_one()) continue;
    world.settle();
  }
}

MessageKind kind_of(const std::string& alertname) {
  return alertname == "known" ? MessageKind::advice : MessageKind::no_procedure;
}

}  // namespace

TEST_CASE("a silence that came and went while a room's word waited for its lane costs no word") {
  for (const std::string name : {"known", "strange"}) {
    World world(files());
    world.hold_attempts = true;
    world.fire(name);
    world.end_silence(world.silence({"alertname=\"" + name + "\""}, 1h));
    run_all(world);
    world.hold_attempts = false;
    world.advance(3s);
    world.phone("room").next_of(kind_of(name), name);
    world.phone("room").silent();
  }
}

TEST_CASE("a word that the gate held back is said although the silence ended before its result") {
  World world(files());
  world.hold_attempts = true;
  world.fire("known");
  const SilenceId silence = world.silence({"alertname=\"known\""}, 1h);
  world.runner.run_one();  // held back; the result waits in the journal for the owner
  world.end_silence(silence);
  world.hold_attempts = false;
  world.advance(3s);
  for (const char* room : {"room", "other-room"}) {
    world.phone(room).next_of(MessageKind::advice, "known");
    world.phone(room).silent();
  }
}

TEST_CASE("of two rooms only the one that has not heard it is told when a silence ends") {
  World world(files());
  world.phone("room").always(Attempt::retry_later("away"));
  world.fire("known");
  world.phone("other-room").next_of(MessageKind::advice, "known");
  const SilenceId silence = world.silence({"alertname=\"known\""}, 1h);
  world.phone("room").always(std::nullopt);
  world.advance(10min);
  world.phone("room").silent();
  world.end_silence(silence);
  world.advance(3s);
  world.phone("room").next_of(MessageKind::advice, "known");
  world.phone("other-room").silent();
}

TEST_CASE("a room that could not be reached when the severity rose is still told and once") {
  World world(files());
  world.phone("room").always(Attempt::retry_later("away"));
  world.fire("strange", {{"severity", "warning"}, {"instance", "1"}});
  world.fire("strange", {{"severity", "critical"}, {"instance", "2"}});
  world.phone("room").always(std::nullopt);
  world.advance(2min);
  world.phone("room").next_of(MessageKind::no_procedure, "strange");
  world.phone("room").silent();
  world.fire("known", {{"severity", "warning"}, {"instance", "1"}});
  world.phone("room").next_of(MessageKind::advice, "known");
  world.fire("known", {{"severity", "critical"}, {"instance", "2"}});
  world.advance(2min);
  world.phone("room").silent();
}

TEST_CASE("a room that could not be reached before a hook ran is told when the hook has failed") {
  World world(files());
  world.phone("room").always(Attempt::retry_later("away"));
  world.fire("stuck");
  world.hook("restart").always(Attempt::rejected("500"));
  CHECK(world.approve(world.incident(), "ada", "restart") == "");
  world.phone("room").always(std::nullopt);
  world.advance(2min);
  world.phone("room").next_of(MessageKind::no_procedure, "stuck");
  world.phone("room").silent();
}

TEST_CASE("a room that was told before a hook ran is not told again") {
  World world(files());
  world.fire("stuck");
  world.phone("room").next_of(MessageKind::no_procedure, "stuck");
  CHECK(world.approve(world.incident(), "ada", "restart") == "");
  world.advance(10min);
  world.phone("room").silent();
}

TEST_CASE("a room that was away when somebody snoozed it is told when the snooze is over") {
  World world(files());
  world.phone("room").always(Attempt::retry_later("away"));
  world.hold_attempts = true;
  world.fire("strange");
  CHECK(world.snooze(world.incident(), "ada", 30min));
  run_all(world);
  world.hold_attempts = false;
  world.phone("room").always(std::nullopt);
  world.advance(29min);
  world.phone("room").silent();
  world.advance(2min);
  world.phone("room").next_of(MessageKind::no_procedure, "strange");
  world.phone("room").silent();
}

TEST_CASE(
    "a reopened incident is told to its rooms as it is paged, and not while somebody has it") {
  World world(files());
  world.fire("known");
  const auto first = world.phone("room").next_of(MessageKind::advice, "known");
  world.resolve("known");
  world.advance(1min);
  world.fire("known");
  const auto second = world.phone("room").next_of(MessageKind::advice, "known");
  CHECK(second.incident == first.incident);
  CHECK(second.id != first.id);
  CHECK(world.acknowledge(world.incident(), "ada"));
  world.resolve("known");
  world.advance(1min);
  world.fire("known");
  world.advance(1min);
  world.phone("room").silent();
}

TEST_CASE("a word that was cut off by the end is said when the incident is reopened") {
  World world(files());
  world.phone("room").always(Attempt::retry_later("away"));
  world.fire("strange");
  world.resolve("strange");
  world.phone("room").always(std::nullopt);
  world.advance(1min);
  world.fire("strange");
  world.advance(1min);
  world.phone("room").next_of(MessageKind::no_procedure, "strange");
  world.phone("room").silent();
}

TEST_CASE("a room is told once however many pages have crowded its word out of the list") {
  World world(files());
  world.fire("known");
  world.phone("room").next_of(MessageKind::advice, "known");
  world.phone("other-room").next_of(MessageKind::advice, "known");
  for (int i = 0; i < 250; ++i) {
    world.end_silence(world.silence({"alertname=\"known\""}, 1h));
    world.fire("known");
  }
  world.advance(1min);
  world.phone("room").silent();
}

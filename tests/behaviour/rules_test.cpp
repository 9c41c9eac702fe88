// What rules can say beyond "page": wait and see, the manual, the runbook, and what happens when it
// gets worse.
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

std::vector<settings::File> team_files() {
  return {{"tocsin.yaml", R"(
integrations:
  - {name: prometheus, source: prometheus, key: prometheus-key-0123456789, group_by: [alertname], resolve_after: 7d}
channels:
  - {name: phone, type: log}
  - {name: room, type: log}
  - {name: other-room, type: log}
people:
  - {name: ada, contacts: {phone: ada}}
  - {name: linus, contacts: {phone: linus}}
default: {page: fallback}
policies:
  - {name: fallback, steps: [{page: [{person: linus}]}]}
)"},
          {"teams/cdp.yaml", R"(
team: cdp
channel: room
policies:
  - {name: cdp, steps: [{page: [{person: ada}], wait: 5m}]}
runbooks:
  - {name: disk, title: The disk is full, url: "https://playbooks.example.com/disk"}
rules:
  - {name: flappy, matchers: ['alertname="flappy"'], after: 2m, page: cdp}
  - {name: config, matchers: ['alertname="rejected"'], advise: {manual: "https://manual.example.com/config", tell: [{channel: room}, {channel: other-room}]}}
  - {name: disk, matchers: ['alertname="disk"'], runbook: disk, page: cdp}
  - {name: rest, matchers: ['team="cdp"'], page: cdp}
)"}};
}

}  // namespace

TEST_CASE("an alert that must go on firing for a while pages only then") {
  World world(team_files());
  world.fire("flappy");
  world.advance(1min + 59s);
  world.phone("ada").silent();
  CHECK(world.incident().incident.after);
  world.advance(1s);
  world.phone("ada").expects("flappy");
  CHECK_FALSE(world.incident().incident.after);
}

TEST_CASE("an alert that ends before its time was never a page") {
  World world(team_files());
  world.fire("flappy");
  world.advance(1min);
  world.resolve("flappy");
  world.advance(24h);
  for (const char* who : {"ada", "linus", "room"}) world.phone(who).silent();
  CHECK(world.incident().incident.state == engine::IncidentState::resolved);
}

TEST_CASE("a wait before the page goes on through a crash") {
  World world(team_files());
  world.fire("flappy");
  world.advance(1min);
  world.crash();
  world.advance(59s);
  world.phone("ada").silent();
  world.advance(1s);
  world.phone("ada").expects("flappy");
}

TEST_CASE("a configuration mistake is answered with the manual in the rooms and wakes nobody") {
  World world(team_files());
  world.fire("rejected");
  CHECK(world.phone("room").next_of(MessageKind::advice, "rejected").manual_url ==
        "https://manual.example.com/config");
  world.phone("other-room").next_of(MessageKind::advice, "rejected");
  world.advance(24h);
  for (const char* who : {"ada", "linus", "room", "other-room"}) world.phone(who).silent();
  CHECK(world.incident().incident.decision->outcome == Outcome::advise);
  world.resolve("rejected");
  CHECK(world.incident().incident.state == engine::IncidentState::resolved);
  world.phone("room").silent();
}

TEST_CASE("advice that a room's provider does not take now is given later") {
  World world(team_files());
  world.phone("room").answers({Attempt::retry_later("503")});
  world.fire("rejected");
  world.phone("room").silent();
  world.advance(1min);
  world.phone("room").next_of(MessageKind::advice, "rejected");
}

TEST_CASE("a page carries its runbook and the room hears nothing") {
  World world(team_files());
  world.fire("disk");
  const auto page = world.phone("ada").expects("disk");
  CHECK(page.runbook_title == "The disk is full");
  CHECK(page.runbook_url == "https://playbooks.example.com/disk");
  world.phone("room").silent();
}

TEST_CASE("with no runbook the team's room hears that nobody has a procedure for this") {
  World world(team_files());
  world.fire("strange", {{"team", "cdp"}});
  world.phone("ada").expects("strange");
  world.phone("room").next_of(MessageKind::no_procedure, "strange");
  world.advance(24h);
  world.phone("room").silent();
}

TEST_CASE("an alert that only waits tells the room nothing until somebody is paged") {
  World world(team_files());
  world.fire("flappy");
  world.advance(1min);
  world.phone("room").silent();
  world.advance(1min);
  world.phone("room").next_of(MessageKind::no_procedure, "flappy");
}

TEST_CASE("a graver alert starts the escalation anew and its page has another id") {
  World world(team_files());
  world.fire("strange", {{"team", "cdp"}, {"severity", "warning"}, {"instance", "1"}});
  const auto first = world.phone("ada").expects("strange");
  CHECK(first.severity == Severity::warning);
  world.advance(1min);
  world.fire("strange", {{"team", "cdp"}, {"severity", "critical"}, {"instance", "2"}});
  const auto second = world.phone("ada").expects("strange");
  CHECK(second.severity == Severity::critical);
  CHECK(second.id != first.id);
  CHECK(second.incident == first.incident);
  world.advance(4min + 59s);
  world.phone("linus").silent();
  world.advance(1s);
  world.phone("linus").expects("strange");
}

TEST_CASE("a milder alert that joins pages nobody again") {
  World world(team_files());
  world.fire("strange", {{"team", "cdp"}, {"severity", "critical"}, {"instance", "1"}});
  world.phone("ada").expects("strange");
  world.fire("strange", {{"team", "cdp"}, {"severity", "warning"}, {"instance", "2"}});
  world.phone("ada").silent();
}

TEST_CASE("a graver alert after an acknowledgement is noted and pages nobody") {
  World world(team_files());
  world.fire("strange", {{"team", "cdp"}, {"severity", "warning"}, {"instance", "1"}});
  world.phone("ada").expects("strange");
  world.acknowledge(world.incident(), "ada");
  world.fire("strange", {{"team", "cdp"}, {"severity", "critical"}, {"instance", "2"}});
  world.advance(24h);
  world.phone("ada").silent();
  CHECK(world.incident().incident.decision->severity == Severity::critical);
}

TEST_CASE("an alert that pages at once does not wait with another that must go on firing") {
  auto files = team_files();
  std::string& rules = files.back().text;
  const std::string patient = "matchers: ['alertname=\"flappy\"'], after: 2m";
  rules.replace(rules.find(patient), patient.size(),
                "matchers: ['alertname=\"strange\"', 'severity=\"warning\"'], after: 1h");
  World world(files);
  world.fire("strange", {{"team", "cdp"}, {"severity", "warning"}});
  world.phone("ada").silent();
  world.fire("strange", {{"team", "cdp"}, {"severity", "critical"}});
  world.phone("ada").expects("strange");
}

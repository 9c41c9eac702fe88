// What people are told about being on call: hand-overs, changes, gaps and tests of their contacts.
// These belong to no incident, and reach people as pages do.
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

const std::string kService = R"(
integrations:
  - {name: prometheus, source: prometheus, key: prometheus-key-0123456789, group_by: [alertname]}
channels:
  - {name: phone, type: log}
  - {name: mail, type: log}
  - {name: room, type: log}
people:
  - {name: ada, contacts: {phone: ada, mail: ada-mail}, notify: [{channel: phone}, {after: 5m, channel: mail}]}
  - {name: bob, contacts: {phone: bob}}
  - {name: eve, contacts: {phone: eve}}
  - {name: linus, contacts: {phone: linus}}
default: {page: fallback}
policies:
  - {name: fallback, steps: [{page: [{person: linus}], wait: 5m}]}
)";

// The world begins on Sunday 2026-11-22 at 01:52 in UTC; bob is on call until 10:00, ada then.
const std::string kTeam = R"(
team: cdp
channel: room
rotas:
  - {name: primary, time_zone: UTC, people: [ada, bob], rotation: {every: 1d, handover: "10:00", start: 2026-11-20}}
policies:
  - {name: cdp, steps: [{page: [{rota: primary}], wait: 5m}]}
rules:
  - {name: ours, matchers: ['alertname=~"db-.*"'], severity: critical, page: cdp}
)";

std::vector<settings::File> files(const std::string& team = kTeam,
                                  const std::string& service = kService) {
  return {{"tocsin.yaml", service}, {"teams/cdp.yaml", team}};
}

std::string changed(std::string yaml, const std::string& from, const std::string& to) {
  const std::size_t place = yaml.find(from);
  REQUIRE(place != std::string::npos);
  return yaml.replace(place, from.size(), to);
}

constexpr auto kOnCall = MessageKind::on_call;
constexpr auto kTest = MessageKind::contact_test;

}  // namespace

TEST_CASE("at a hand-over one person hears until when they are on call and the other who is now") {
  World world(files());
  world.advance(8h);
  world.phone("ada").silent();
  world.advance(10min);
  const auto on =
      world.phone("ada").next_of(kOnCall, "You are on call for primary until Mon 2026-11-23 10:00");
  CHECK(on.team == "cdp");
  CHECK(on.incident.empty());
  CHECK(on.acknowledge_url.empty());
  const auto off = world.phone("bob").next_of(kOnCall, "You are not on call for primary any more");
  CHECK(off.why.find("ada is on call now") != std::string::npos);
  world.advance(12h);
  world.phone("ada").silent();
  world.phone("bob").silent();
  CHECK(world.incidents().empty());
}

TEST_CASE("a hand-over is told once over crashes and restarts from a snapshot") {
  World world(files());
  world.hold_attempts = true;
  world.advance(8h + 10min);
  world.crash();  // in the middle of the attempts
  world.hold_attempts = false;
  world.advance(1min);
  world.phone("ada").next_of(kOnCall, "You are on call");
  world.phone("bob").next_of(kOnCall, "any more");
  for (int i = 0; i < 3; ++i) {
    world.crash();
    world.advance(1min);
    world.crash_and_restore(world.snapshots());
    world.advance(1min);
  }
  world.phone("ada").silent();
  world.phone("bob").silent();
}

TEST_CASE("a hand-over during a short absence is told at the start and an old one is not") {
  for (const bool old : {false, true}) {
    World world(files());
    world.advance(8h);
    world.clock.advance(old ? 2h : 12min);
    world.crash();
    world.advance(2min);
    CHECK(world.phone("ada").waiting() == (old ? 0 : 1));
  }
}

TEST_CASE("a notice goes by the next contact when the first does not work and not by both") {
  World world(files());
  world.phone("ada").answers({Attempt::rejected("gone")});
  world.advance(9h);
  world.phone("ada-mail").next_of(kOnCall, "You are on call");
  world.phone("ada").silent();
  world.advance(24h);  // she goes off
  world.phone("ada").next_of(kOnCall, "any more");
  world.phone("ada-mail").silent();
}

TEST_CASE(
    "a provider that is away for a while gets the notice when it is back and not a day later") {
  World world(files());
  world.phone("bob").always(Attempt::retry_later("503"));
  world.advance(8h + 30min);
  world.phone("bob").always(std::nullopt);
  world.advance(2min);
  world.phone("bob").next_of(kOnCall, "any more");
  world.phone("bob").always(Attempt::retry_later("503"));
  world.advance(26h);
  world.phone("bob").always(std::nullopt);
  world.advance(1h);
  world.phone("bob").silent();
}

TEST_CASE("a hand-over in somebody's quiet hours is told when these are over") {
  World world(files(kTeam, changed(kService, "{name: bob, contacts: {phone: bob}}",
                                   "{name: bob, contacts: {phone: bob}, time_zone: UTC, "
                                   "quiet_hours: {hours: \"09:00-12:00\"}}")));
  world.advance(8h + 10min);
  world.phone("ada").next_of(kOnCall, "You are on call");
  world.phone("bob").silent();
  world.advance(2h);
  world.phone("bob").next_of(kOnCall, "any more");
}

TEST_CASE("an override from now on is a hand-over and it pages whoever it names") {
  World world(files());
  world.advance(1min);
  world.override("primary", "eve", 0min, 2h);
  world.phone("eve").next_of(kOnCall, "You are on call for primary until Sun 2026-11-22 03:53");
  world.phone("bob").next_of(kOnCall, "any more");
  world.advance(2h + 1min);  // it is looked at on the minute
  world.phone("bob").next_of(kOnCall, "You are on call for primary until Sun 2026-11-22 10:00");
  world.phone("eve").next_of(kOnCall, "any more");
}

TEST_CASE("an override for later is told at once to both and again when it begins") {
  World world(files());
  const OverrideId id = world.override("primary", "eve", 24h, 2h);
  world.phone("eve").next_of(kOnCall, "You are on call for primary from Mon 2026-11-23 01:52");
  CHECK(world.phone("ada").next_of(kOnCall, "You are not on call").why.find("by boss: swapped") !=
        std::string::npos);
  world.end_override(id, "eve");
  world.phone("ada").next_of(kOnCall, "after all");
  world.phone("eve").silent();  // she did it herself
}

TEST_CASE("shifts that a reload changes are told to those whose they are") {
  World world(files());
  world.advance(1min);
  world.reload(files(changed(kTeam, "people: [ada, bob]", "people: [ada, bob, eve]")));
  for (const char* person : {"ada", "bob", "eve"})
    world.phone(person).next_of(kOnCall, "Your shifts in primary have changed");
  world.reload(files(changed(kTeam, "people: [ada, bob]", "people: [ada, bob, eve]")));
  world.advance(5min);
  for (const char* person : {"ada", "bob", "eve"}) world.phone(person).silent();
}

TEST_CASE("a gap is told to the team's channel a day ahead and once") {
  const std::string away = "leave: [{from: 2026-11-24T10:00, until: 2026-11-24T12:00}]";
  std::string service =
      changed(kService, "{phone: bob}}", "{phone: bob}, time_zone: UTC, " + away + "}");
  service = changed(service, "{name: ada, ", "{name: ada, time_zone: UTC, " + away + ", ");
  World world(files(kTeam, service));
  world.advance(32h);
  world.phone("room").silent();
  world.advance(10min);
  world.phone("room").next_of(kOnCall,
                              "Nobody will be on call for primary from Tue 2026-11-24 "
                              "10:00 until Tue 2026-11-24 12:00 UTC");
  world.crash();
  world.advance(30h);
  world.phone("room").silent();
}

TEST_CASE("a person who wants no notices gets none and is paged all the same") {
  World world(files(kTeam, changed(kService, "{phone: bob}}", "{phone: bob}, notices: false}")));
  world.advance(9h);
  world.phone("bob").silent();
  world.phone("ada").next_of(kOnCall, "You are on call");
}

TEST_CASE("a page is paged while notices cannot be delivered") {
  World world(files());
  world.phone("ada").answers({Attempt::retry_later("503"), Attempt::retry_later("503")});
  world.advance(8h + 8min);
  world.fire("unclaimed");
  world.phone("linus").expects("unclaimed");
}

TEST_CASE("a test goes to every contact and each says for itself whether it works") {
  World world(files());
  world.phone("ada-mail").always(Attempt::rejected("no such mailbox"));
  const NoticeId id = world.test_contacts("ada");
  const auto test = world.phone("ada").next_of(kTest, "Does this message reach you, ada?");
  CHECK(test.contact.person == "ada");
  world.phone("bob").silent();
  const auto notice = world.state().find_notice(id);
  REQUIRE(notice);
  REQUIRE(notice->messages.size() == 2);
  CHECK(notice->messages[0].status == engine::MessageStatus::accepted);
  CHECK(notice->messages[1].status == engine::MessageStatus::rejected);
  CHECK(notice->messages[1].detail == "no such mailbox");
  world.crash();
  world.advance(5min);
  world.phone("ada").silent();
  CHECK(world.state().find_notice(id)->messages == notice->messages);
}

TEST_CASE("overrides hold over a crash and after the journal's beginning is gone") {
  const std::string kept = kService + "journal: {retention: 1d}\n";
  World world(files(kTeam, kept), 16);
  world.override("primary", "eve", 0min, 5 * 24h);
  world.crash();
  for (int day = 0; day < 4; ++day)
    for (int part = 0; part < 6; ++part) {
      const std::string name = "passing" + std::to_string(day * 6 + part);
      world.fire(name);
      world.resolve(name);
      world.advance(4h);
    }
  CHECK(world.journal->first(0) > 1);
  world.crash();
  const auto& facts = world.state().partition(0).facts;
  CHECK(facts.overrides.at("primary").front().person == "eve");
  const oncall::Overrides overrides = world.state().overrides();
  const auto configuration = world.owner().configuration();
  CHECK(oncall::on_call({configuration->rotas, configuration->directory, overrides}, "primary",
                        world.clock.now().wall)
            .person == "eve");
}

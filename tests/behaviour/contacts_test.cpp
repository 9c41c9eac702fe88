// People with several contacts, contacts that do not work, and targets that are gone.
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

std::string changed(std::string yaml, const std::string& from, const std::string& to) {
  const std::size_t at = yaml.find(from);
  REQUIRE(at != std::string::npos);
  return yaml.replace(at, from.size(), to);
}

const std::string kAda = "{name: ada, contacts: {phone: ada}}";

}  // namespace

TEST_CASE("a contact that did not work in one step hurries nobody in the next") {
  std::string yaml = changed(kPlainSettings, kAda,
                             "{name: ada, contacts: {phone: ada}, notify: [{after: 1m, channel: "
                             "phone}]}");
  yaml =
      changed(yaml, "{page: [{person: ada}, {person: bob}], wait: 10m}", "{page: [{person: ada}]}");
  yaml = changed(yaml, "{page: [{channel: room}], wait: 10m}", "{page: [{person: ada}]}");
  yaml = changed(yaml, "{page: [{person: linus}], wait: 5m}", "{page: [{person: ada}]}");
  World world(yaml);
  world.phone("ada").always(Attempt::rejected("gone"));
  world.fire("db-down");
  // Three steps, two rounds, and the default policy: each waits for its own minute.
  for (std::size_t step = 1; step <= 7; ++step) {
    INFO("step " << step);
    world.advance(59s);
    CHECK(world.phone("ada").attempts() == step - 1);
    world.advance(1s);
    CHECK(world.phone("ada").attempts() == step);
  }
}

TEST_CASE("a person's contacts are tried in their order when one after the other does not work") {
  World world(
      changed(kPlainSettings, kAda,
              "{name: ada, contacts: {phone: ada, mail: ada-mail, room: ada-room}, notify: "
              "[{channel: phone}, {after: 2m, channel: mail}, {after: 3m, channel: room}]}"));
  world.phone("ada").always(Attempt::rejected("gone"));
  world.fire("db-down");
  world.phone("ada-mail").expects("db-down");
  world.advance(2min + 59s);
  world.phone("ada-room").silent();
  world.advance(1s);
  world.phone("ada-room").expects("db-down");
}

TEST_CASE("a channel that is gone since a reload does not work and the next step comes at once") {
  World world;
  world.hold_attempts = true;
  world.fire("db-down");
  std::string without = changed(kPlainSettings, "  - {name: phone, type: log}\n", "");
  for (const char* who : {"ada", "bob", "linus"})
    without = changed(without, std::string("{phone: ") + who, std::string("{mail: ") + who);
  world.reload(without);
  world.hold_attempts = false;
  world.settle();
  world.phone("ada").expects("db-down");
  world.phone("bob").expects("db-down");
  CHECK(world.incident().incident.messages.front().status == engine::MessageStatus::rejected);
}

TEST_CASE("a step whose target is gone since a reload is passed over and its policy goes on") {
  World world;
  world.fire("db-down");
  world.reload(changed(changed(kPlainSettings, "  - {name: room, type: log}\n", ""),
                       "      - {page: [{channel: room}], wait: 10m}\n", ""));
  world.advance(5min);
  world.phone("ada").forget();
  world.phone("bob").forget();
  world.advance(10min);
  world.phone("ada").expects("db-down");
  world.phone("linus").silent();
  CHECK(world.incident().incident.escalation.round == 1);
  for (const auto& message : world.incident().incident.messages)
    CHECK(message.contact.channel != "room");
}

TEST_CASE("an incident of which everybody is gone since a reload pages the default of today") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  std::string yaml = kPlainSettings;
  for (const char* who : {"ada", "bob", "linus"})
    for (std::size_t at = yaml.find(who); at != std::string::npos; at = yaml.find(who, at))
      yaml.replace(at, std::string(who).size(), "eve");
  yaml = changed(yaml, "  - {name: eve, contacts: {phone: eve}}\n", "");
  yaml = changed(yaml, "  - {name: eve, contacts: {phone: eve}}\n", "");
  yaml = changed(yaml, "{person: eve}, {person: eve}", "{person: eve}");
  yaml = changed(yaml, "  - {name: room, type: log}\n", "");
  yaml = changed(yaml, "      - {page: [{channel: room}], wait: 10m}\n", "");
  world.reload(yaml);
  world.advance(5min);
  world.phone("eve").expects("db-down");
  world.advance(1h);
  CHECK(world.phone("eve").waiting() >= 2);
}

TEST_CASE("a person who is named twice in a step is paged once") {
  World world(changed(kPlainSettings, "{page: [{person: ada}], wait: 5m}",
                      "{page: [{person: ada}, {person: ada}], wait: 5m}"));
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.phone("ada").silent();
}

TEST_CASE("a room that hears of an incident does not keep a step alive whose people are gone") {
  const std::string yaml = kPlainSettings;
  World world(std::vector<settings::File>{{"tocsin.yaml", yaml.substr(0, yaml.find("rules:"))},
                                          {"teams/cdp.yaml",
                                           "team: cdp\nchannel: room\nrules:\n  - {name: ours, "
                                           "matchers: ['alertname=~\"db-.*\"'], page: "
                                           "escalating}\n"}});
  world.phone("ada").always(Attempt::rejected("gone"));
  world.fire("db-down");
  world.phone("room").next_of(MessageKind::no_procedure, "db-down");
  world.phone("bob").expects("db-down");
}

TEST_CASE(
    "what waits or is to be tried again is withdrawn when somebody acknowledges or resolves") {
  for (const bool fails : {false, true})
    for (const bool resolve : {false, true}) {
      World world(changed(kPlainSettings, kAda,
                          "{name: ada, contacts: {phone: ada, mail: ada-mail}, notify: [{channel: "
                          "phone}, {after: 2m, channel: mail}]}"));
      for (const char* contact : {"ada", "ada-mail"})
        if (fails) world.phone(contact).always(Attempt::retry_later("503"));
      world.fire("db-down");
      resolve ? world.resolve_by_hand(world.incident(), "bob")
              : world.acknowledge(world.incident(), "bob");
      std::vector<engine::MessageStatus> pages;
      for (const auto& message : world.incident().incident.messages)
        if (message.kind == MessageKind::page) pages.push_back(message.status);
      const auto phone = fails ? engine::MessageStatus::withdrawn : engine::MessageStatus::accepted;
      CHECK(pages == std::vector{phone, engine::MessageStatus::withdrawn});
    }
}

#include <set>

#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

std::string with_two_contacts() {
  std::string yaml = kPlainSettings;
  const std::string plain = "{name: ada, contacts: {phone: ada}}";
  yaml.replace(yaml.find(plain), plain.size(),
               "{name: ada, contacts: {phone: ada, mail: ada-mail}, notify: [{channel: phone}, "
               "{after: 2m, channel: mail}]}");
  return yaml;
}

}  // namespace

TEST_CASE(
    "a page that its provider does not take now is tried again with the same id until it is "
    "taken") {
  World world;
  world.phone("ada").always(Attempt::retry_later("503"));
  world.fire("db-down");
  world.advance(90s);
  CHECK(world.phone("ada").attempts() >= 5);
  world.phone("ada").always(std::nullopt);
  world.advance(1min);
  const auto page = world.phone("ada").expects("db-down");
  CHECK(page.why.find("attempt ") != std::string::npos);
  world.phone("ada").silent();
}

TEST_CASE("Retry-After is obeyed") {
  World world;
  world.phone("ada").answers({Attempt::retry_later("429", 50s)});
  world.fire("db-down");
  world.advance(49s);
  CHECK(world.phone("ada").attempts() == 1);
  world.advance(1s);
  world.phone("ada").expects("db-down");
}

TEST_CASE("a person's second contact comes after its time") {
  World world(with_two_contacts());
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(1min + 59s);
  world.phone("ada-mail").silent();
  world.advance(1s);
  world.phone("ada-mail").expects("db-down");
}

TEST_CASE("a contact that does not work means the person's next contact at once") {
  World world(with_two_contacts());
  world.phone("ada").always(Attempt::rejected("no such number"));
  world.fire("db-down");
  world.phone("ada-mail").expects("db-down");
}

TEST_CASE("a step of which no contact works means the next step at once") {
  World world;
  world.phone("ada").always(Attempt::rejected("no such number"));
  world.fire("db-down");
  world.phone("bob").expects("db-down");
  world.phone("room").silent();
}

TEST_CASE(
    "with every contact of every policy dead tocsin goes on trying every fifteen minutes and no "
    "faster") {
  World world;
  for (const char* who : {"ada", "bob", "room", "linus"})
    world.phone(who).always(Attempt::rejected("gone"));
  world.fire("db-down");
  const std::size_t at_first = world.phone("linus").attempts();
  CHECK(at_first == 1);
  world.advance(1h);
  CHECK(world.phone("linus").attempts() == at_first + 4);
}

TEST_CASE("one dead channel delays nobody on another") {
  World world;
  world.hold_attempts = true;
  world.fire("db-down");
  world.fire("something-new");
  REQUIRE(world.runner.waiting() == 2);
  world.hold_attempts = false;
  world.phone("ada").always(Attempt::retry_later("time-out"));
  world.settle();
  world.phone("linus").expects("something-new");
}

TEST_CASE("a crash between acceptance and page loses neither") {
  World world;
  world.hold_attempts = true;
  CHECK(world.fire("db-down") == 200);
  world.hold_attempts = false;
  world.crash();
  world.phone("ada").expects("db-down");
  world.phone("ada").silent();
}

TEST_CASE("a crash between a page and its record sends it once more with the same id") {
  World world;
  world.hold_attempts = true;
  world.fire("db-down");
  world.journal->hold();
  world.runner.run_one();
  const auto first = world.phone("ada").expects("db-down");
  world.journal->fail_next(journal::Appended::Outcome::unknown);
  world.journal->release();
  world.hold_attempts = false;
  world.crash();
  const auto second = world.phone("ada").expects("db-down");
  CHECK(first.id == second.id);
  world.phone("ada").silent();
}

TEST_CASE("a crash after everything was recorded repeats nothing") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.crash();
  world.advance(4min);
  world.phone("ada").silent();
}

TEST_CASE("an escalation goes on through a reboot neither early nor from its beginning") {
  World world;
  world.fire("db-down");
  world.phone("ada").forget();
  world.advance(3min);
  world.clock.reboot();
  world.crash();
  world.advance(1min + 59s);
  world.phone("bob").silent();
  world.advance(1s);
  world.phone("bob").expects("db-down");
}

TEST_CASE("a wall clock that is stepped moves no step") {
  for (const Duration by :
       {Duration(1h), Duration(-1h), Duration(24h), Duration(-24h), Duration(-24h * 365 * 56)}) {
    World world;
    world.fire("db-down");
    world.advance(1min);
    world.clock.step_wall(by);
    world.advance(3min + 59s);
    world.phone("bob").silent();
    world.advance(1s);
    world.phone("bob").expects("db-down");
  }
}

TEST_CASE("an alert is answered 503 and pages nobody when the journal cannot take it") {
  World world;
  world.journal->fail_next(journal::Appended::Outcome::refused);
  CHECK(world.fire("db-down") == 503);
  world.phone("ada").silent();
  CHECK(world.fire("db-down") == 200);
  world.phone("ada").expects("db-down");
}

TEST_CASE("a turn that could not be stored is decided again and pages once") {
  World world;
  world.journal->hold();
  int status = 0;
  status = world.fire("db-down");
  CHECK(status == 0);
  world.journal->fail_next(journal::Appended::Outcome::durable);
  world.journal->fail_next(journal::Appended::Outcome::refused);
  world.journal->release();
  world.advance(1s);
  world.phone("ada").expects("db-down");
  world.phone("ada").silent();
}

TEST_CASE("a result that could not be stored is offered again so that the page is not repeated") {
  World world;
  world.hold_attempts = true;
  world.fire("db-down");
  world.journal->fail_next(journal::Appended::Outcome::refused);
  world.runner.run_one();
  world.phone("ada").expects("db-down");
  world.hold_attempts = false;
  world.settle();
  world.crash();
  world.advance(2min);
  world.phone("ada").silent();
}

TEST_CASE("two hundred alerts accepted and killed at once give two hundred pages") {
  World world;
  world.hold_attempts = true;
  for (int i = 0; i < 200; ++i) REQUIRE(world.fire("db-" + std::to_string(i)) == 200);
  world.hold_attempts = false;
  world.crash();
  CHECK(world.phone("ada").waiting() == 200);
  std::set<std::string> ids;
  for (int i = 0; i < 200; ++i) ids.insert(world.phone("ada").expects("db-").id.text);
  CHECK(ids.size() == 200);
}

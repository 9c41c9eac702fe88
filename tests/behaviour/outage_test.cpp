// Providers, lanes, the journal and the machine itself away for a while: nothing is lost, and what
// comes afterwards is the present.
#include "router/engine/reach.hpp"
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

std::size_t unfinished(const World& world) {
  std::size_t count = 0;
  for (const auto& message : world.incident().incident.messages) count += !message.is_final();
  return count;
}

}  // namespace

TEST_CASE("a provider that was away for a day tells of an incident once when it is back") {
  World world;
  world.phone("linus").always(Attempt::retry_later("503"));
  world.fire("something-new");
  world.advance(24h + 5min);  // not just when the default policy begins again
  CHECK(unfinished(world) <= 2);
  world.phone("linus").always(std::nullopt);
  world.advance(2min);
  world.phone("linus").expects("something-new");
  world.phone("linus").silent();
}

TEST_CASE("an earlier page is tried until a later one to the same contact begins") {
  World world;
  world.phone("ada").always(Attempt::retry_later("503"));
  world.fire("db-down");
  world.advance(engine::kNobodyReached - 1s);
  const auto first = world.incident().incident.messages.front();
  CHECK(first.status == engine::MessageStatus::retrying);
  CHECK(first.attempt >= 6);
  world.advance(1s);
  CHECK(world.incident().incident.messages.front().status == engine::MessageStatus::withdrawn);
  world.phone("bob").expects("db-down");
  world.phone("ada").always(std::nullopt);
  world.advance(2s);
  world.phone("ada").expects("db-down");
  world.phone("ada").silent();
}

TEST_CASE("the word that it is over is tried for an hour and not for ever") {
  World world;
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.phone("ada").always(Attempt::retry_later("503"));
  world.resolve("db-down");
  world.advance(30min);
  CHECK(unfinished(world) == 1);
  world.advance(24h);
  CHECK(unfinished(world) == 0);
  world.phone("ada").always(std::nullopt);
  world.advance(1h);
  world.phone("ada").silent();
}

TEST_CASE("after an outage one page comes for an incident that is still open and no step twice") {
  World world;
  world.hold_attempts = true;
  world.fire("db-down");
  world.clock.advance(40min);
  world.hold_attempts = false;
  world.crash();
  world.phone("ada").expects("db-down");
  world.phone("bob").expects("db-down");
  for (const char* who : {"ada", "bob", "room", "linus"}) world.phone(who).silent();
}

TEST_CASE("a page that arrived is not sent again while the journal is away and when it is back") {
  World world;
  world.hold_attempts = true;
  world.fire("db-down");
  world.journal->break_down("no space left");
  world.hold_attempts = false;
  world.settle();
  world.phone("ada").expects("db-down");
  world.advance(3min);
  world.journal->mend();
  world.advance(90s);
  world.phone("ada").silent();
  CHECK(world.incident().incident.messages.front().status == engine::MessageStatus::accepted);
}

TEST_CASE("an attempt of which nothing is heard is made again after a minute with the same id") {
  World world;
  world.hold_attempts = true;
  world.fire("db-down");
  REQUIRE(world.runner.waiting() == 1);
  const MessageId id = world.incident().incident.messages.front().id;
  world.runner.drop_all();
  world.hold_attempts = false;
  world.advance(59s);
  world.phone("ada").silent();
  world.advance(1s);
  CHECK(world.phone("ada").expects("db-down").id == id);
  world.advance(3min);
  world.phone("ada").silent();
}

TEST_CASE("a job that waited too long in its lane is not begun and the page comes all the same") {
  World world;
  world.hold_attempts = true;
  world.fire("db-down");
  world.advance(45s);
  REQUIRE(world.runner.run_one());
  world.phone("ada").silent();
  world.hold_attempts = false;
  world.advance(15s);
  world.phone("ada").expects("db-down");
  world.advance(3min);
  world.phone("ada").silent();
}

TEST_CASE("a lane that is full delays a page and does not lose it") {
  World world;
  world.runner.full = true;
  world.fire("db-down");
  world.advance(500ms);
  CHECK(world.incident().incident.messages.front().detail.find("too many messages wait") !=
        std::string::npos);
  world.runner.full = false;
  world.advance(5s);
  world.phone("ada").expects("db-down");
  world.phone("ada").silent();
}

TEST_CASE("whoever may have been paged when a result was lost hears that it is over") {
  World world;
  world.hold_attempts = true;
  world.fire("db-down");
  world.runner.drop_all();
  world.resolve("db-down");
  world.hold_attempts = false;
  world.advance(59s);
  world.phone("ada").silent();
  world.advance(1s);
  world.phone("ada").expects_resolved("db-down");
  world.advance(1h);
  world.phone("ada").silent();
}

TEST_CASE("a page under way when its incident ends is followed by the word that it is over") {
  World world;
  world.hold_attempts = true;
  world.fire("db-down");
  world.journal->hold();
  world.runner.run_one();
  world.phone("ada").expects("db-down");
  world.resolve("db-down");
  world.hold_attempts = false;
  world.journal->release();
  world.settle();
  world.phone("ada").expects_resolved("db-down");
  world.advance(1h);
  world.phone("ada").silent();
}

TEST_CASE("a turn that the disk damaged is decided again") {
  World world;
  int commits = 0;
  journal::MemoryJournal& journal = *world.journal;
  journal.on_commit([&] {
    if (++commits == 2) journal.spoil(2);
  });
  CHECK(world.fire("db-down") == 200);
  REQUIRE(commits >= 2);
  world.advance(1s);
  world.phone("ada").expects("db-down");
  world.phone("ada").silent();
}

TEST_CASE("an alert that was sent again and again while nobody decided is not taken for over") {
  World world;
  world.decide = [](auto&&...) -> std::optional<Turn> { return std::nullopt; };
  world.crash();
  for (int i = 0; i < 20; ++i) {
    world.fire("db-down", {}, {{"summary", "for " + std::to_string(i) + " minutes"}});
    world.advance(1min);
  }
  world.decide = {};
  world.crash();
  world.advance(2min);
  const auto incident = world.incident();
  CHECK(incident.incident.state == engine::IncidentState::open);
  CHECK(incident.alerts.at(0).count == 20);
  CHECK(incident.alerts.at(0).alert.annotations.get("summary") == "for 19 minutes");
  world.phone("ada").expects("db-down");
  world.phone("ada").silent();
}

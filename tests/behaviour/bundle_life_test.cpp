// Bundles and what happens meanwhile: acknowledgements, restarts, drills, a person's own limit.
#include "router/engine/bundle.hpp"
#include "tests/behaviour/storms.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

TEST_CASE("what joins while a bundle is under way is in the next one") {
  StormWorld world;
  world.storm(30);
  CHECK(world.pages("ada") == kLimit);
  world.advance(kPer - 1s);
  world.hold_attempts = true;
  world.advance(1s);
  REQUIRE(world.runner.waiting() == 1);
  world.storm(5, 100);
  REQUIRE(world.runner.waiting() == 1 + 5);  // the minute is over, so these go by themselves
  world.storm(20, 200);
  world.hold_attempts = false;
  world.settle();
  CHECK(world.phone("ada").next_of(MessageKind::bundle, "at once").bundled_in_all == 20);
  const std::size_t alone = world.pages("ada");
  CHECK(alone == kLimit - 1);
  world.advance(kPer);
  CHECK(world.phone("ada").next_of(MessageKind::bundle, "at once").bundled_in_all == 25 - alone);
  world.phone("ada").silent();
  CHECK(world.count("ada", engine::MessageStatus::accepted) == 55);
}

TEST_CASE("an acknowledgement while a bundle waits for its channel takes that incident out of it") {
  StormWorld world;
  world.storm(13);
  CHECK(world.pages("ada") == kLimit);
  world.hold_attempts = true;
  world.advance(kPer);
  REQUIRE(world.runner.waiting() == 1);
  for (const auto& view : world.all())
    if (view.incident.messages.front().status == engine::MessageStatus::bundled) {
      world.acknowledge(view, "bob");
      break;
    }
  world.hold_attempts = false;
  world.settle();
  CHECK(world.phone("ada").next_of(MessageKind::bundle, "at once").bundled_in_all == 2);
}

TEST_CASE("a restart in the middle of a storm loses nothing and tells nothing twice") {
  for (const bool snapshot : {false, true}) {
    StormWorld world;
    world.storm(100);
    CHECK(world.pages("ada") == kLimit);
    world.advance(30s);
    if (snapshot)
      world.crash_and_restore(world.snapshots());
    else
      world.crash();
    world.storm(10, 500);
    world.phone("ada").silent();  // the minute is not over
    world.advance(29s);
    world.phone("ada").silent();
    world.advance(1s);
    world.phone("ada").next_of(MessageKind::bundle, "100 incidents at once");
    world.advance(1min);
    world.phone("ada").silent();
    CHECK(world.count("ada", engine::MessageStatus::accepted) == 110);
  }
}

TEST_CASE("a process that dies with a bundle under way sends it once more with the same id") {
  StormWorld world;
  world.storm(100);
  CHECK(world.pages("ada") == kLimit);
  world.hold_attempts = true;
  world.advance(kPer);
  REQUIRE(world.runner.waiting() == 1);
  MessageId id;
  world.on_delivery = [&](const std::string& who, const connectors::Notification& n) {
    if (who != "ada" || n.kind != MessageKind::bundle) return;
    CHECK((id.empty() || id == n.id));
    id = n.id;
  };
  world.journal->hold();
  world.runner.run_one();
  world.phone("ada").next_of(MessageKind::bundle, "90 incidents at once");
  world.journal->fail_next(journal::Appended::Outcome::unknown);
  world.journal->release();
  world.hold_attempts = false;
  world.crash();
  world.phone("ada").next_of(MessageKind::bundle, "90 incidents at once");
  world.advance(1min);
  world.phone("ada").silent();
  CHECK(world.count("ada", engine::MessageStatus::accepted) == 100);
}

TEST_CASE("a person's own limit holds for its own time while the escalation goes on by its waits") {
  StormWorld world;
  world.change_people([](oncall::Directory& directory) {
    directory.people.at("ada").limit = {3, 10min};
  });
  world.storm(20);
  CHECK(world.pages("ada") == 3);
  world.advance(10min - 1s);
  world.phone("ada").silent();
  world.advance(1s);
  world.phone("ada").next_of(MessageKind::bundle, "17 incidents at once");
  world.advance(50min);
  CHECK(world.pages("bob") == kLimit);  // step 2, however much ada was spared
  world.advance(1min);
  world.phone("bob").next_of(MessageKind::bundle, "10 incidents at once");
}

TEST_CASE("what has no limit gets every page by itself") {
  StormWorld world;
  world.change_people(
      [](oncall::Directory& directory) { directory.people.at("ada").limit = oncall::kNoLimit; });
  world.storm(1'500);
  CHECK(world.pages("ada") == 1'500);
  world.storm(10, 2'000);
  CHECK(world.pages("ada") == 10);
}

TEST_CASE("pages that waited for the morning come as a few and a bundle") {
  StormWorld world;
  world.change_people([](oncall::Directory& directory) {
    Schedule night;
    night.from_minute = 22 * 60;
    night.until_minute = 7 * 60;
    directory.people.at("ada").quiet_hours = {night};
  });
  world.storm(60);
  world.phone("ada").silent();
  world.advance(*parse_rfc3339("2026-11-22T07:00:00Z") - world.clock.now().wall);
  CHECK(world.pages("ada") == kLimit);
  world.advance(kPer);
  world.phone("ada").next_of(MessageKind::bundle, "50 incidents at once");
}

TEST_CASE("a storm in a drill holds nothing of production's and its bundle is marked") {
  std::string team = kGamedayTeam;
  const std::string ours = "severity: critical, impact: Nobody can log in";
  team.replace(team.find(ours), ours.size(), "severity: error");
  const std::string ada = "{page: [{person: ada}], wait: 5m}";
  team.replace(team.find(ada), ada.size(), "{page: [{person: pia}], wait: 5m}");
  GamedayWorld world(team);
  REQUIRE(world.gameday_on("drill").empty());
  for (int i = 0; i < 20; ++i) world.fire_tagged("cpu-" + std::to_string(i));
  CHECK(world.phone("pia").waiting() == kLimit);
  world.phone("pia").forget();
  // Pia is production's as well: the drill has used up nothing of hers in earnest. It pauses, and
  // of a drill that has paused nothing is told any more but that.
  world.as_production();
  world.fire("cpu-real");
  world.phone("pia").expects("cpu-real");
  world.phone("pia").forget();
  world.advance(2min);
  world.phone("pia").silent();

  GamedayWorld calm(team);
  REQUIRE(calm.gameday_on("drill").empty());
  for (int i = 0; i < 20; ++i) calm.fire_tagged("cpu-" + std::to_string(i));
  calm.phone("pia").forget();
  calm.advance(kPer);
  const auto bundle =
      calm.phone("pia").next_of(MessageKind::bundle, "[GAMEDAY drill] 10 incidents at once");
  CHECK(bundle.mark == "[GAMEDAY drill]");
  for (const auto& each : bundle.bundled) CHECK(each.title.starts_with("[GAMEDAY drill] "));
}

TEST_CASE("a set that is turned off while its bundle waits is silent") {
  std::string team = kGamedayTeam;
  const std::string ours = "severity: critical, impact: Nobody can log in";
  team.replace(team.find(ours), ours.size(), "severity: error");
  GamedayWorld world(team);
  REQUIRE(world.gameday_on("drill").empty());
  for (int i = 0; i < 20; ++i) world.fire_tagged("cpu-" + std::to_string(i));
  world.phone("pia").forget();
  REQUIRE(world.gameday_off("drill").empty());
  world.advance(10min);
  world.phone("pia").silent();
}

TEST_CASE("whatever somebody's limit nothing is held for longer than a quarter of an hour") {
  std::string settings = kStormSettings;
  const std::string bob = "{name: bob, contacts: {phone: bob}}";
  settings.replace(settings.find(bob), bob.size(),
                   "{name: bob, contacts: {phone: bob}, limit: {pages: 1, per: 7d}}");
  const std::string ada = "page: [{person: ada}], wait: 1h";
  settings.replace(settings.find(ada), ada.size(), "page: [{person: bob}], wait: 8h");
  World world(settings);
  REQUIRE(world.post(many(0, 5, world.clock.now().wall + 24h)) == 200);
  world.phone("bob").expects("db-");
  world.advance(engine::kLongestBundled - 1s);
  world.phone("bob").silent();
  world.advance(1s);
  CHECK(world.phone("bob").next_of(MessageKind::bundle, "4 incidents at once").bundled_in_all == 4);
}

TEST_CASE("whoever presses the link of one in a bundle acknowledges that one alone") {
  StormWorld world;
  world.storm(13);
  CHECK(world.pages("ada") == kLimit);
  world.advance(kPer);
  const auto bundle = world.phone("ada").next_of(MessageKind::bundle, "3 incidents at once");
  REQUIRE(bundle.bundled.size() == 3);
  const auto view = world.state().find(bundle.bundled[0].incident);
  REQUIRE(view);
  CHECK(world.acknowledge(*view, "ada"));
  std::size_t open = 0;
  for (const auto& each : world.all()) open += each.incident.state == engine::IncidentState::open;
  CHECK(open == 12);
}

TEST_CASE("ten thousand incidents are a few messages and turns of a bounded size") {
  StormWorld world;
  world.storm(kMostAlertsPerRequest);
  CHECK(world.pages("ada") == kLimit);
  world.advance(kPer);
  CHECK(world.phone("ada").next_of(MessageKind::bundle, "9990 incidents").bundled_in_all ==
        kMostAlertsPerRequest - kLimit);
  journal::Cursor cursor(world.journal->partitions(), 0);
  for (;;) {
    const auto batch = world.journal->read(cursor, 1'000);
    REQUIRE(batch);
    if (batch->entries.empty()) break;
    for (const auto& entry : batch->entries) {
      if (entry.record.kind != RecordKind::turn) continue;
      const auto turn = decode_turn(entry.record.body);
      REQUIRE(turn);
      const auto held = std::count_if(
          turn->effects.begin(), turn->effects.end(),
          [](const Effect& effect) { return std::holds_alternative<effect::Bundled>(effect); });
      CHECK(static_cast<std::size_t>(held) <= engine::kMostDuePerTurn);
    }
  }
  CHECK(world.count("ada", engine::MessageStatus::accepted) == kMostAlertsPerRequest);
}

// The backlog of an outage at its edges: what is new beside it, what flaps, rooms that are away.
#include "router/engine/carried.hpp"
#include "tests/behaviour/outage.hpp"

using namespace tocsin;
using namespace tocsin::tests;

TEST_CASE("what is new is paged at once while a backlog is read") {
  World world(digest_files());
  Outage outage(world);
  outage.fires("db-old");
  outage.goes_on(24h);
  outage.over();
  world.fire("db-new");
  world.phone("ada").expects("db-new");
  nobody_hears(world);
  settle_down(world);
  world.phone("ada").expects("db-old");
}

TEST_CASE("the end of an old incident that a spool gives back a moment later spares the page") {
  World world(digest_files());
  Outage outage(world), later(world);
  outage.fires("db-down");
  outage.goes_on(20min);
  later.ends("db-down");
  outage.goes_on(24h);
  outage.over();
  world.advance(1500ms);
  later.over();
  settle_down(world);
  digest_in(world, "db-room", 1);
  nobody_hears(world);
}

TEST_CASE("what fires again after it passed is paged and not told as over") {
  World world(digest_files());
  Outage outage(world);
  outage.passes("db-flaps");
  outage.passes("db-over");
  outage.fires("db-flaps");
  outage.goes_on(24h);
  outage.over();
  settle_down(world);
  CHECK(names(digest_in(world, "db-room", 1)) == "db-over");
  world.phone("ada").expects("db-flaps");
  nobody_hears(world);
}

TEST_CASE("what flaps through an outage and ends is in its digest once") {
  World world(digest_files());
  Outage outage(world);
  for (int i = 0; i < 1'000; ++i) outage.passes("db-flaps", 1min);
  outage.goes_on(24h);
  outage.over();
  settle_down(world);
  CHECK(names(digest_in(world, "db-room", 1)) == "db-flaps");
  world.advance(1h);
  nobody_hears(world);
}

TEST_CASE("a team without a channel is told where the default policy's team is") {
  World world(digest_files());
  Outage outage(world);
  outage.passes("web-down");
  outage.passes("db-down");
  outage.passes("strange");
  outage.goes_on(24h);
  outage.over();
  settle_down(world);
  CHECK(names(digest_in(world, "db-room", 1)) == "db-down");
  std::string ops;
  for (int i = 0; i < 2; ++i) ops += names(digest_in(world, "ops-room", 1)) + ";";
  CHECK((ops == "web-down;strange;" || ops == "strange;web-down;"));
  nobody_hears(world);
}

TEST_CASE("without any channel the timeline says that nobody was told") {
  World world(digest_files(""));
  Outage outage(world);
  outage.passes("web-down");
  outage.goes_on(24h);
  outage.over();
  world.advance(1h);
  nobody_hears(world);
  const engine::Incident incident = world.incident().incident;
  CHECK(incident.passed_in == incident.id);
  REQUIRE(incident.digest);
  CHECK(incident.digest->told);
  std::string timeline;
  for (const auto& entry : incident.timeline) timeline += entry.kind + ": " + entry.text + "\n";
  CHECK(timeline.find("passed: it opened and ended while tocsin was away") != std::string::npos);
  CHECK(timeline.find("goes nowhere") != std::string::npos);
}

TEST_CASE("a digest waits for a room whose provider is away and comes once") {
  World world(digest_files());
  world.phone("db-room").always(Attempt::retry_later("503"));
  Outage outage(world);
  outage.passes("db-down");
  outage.goes_on(24h);
  outage.over();
  world.advance(3h);
  world.phone("db-room").always(std::nullopt);
  world.advance(2min);
  digest_in(world, "db-room", 1);
  world.advance(24h);
  nobody_hears(world);
}

TEST_CASE("an alert that is only old is paged before it is given up") {
  World world(digest_files());
  Outage outage(world, "impatient");
  Alert alert;
  alert.key = "db-down";
  alert.labels = Fields(std::vector<Fields::Pair>{{"alertname", "db-down"}});
  alert.ends_at = world.clock.now().wall + 4min;
  outage.hear(alert);
  std::vector<std::unique_ptr<Outage>> more;  // for as long as all alerts are looked at once
  for (int i = 0; i < 12; ++i) {
    more.push_back(std::make_unique<Outage>(world, "impatient"));
    more.back()->fires("web-" + std::to_string(i));
  }
  outage.goes_on(24h);
  outage.over();
  for (const auto& each : more) {
    world.advance(1s);
    each->over();
  }
  nobody_hears(world);
  settle_down(world);
  world.phone("ada").expects("db-down");
  for (std::size_t i = 0; i < more.size(); ++i) world.phone("linus").expects("web-");
  world.advance(1min);
  world.phone("ada").expects_resolved("db-down");
  nobody_hears(world);
}

TEST_CASE("a digest that nobody has been told is still told when its records are gone") {
  auto settings = digest_files();
  settings.front().text += "journal: {retention: 2d}\n";
  World world(settings, 16);
  world.phone("db-room").always(Attempt::retry_later("503"));
  Outage outage(world);
  outage.passes("db-down");
  outage.goes_on(1h);
  outage.over();
  world.advance(1s);
  // Behind without end: what has passed is not told for a while.
  const Partition p = journal::partition_of("prometheus", world.journal->partitions());
  REQUIRE(engine::owes_digest(world.incident().incident));
  engine::PartitionState state = world.state().partition(p);
  const auto carried = engine::to_carry(state, state.position, 10);
  REQUIRE(carried.size() == 1);
  CHECK(carried.front().incident->digest->count == 1);
  // And one that is planned and has not arrived.
  settle_down(world);
  state = world.state().partition(p);
  REQUIRE_FALSE(engine::owes_digest(world.incident().incident));
  CHECK(engine::to_carry(state, state.position, 10).size() == 1);
  world.phone("db-room").always(std::nullopt);
  world.advance(2min);
  digest_in(world, "db-room", 1);
  state = world.state().partition(p);
  CHECK(engine::to_carry(state, state.position, 10).empty());
}

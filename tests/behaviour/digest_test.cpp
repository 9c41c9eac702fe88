// The backlog of an outage: what is still open is paged, and what opened and ended in it is told
// once, to a room.
#include "router/engine/carried.hpp"
#include "tests/behaviour/outage.hpp"

using namespace tocsin;
using namespace tocsin::tests;

TEST_CASE("two days of backlog page what is open once and tell the rest in one digest") {
  World world(digest_files());
  Outage outage(world);
  for (int i = 0; i < 2'000; ++i) {
    if (i == 0 || i == 900 || i == 1'999) outage.fires("db-open-" + std::to_string(i));
    outage.passes("db-" + std::to_string(i), 1min);
    outage.goes_on(20s);
  }
  outage.over();
  settle_down(world);
  REQUIRE(world.phone("ada").waiting() == 3);
  for (int i = 0; i < 3; ++i) world.phone("ada").expects("db-open-");
  const auto told = digest_in(world, "db-room", 2'000);
  CHECK(told.passed.size() == engine::kMostNamedInDigest);
  CHECK(told.passed.at(1).title == "db-1");
  CHECK(told.passed.at(1).ended_at - told.passed.at(1).opened_at == 1min);
  nobody_hears(world);
  world.advance(5min - 4s);
  nobody_hears(world);
  const Partition p = journal::partition_of("prometheus", world.journal->partitions());
  CHECK(folded_anew(world, p) == world.state().encoded(p).body);
}

TEST_CASE("a digest is told once whenever tocsin dies") {
  enum class Dies { before_it_is_planned, before_it_is_sent, before_its_result, afterwards };
  for (const Dies dies : {Dies::before_it_is_planned, Dies::before_it_is_sent,
                          Dies::before_its_result, Dies::afterwards}) {
    World world(digest_files());
    Outage outage(world);
    outage.passes("db-down");
    outage.goes_on(24h);
    world.hold_attempts = true;
    outage.over();
    if (dies == Dies::before_it_is_planned) world.crash();
    settle_down(world);
    if (dies == Dies::before_it_is_sent) world.crash();
    MessageId first;
    if (dies == Dies::before_its_result) {
      world.journal->break_down("the link is cut");
      REQUIRE(world.runner.run_one());
      first = digest_in(world, "db-room", 1).id;
      world.journal->mend();
      world.crash();
    }
    world.hold_attempts = false;
    settle_down(world);
    const auto told = digest_in(world, "db-room", 1);
    if (dies == Dies::before_its_result) CHECK(told.id == first);  // it may not have arrived
    world.crash();
    world.advance(1h);
    nobody_hears(world);
  }
}

TEST_CASE("a death while a spool gives back what it kept pages nobody for what ends in it") {
  World world(digest_files());
  Outage outage(world), later(world);
  outage.fires("db-down");
  outage.goes_on(20min);
  later.ends("db-down");
  outage.goes_on(24h);
  outage.over();
  world.crash();
  world.advance(1s);
  later.over();
  settle_down(world);
  digest_in(world, "db-room", 1);
  nobody_hears(world);
}

TEST_CASE("a digest is told after a start from the store as well") {
  World world(digest_files());
  Outage outage(world);
  outage.passes("db-down");
  outage.goes_on(24h);
  outage.over();
  world.crash_and_restore(world.snapshots());
  settle_down(world);
  CHECK(names(digest_in(world, "db-room", 1)) == "db-down");
  world.crash_and_restore(world.snapshots());
  world.advance(1h);
  nobody_hears(world);
}

TEST_CASE("where nothing has passed there is no digest") {
  World world(digest_files());
  Outage outage(world);
  outage.fires("db-down");
  outage.goes_on(24h);
  outage.over();
  world.advance(1min);
  world.phone("ada").expects("db-down");
  nobody_hears(world);
}

TEST_CASE("who was paged before an outage hears that it is over and it is in no digest") {
  World world(digest_files());
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  Alert end = world.incident().alerts.at(0).alert;
  end.status = AlertStatus::resolved;
  end.ends_at.reset();
  Outage outage(world);
  for (int i = 0; i < 600; ++i) outage.passes("web-" + std::to_string(i), 1min);
  outage.hear(end);  // past what one turn decides, with its own next step due long ago
  outage.goes_on(24h);
  outage.over();
  settle_down(world);
  world.phone("ada").expects_resolved("db-down");
  digest_in(world, "ops-room", 600);
  nobody_hears(world);
}

TEST_CASE("what a silence or its own patience would have kept quiet is in no digest") {
  World world(digest_files());
  world.silence({"alertname=\"db-silenced\""}, 72h);
  Outage outage(world);
  outage.passes("db-silenced");
  outage.passes("db-patient", 20min);  // pages only after half an hour
  outage.goes_on(24h);
  outage.over();
  world.advance(10min);
  nobody_hears(world);
  Outage another(world);
  another.passes("db-patient", 40min);
  another.goes_on(24h);
  another.over();
  settle_down(world);
  CHECK(names(digest_in(world, "db-room", 1)) == "db-patient");
  nobody_hears(world);
}

TEST_CASE("no hook is started and no manual quoted for what has passed") {
  World world(digest_files());
  Outage outage(world);
  outage.passes("db-mended");
  outage.passes("db-known");
  outage.goes_on(24h);
  outage.over();
  settle_down(world);
  CHECK(names(digest_in(world, "db-room", 1)) == "db-mended");
  CHECK(names(digest_in(world, "web-room", 1)) == "db-known");
  world.hook("restart").silent();
  nobody_hears(world);
}

TEST_CASE("endless backlog is not silence") {
  World world(digest_files());
  Outage outage(world);
  outage.goes_on(24h);
  const Instant then = world.clock.now();
  outage.fires("db-down");
  outage.goes_on(24h);
  outage.over();
  Alert other;
  other.key = "other";
  other.labels = Fields(std::vector<Fields::Pair>{{"alertname", "web-other"}});
  Mint mint(6'000, world.journal->partitions());
  const Partition p = journal::partition_of("prometheus", world.journal->partitions());
  for (int second = 0; second < 120 && world.phone("ada").waiting() == 0; ++second) {
    other.status = second % 2 ? AlertStatus::resolved : AlertStatus::firing;
    world.journal->append(p,
                          {mint.record(p, RecordKind::alerts, then.wall,
                                       encode(AlertsBody{"prometheus", then, {other}}))},
                          [](const journal::Appended&) {});
    CHECK(second <= 61);
    world.advance(1s);
    if (second < 59) nobody_hears(world);
  }
  world.phone("ada").expects("db-down");
}

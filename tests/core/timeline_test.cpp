#include "router/core/timeline.hpp"

#include "router/core/codec.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace std::chrono_literals;

namespace {

const WallTime kNoon{1'795'348'800s};

// What a wait that began at `since` has behind it, `last` being the last that is known.
Duration waited(const Instant& since, const Instant& last, const Instant& now) {
  return elapsed_between(since, on_timeline(last, now), 24h * 365);
}

}  // namespace

TEST_CASE("within one boot the timeline runs by the steady clock") {
  const Instant last{kNoon, 1, 5h};
  CHECK(on_timeline(last, {kNoon + 10s, 1, 5h + 10s}).ahead == 0s);
  CHECK(on_timeline(last, {kNoon + 10s - 1h, 1, 5h + 10s}).ahead == 1h);
  CHECK(on_timeline(last, {kNoon + 10s + 1h, 1, 5h + 10s}).ahead == -1h);
  // A clock that is slewed is no clock that is stepped.
  CHECK(on_timeline(last, {kNoon + 1h + 900ms, 1, 6h}).ahead == 0s);
}

TEST_CASE("after a reboot into a clock behind a wait goes on from where it was") {
  const Instant since{kNoon, 1, 5h}, last{kNoon + 2min, 1, 5h + 2min};
  const Instant booted = on_timeline(last, {WallTime{}, 2, 20s});
  CHECK(elapsed_between(since, booted, 1h) == 2min);
  CHECK(waited(since, booted, {WallTime(1min), 2, 1min + 20s}) == 3min);
  // Until it is set right: then it is known how long the machine was off.
  CHECK(waited(since, booted, {kNoon + 10min, 2, 1min + 20s}) == 10min);
  CHECK(has_leapt(booted, on_timeline(booted, {kNoon + 10min, 2, 1min + 20s})));
  CHECK_FALSE(has_leapt(booted, on_timeline(booted, {WallTime(1min), 2, 1min + 20s})));
}

TEST_CASE("after a reboot into a right clock the time off counts") {
  const Instant since{kNoon, 1, 5h};
  for (const Duration wrong : {Duration(0s), Duration(1h), Duration(-1h), Duration(24h)}) {
    // Since a step of the clock in the first boot, which the timeline did not follow.
    const Instant last = on_timeline({kNoon, 1, 5h}, {kNoon + 2min + wrong, 1, 5h + 2min});
    CHECK(waited(since, last, {kNoon + 7min, 2, 20s}) == 7min);
  }
  // As wrong as before.
  const Instant last = on_timeline({kNoon, 1, 5h}, {kNoon + 2min + 24h, 1, 5h + 2min});
  CHECK(waited(since, last, {kNoon + 7min + 24h, 2, 20s}) == 7min);
}

TEST_CASE("a clock that was right at the boot and is stepped long after fires no wait early") {
  const Instant since{kNoon, 1, 5h}, last{kNoon + 2min, 1, 5h + 2min};
  const Instant booted = on_timeline(last, {kNoon + 3min, 2, 20s});
  const Instant later = on_timeline(booted, {kNoon + 3min + 2h, 2, 2h + 20s});
  CHECK(waited(since, later, {kNoon + 3min + 26h + 1min, 2, 2h + 20s + 1min}) == 2h + 4min);
}

TEST_CASE("a clock that is stepped on soon after the boot says how long the machine was off") {
  const Instant since{kNoon, 1, 5h}, last{kNoon + 2min, 1, 5h + 2min};
  const Instant booted = on_timeline(last, {kNoon + 2min, 2, 20s});
  const Instant right = on_timeline(booted, {kNoon + 30min, 2, 40s});
  CHECK(elapsed_between(since, right, 1h) == 30min);
  CHECK(right.ahead == 0s);
}

TEST_CASE("whoever knows that it has not been long believes no other machine's clock") {
  const Instant last{kNoon, 1, 5h};
  CHECK(on_timeline(last, {kNoon + 1h, 7, 3h}, 1s).ahead == 1s - 1h);
  CHECK(on_timeline(last, {kNoon - 1h, 7, 3h}, 1s).ahead == 1h);
}

TEST_CASE("where nothing is known yet the timeline is the wall clock") {
  CHECK(on_timeline({}, {kNoon, 7, 3h}).ahead == 0s);
  CHECK(on_timeline({}, {WallTime{}, 7, 3h}).ahead == 0s);
}

TEST_CASE("a moment is written with what it is ahead only where it is") {
  codec::Writer plain, ahead;
  codec::write(plain, Instant{kNoon, 7, 3h});
  codec::write(ahead, Instant{kNoon, 7, 3h, -1h});
  const std::string old = plain.take(), grown = ahead.take();
  CHECK(old.front() == '\x83');
  CHECK(grown.front() == '\x84');
  codec::Reader in_old(old), in_grown(grown);
  CHECK(codec::read_instant(in_old) == Instant{kNoon, 7, 3h});
  CHECK(codec::read_instant(in_grown) == Instant{kNoon, 7, 3h, -1h});
}

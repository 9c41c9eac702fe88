// Alerts whose status is their end, from a sender whose clock is not ours.
#include "router/ingest/sender_clock.hpp"

#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::ingest;
using namespace std::chrono_literals;

namespace {

constexpr WallTime kNoon{1'795'348'800s};

// A ruler as Prometheus has one, and a tocsin with a clock of its own.
struct Bench {
  SenderClock clock;
  Duration passed{};  // since noon by the ruler's clock, and in truth
  Duration ahead{};   // our clock
  Duration interval = 1min;
  std::optional<FiringWord> known = {};  // as the state has it
  std::optional<SenderClock::Differing> differ = {};

  Instant received() const { return {kNoon + passed + ahead, 1, 5h + passed}; }

  Alert send(const std::string& key, Duration starts, std::optional<Duration> ended = {}) {
    Alert alert;
    alert.key = key;
    alert.starts_at = kNoon + starts;
    alert.ends_at = kNoon + (ended ? *ended : passed + 4 * interval);
    alert.status = *alert.ends_at <= received().wall ? AlertStatus::resolved : AlertStatus::firing;
    std::vector<Alert> alerts{alert};
    differ =
        clock.judge("prometheus", alerts, received(), [&](const std::string&) { return known; });
    if (alerts.front().status == AlertStatus::firing)
      known = FiringWord{*alerts.front().ends_at, received()};
    else
      known.reset();
    return alerts.front();
  }
  bool fires(const std::string& key, Duration starts, std::optional<Duration> ended = {}) {
    return send(key, starts, ended).status == AlertStatus::firing;
  }
};

}  // namespace

TEST_CASE("with clocks alike what an alert's end says is what counts") {
  Bench bench;
  CHECK(bench.fires("db", 0s));
  bench.passed = 1min;
  CHECK(bench.fires("db", 0s));
  bench.passed = 2min + 1s;
  CHECK_FALSE(bench.fires("db", 0s, 2min));
  for (const Duration later : {Duration(3min), Duration(8min), Duration(16min)}) {
    bench.passed = later;
    CHECK_FALSE(bench.fires("db", 0s, 2min));
    CHECK_FALSE(bench.differ);
  }
  // It fires anew, and ends anew.
  bench.passed = 20min;
  CHECK(bench.fires("db", 20min));
  bench.passed = 21min;
  CHECK_FALSE(bench.fires("db", 20min, 21min));
}

TEST_CASE("what fires goes on firing when our clock is stepped on and its end is past by it") {
  for (const Duration ahead :
       {Duration(5min), Duration(1h), Duration(24h), Duration(24h * 4'000)}) {
    Bench bench;
    CHECK(bench.fires("db", 0s));
    bench.passed = 1min;
    bench.ahead = ahead;
    const Alert word = bench.send("db", 0s);
    CHECK(word.status == AlertStatus::firing);
    // It holds as long as the sender said, by our clock.
    CHECK(*word.ends_at - bench.received().wall == 4min);
    REQUIRE(bench.differ);
    CHECK(bench.differ->ahead == ahead);
    CHECK(bench.differ->tell);
    bench.passed = 2min;
    CHECK(bench.fires("db", 0s));
    CHECK_FALSE(bench.differ->tell);
    // One that was never heard of is believed by what the other has shown.
    const auto of_db = bench.known;
    bench.known.reset();
    CHECK(bench.fires("disk", 2min));
    CHECK_FALSE(bench.fires("old", -9min, -1min));
    bench.known = of_db;
    // And its end is its end.
    bench.passed = 3min;
    CHECK_FALSE(bench.fires("db", 0s, 3min));
    bench.passed = 4min;
    CHECK_FALSE(bench.fires("db", 0s, 3min));
  }
}

TEST_CASE("what was never heard of is known to fire by its second word though our clock is ahead") {
  Bench bench;
  bench.ahead = 1h;
  bench.interval = 2min;
  CHECK_FALSE(bench.fires("db", 0s));
  bench.passed = 2min;
  CHECK(bench.fires("db", 0s));
  REQUIRE(bench.differ);
  CHECK(bench.differ->ahead == 1h);
  bench.passed = 4min;
  CHECK(bench.fires("db", 0s));
  bench.passed = 6min;
  CHECK_FALSE(bench.fires("db", 0s, 6min));
  bench.passed = 8min;
  CHECK_FALSE(bench.fires("db", 0s, 6min));
}

TEST_CASE("what was known to fire and is said to have ended long ago ends with the second word") {
  Bench bench;
  // Known before a start anew, by a clock that nobody remembers.
  bench.known = FiringWord{kNoon - 10min, {kNoon - 14min, 1, 5h - 14min}};
  CHECK(bench.fires("db", -20min, -12min));
  bench.passed = 1min;
  CHECK_FALSE(bench.fires("db", -20min, -12min));
  // One that has just ended is over at once.
  bench.known = FiringWord{kNoon - 10min, {kNoon - 14min, 1, 5h - 14min}};
  bench.passed = 10min;
  CHECK_FALSE(bench.fires("disk", -20min, 10min - 2s));
}

TEST_CASE("after a silence of the sender what ended meanwhile is over") {
  Bench bench;
  CHECK(bench.fires("db", 0s));
  bench.passed = 30min;
  CHECK_FALSE(bench.fires("db", 0s, 30min));
}

TEST_CASE("two rulers of a pair with our clock ahead do not end each other's alerts") {
  Bench bench;
  CHECK(bench.fires("db", 0s));
  bench.ahead = 1h;
  for (int minute = 1; minute < 6; ++minute) {
    bench.passed = std::chrono::minutes(minute);
    CHECK(bench.fires("db", 0s));
    bench.passed += 7s;  // the other evaluates a little later, and began a little later
    CHECK(bench.fires("db", 7s));
  }
  bench.passed = 6min;
  CHECK_FALSE(bench.fires("db", 0s, 6min));
}

TEST_CASE("a pair of rulers that was never heard of is known to fire though our clock is ahead") {
  Bench bench;
  bench.ahead = 1h;
  CHECK_FALSE(bench.fires("db", 0s));
  bench.passed = 7s;
  CHECK_FALSE(bench.fires("db", 7s));
  bench.passed = 1min;
  CHECK(bench.fires("db", 0s));
}

TEST_CASE("what is over is known to be over though a word of it was misleading") {
  // Of a pair with clocks of their own, and our clock ahead: each says an end of its own.
  Bench bench;
  bench.ahead = 1min;
  CHECK_FALSE(bench.fires("db", -10min, 0s));
  bench.passed = 30s;
  CHECK(bench.fires("db", -10min, 25s));
  for (bench.passed = 1min; bench.passed < 3min; bench.passed += 30s)
    bench.fires("db", -10min, 25s);
  for (; bench.passed < 15min; bench.passed += 30s) CHECK_FALSE(bench.fires("db", -10min, 25s));
}

TEST_CASE("what ends after our clock was set right is over at once") {
  Bench bench;
  CHECK(bench.fires("db", 0s));
  bench.ahead = 1h;
  bench.passed = 1min;
  CHECK(bench.fires("db", 0s));
  bench.ahead = 0s;
  bench.passed = 2min;
  CHECK_FALSE(bench.fires("disk", 0s, 2min - 20s));
}

TEST_CASE("a sender whose clock is ahead of ours is told of") {
  Bench bench;
  bench.ahead = -1h;
  CHECK(bench.fires("db", 0s));
  REQUIRE(bench.differ);
  CHECK(bench.differ->ahead == -1h);
  bench.ahead = 0s;
  CHECK(bench.fires("db", 0s));
  CHECK_FALSE(bench.differ);
}

TEST_CASE("whoever says with a new end each time that it is over is believed") {
  Bench bench;
  CHECK(bench.fires("db", 0s));
  for (int minute = 1; minute < 10; ++minute) {
    bench.passed = std::chrono::minutes(minute);
    CHECK_FALSE(bench.fires("db", 0s, bench.passed - 1s));
  }
}

TEST_CASE("what ends on a host whose clock was stepped as ours was has ended") {
  for (const Duration by : {Duration(1h), Duration(24h)}) {
    Bench bench;
    CHECK(bench.fires("db", 0s));
    bench.passed = 1min;
    bench.ahead = by;
    CHECK_FALSE(bench.fires("db", 0s, 1min + by - 1s));
  }
}

TEST_CASE("where more words are kept than there is room for an end is an end") {
  Bench bench;
  bench.ahead = 1h;
  for (std::size_t i = 0; i < kMostWordsKept; ++i)
    CHECK_FALSE(bench.fires("alert" + std::to_string(i), 0s));
  CHECK_FALSE(bench.fires("one more", 0s));
  bench.passed = 1min;
  bench.known.reset();
  CHECK_FALSE(bench.fires("one more", 0s));
  CHECK(bench.fires("alert7", 0s));
  // They make room when they are old.
  bench.passed = 1h;
  bench.known.reset();
  CHECK_FALSE(bench.fires("late", 1h));
  bench.passed = 1h + 1min;
  CHECK(bench.fires("late", 1h));
}

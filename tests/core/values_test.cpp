// Times, durations, ids and fields as text and as values.
#include "router/core/fields.hpp"
#include "router/core/ids.hpp"
#include "router/core/time.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace std::chrono_literals;

TEST_CASE("RFC 3339 times are read in every form that senders use") {
  const WallTime expected = *parse_rfc3339("2026-11-22T01:52:43Z");
  CHECK(expected.time_since_epoch() == 1795312363s);
  for (const char* text : {"2026-11-22T02:52:43+01:00", "2026-11-22T02:52:43+0100",
                           "2026-11-22T01:52:43.000000000Z", "2026-11-21T20:22:43-05:30"})
    CHECK(*parse_rfc3339(text) == expected);
  CHECK(*parse_rfc3339("2026-11-22T01:52:43.123456789Z") == expected + 123456us);
}

TEST_CASE("years 1 and 1970 and 2100 survive being read and written") {
  for (const char* text : {"0001-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z",
                           "2100-02-28T23:59:59.999Z", "9999-12-31T23:59:59.000Z"})
    CHECK(format_rfc3339(*parse_rfc3339(text)) == text);
}

TEST_CASE("what is no time is refused") {
  for (const char* text : {"", "yesterday", "infinite-future", "2026-11-22", "2026-11-22T01:52:43",
                           " 2026-11-22T01:52:43Z", "2026-13-22T01:52:43Z", "2026-11-22T01:52:43Z ",
                           "-026-11-22T01:52:43Z", "2026-11-22T25:52:43Z"})
    CHECK_FALSE(parse_rfc3339(text));
}

TEST_CASE("durations are read and written in the configuration's form") {
  CHECK(*parse_duration("1h30m") == 90min);
  CHECK(*parse_duration("250ms") == 250ms);
  CHECK(*parse_duration("1w") == 168h);
  CHECK(format_duration(90min) == "1h30m");
  CHECK(format_duration(168h) == "7d");
  CHECK(format_duration(0s) == "0s");
  for (const char* text :
       {"", "5", "m", "-5m", "5 m", "5y", "99999999999999999999s", "999999999999w"})
    CHECK_FALSE(parse_duration(text));
}

TEST_CASE("a wait goes by the steady clock within a boot whatever the wall clock does") {
  const Instant start{WallTime(1000h), 1, 10s};
  const Wait wait{start, 60s};
  CHECK_FALSE(wait.over({WallTime(2000h), 1, 69s}));
  CHECK(wait.over({WallTime(0h), 1, 70s}));
}

TEST_CASE(
    "across a reboot a wait goes by the wall clock and neither ends early by more than itself nor "
    "starts anew") {
  const Instant start{WallTime(1000h), 1, 10s};
  const Wait wait{start, 60s};
  CHECK(wait.left({WallTime(1000h) + 45s, 2, 3s}) == 15s);
  CHECK(wait.left({WallTime(900h), 2, 3s}) == 60s);
  CHECK(wait.over({WallTime(1001h), 2, 3s}));
}

TEST_CASE("fields are sorted and the last of two equal names wins") {
  const Fields fields({{"b", "1"}, {"a", "2"}, {"b", "3"}});
  CHECK(fields.pairs() == std::vector<Fields::Pair>{{"a", "2"}, {"b", "3"}});
  CHECK(fields.get("b") == "3");
  CHECK_FALSE(fields.find("c"));
  CHECK(fields == Fields({{"b", "3"}, {"a", "2"}}));
}

TEST_CASE("defaults fill in what is missing and change nothing that is there") {
  const Fields fields = Fields(std::vector<Fields::Pair>{{"a", "own"}})
                            .with_defaults(Fields({{"a", "other"}, {"b", "added"}}));
  CHECK(fields == Fields({{"a", "own"}, {"b", "added"}}));
}

TEST_CASE("an incident's id depends on its realm and can be typed as people hear it") {
  const AlertId alert = make_alert_id({1, 2, 3}, 0);
  const IncidentId real = make_incident_id(2, alert, {});
  CHECK(real != make_incident_id(2, alert, {"cdp-staging", 1}));
  CHECK(make_incident_id(2, alert, {"cdp-staging", 1}) !=
        make_incident_id(2, alert, {"cdp-staging", 2}));
  CHECK(real.text.size() == 16);
  CHECK(base32_typed("7ZQ4-OIL") == "7zq4011");
}

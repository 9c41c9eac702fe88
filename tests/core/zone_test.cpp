#include "router/core/zone.hpp"

#include "tests/catch.hpp"

using namespace tocsin;

namespace {

WallTime at(std::string_view text) { return parse_rfc3339(text).value(); }
CivilTime civil(std::string_view text) { return parse_civil(text).value(); }
Zone zone(const std::string& name) { return Zone::load(name).value(); }

}  // namespace

TEST_CASE("a zone says what its clocks show at a moment", "[zone]") {
  const Zone dublin = zone("Europe/Dublin"), nepal = zone("Asia/Kathmandu");
  CHECK(dublin.name() == "Europe/Dublin");
  CHECK(dublin.civil(at("2026-07-01T12:30:59.999Z")) == CivilTime{2026, 7, 1, 13, 30, 59});
  CHECK(dublin.civil(at("2026-12-31T23:30:00Z")) == CivilTime{2026, 12, 31, 23, 30, 0});
  CHECK(nepal.civil(at("2026-12-31T23:30:00Z")) == CivilTime{2027, 1, 1, 5, 15, 0});
  CHECK(Zone().civil(at("1969-12-31T23:59:59.5Z")) == CivilTime{1969, 12, 31, 23, 59, 59});
  // Past 2037 too, where tables end and rules go on.
  CHECK(dublin.civil(at("2045-07-01T12:00:00Z")).hour == 13);
}

TEST_CASE("a date and a time of day is a moment of its zone", "[zone]") {
  const Moments noon = zone("America/New_York").moments(civil("2026-07-01T12:00"));
  CHECK(noon ==
        Moments{Moments::Kind::once, at("2026-07-01T16:00:00Z"), at("2026-07-01T16:00:00Z")});
  CHECK(Zone().moments(civil("2026-07-01T12:00:30")).first == at("2026-07-01T12:00:30Z"));
}

TEST_CASE("a time of day that is skipped in spring is the first moment after the gap", "[zone]") {
  const Moments gap = zone("Europe/Berlin").moments(civil("2026-03-29T02:30"));
  CHECK(gap ==
        Moments{Moments::Kind::skipped, at("2026-03-29T01:00:00Z"), at("2026-03-29T01:00:00Z")});
  CHECK(zone("Europe/Berlin").civil(gap.first) == civil("2026-03-29T03:00"));
  // The gap begins at 02:00 and ends before 03:00.
  CHECK(zone("Europe/Berlin").moments(civil("2026-03-29T02:00")).kind == Moments::Kind::skipped);
  CHECK(zone("Europe/Berlin").moments(civil("2026-03-29T03:00")).kind == Moments::Kind::once);
  // A whole day that Samoa never had.
  CHECK(zone("Pacific/Apia").moments(civil("2011-12-30T12:00")).first ==
        zone("Pacific/Apia").moments(civil("2011-12-31T00:00")).first);
}

TEST_CASE("a time of day that is repeated in autumn is both of its moments", "[zone]") {
  const Moments twice = zone("Europe/Berlin").moments(civil("2026-10-25T02:30"));
  CHECK(twice ==
        Moments{Moments::Kind::repeated, at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z")});
  for (const WallTime each : {twice.first, twice.last})
    CHECK(zone("Europe/Berlin").civil(each) == civil("2026-10-25T02:30"));
  // Half an hour only, on Lord Howe Island.
  const Moments half = zone("Australia/Lord_Howe").moments(civil("2026-04-05T01:45"));
  CHECK(half.kind == Moments::Kind::repeated);
  CHECK(half.last - half.first == std::chrono::minutes(30));
}

TEST_CASE("there and back is the same moment unless it is the second of two", "[zone]") {
  for (const char* name : {"UTC", "Europe/Dublin", "Africa/Casablanca", "America/St_Johns"}) {
    const Zone here = zone(name);
    for (WallTime time = at("2026-01-01T00:00:00Z"); time < at("2027-01-01T00:00:00Z");
         time += std::chrono::minutes(17)) {
      const Moments back = here.moments(here.civil(time));
      const WallTime whole = std::chrono::floor<std::chrono::seconds>(time);
      REQUIRE(back.kind != Moments::Kind::skipped);
      REQUIRE((back.first == whole || back.last == whole));
    }
  }
}

TEST_CASE("what is no zone is refused and never a path out of the database", "[zone]") {
  for (const char* name : {"", "Europe/Dublino", "europe/dublin", "/etc/localtime", "localtime",
                           "../zoneinfo/UTC", "Europe/../UTC", "file:UTC", "right/Europe/Dublin",
                           "Europe", "tzdata.zi", "UTC\n", "Europe/Dublin "}) {
    INFO(name);
    const auto loaded = Zone::load(name);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().kind == ErrorKind::invalid);
  }
  CHECK_FALSE(Zone::load(std::string(kMostZoneNameBytes + 1, 'a')));
  CHECK(Zone::load("UTC").value() == Zone());
}

TEST_CASE("days are counted by the calendar", "[zone]") {
  CHECK(civil("2026-02-28T10:30").plus_days(1) == civil("2026-03-01T10:30"));
  CHECK(civil("2028-02-28T10:30").plus_days(1) == civil("2028-02-29T10:30"));
  CHECK(civil("2026-01-01T10:30").plus_days(-1) == civil("2025-12-31T10:30"));
  CHECK(civil("2026-12-31T10:30").at_minute(1440) == civil("2027-01-01T00:00"));
  CHECK(civil("2026-12-31T10:30").at_minute(61) == civil("2026-12-31T01:01"));
  CHECK(civil("2026-11-22T00:00").weekday() == Weekday::sunday);
  CHECK(civil("2026-11-23T23:59").weekday() == Weekday::monday);
}

TEST_CASE("weekdays are written short or in full", "[zone]") {
  for (int number = 0; number < kWeekdays; ++number) {
    const auto day = static_cast<Weekday>(number);
    CHECK(weekday_named(to_string(day)) == day);
  }
  CHECK(to_string(Weekday::sunday) == "Sun");
  CHECK(weekday_named("Wednesday") == Weekday::wednesday);
  for (const char* word : {"", "mon", "Wedn", "Montag"}) CHECK_FALSE(weekday_named(word));
}

TEST_CASE("a date that no calendar has is no date", "[zone]") {
  CHECK(civil("2028-02-29T00:00") == CivilTime{2028, 2, 29, 0, 0, 0});
  for (const char* text :
       {"", "2026-02-29T00:00", "2026-13-01T00:00", "2026-12-24T24:00", "2026-12-24T10:60",
        "2026-12-24 10:00", "2026-12-24T10:00Z", "2026-12-24", "2026-12-24T10:00:60",
        "+026-12-24T10:00", "0000-01-01T00:00"})
    CHECK_FALSE(parse_civil(text));
}

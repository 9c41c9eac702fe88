// A person's contacts by severity, and their quiet hours.
#include "router/oncall/reach.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::oncall;
using namespace std::chrono_literals;

namespace {

WallTime at(const char* text) { return *parse_rfc3339(text); }

Schedule nightly(const char* zone, int from_hour, int until_hour) {
  Schedule schedule;
  schedule.zone = *Zone::load(zone);
  schedule.from_minute = from_hour * 60;
  schedule.until_minute = until_hour * 60;
  return schedule;
}

Person ada() {
  Person person;
  person.name = "ada";
  person.notify = {{"push", "ada-phone", 0s, {Severity::critical, Severity::error}},
                   {"mail", "ada@example.com", 2min},
                   {"sms", "+353", 5min, {Severity::critical}}};
  person.contacts = {
      {"push", "ada-phone"}, {"mail", "ada@example.com"}, {"sms", "+353"}, {"pager", "77"}};
  person.quiet_hours = {nightly("Europe/Dublin", 22, 7)};
  return person;
}

std::vector<std::string> channels(const std::vector<Due>& due) {
  std::vector<std::string> names;
  for (const Due& each : due) names.push_back(each.contact.channel);
  return names;
}
using Names = std::vector<std::string>;

constexpr const char* kAfternoon = "2026-11-23T15:00:00Z";
constexpr const char* kNight = "2026-11-23T03:00:00Z";

}  // namespace

TEST_CASE("a contact is tried for the severities that it is meant for") {
  CHECK(channels(ways_of(ada(), Severity::critical, at(kAfternoon))) ==
        Names{"push", "mail", "sms"});
  CHECK(channels(ways_of(ada(), Severity::error, at(kAfternoon))) == Names{"push", "mail"});
  const auto info = ways_of(ada(), Severity::info, at(kAfternoon));
  REQUIRE(channels(info) == Names{"mail"});
  CHECK(info.front().after == 2min);
}

TEST_CASE("a person with no contact for a severity is paged on every contact at once") {
  Person person = ada();
  std::erase_if(person.notify, [](const Way& way) { return way.severities.empty(); });
  const auto due = ways_of(person, Severity::warning, at(kAfternoon));
  CHECK(channels(due) == Names{"push", "sms", "mail", "pager"});
  for (const Due& each : due) CHECK(each.after == 0s);
  CHECK(ways_of(Person{"bob", {}}, Severity::critical, at(kAfternoon)).empty());
}

TEST_CASE("a page waits for the end of quiet hours and then keeps its order") {
  const auto due = ways_of(ada(), Severity::error, at(kNight));
  REQUIRE(channels(due) == Names{"push", "mail"});
  CHECK(due[0].after == 4h);
  CHECK(due[1].after == 4h + 2min);
  CHECK(due[0].held == "in peace until 07:00 Europe/Dublin");
  // Whoever is paged on every contact for want of another is left in peace all the same.
  Person person = ada();
  std::erase_if(person.notify, [](const Way& way) { return way.severities.empty(); });
  for (const Due& each : ways_of(person, Severity::info, at(kNight))) CHECK(each.after == 4h);
}

TEST_CASE("quiet hours never hold back what is critical and hold nothing outside of them") {
  for (const Due& due : ways_of(ada(), Severity::critical, at(kNight))) {
    CHECK(due.after <= 5min);
    CHECK(due.held.empty());
  }
  CHECK(ways_of(ada(), Severity::error, at("2026-11-23T07:00:00Z"))[0].after == 0s);
  CHECK(ways_of(ada(), Severity::error, at("2026-11-23T21:59:59Z"))[0].after == 0s);
  CHECK(ways_of(ada(), Severity::error, at("2026-11-23T22:00:00Z"))[0].after == 9h);
}

TEST_CASE("the day is said when quiet hours end on another") {
  CHECK(ways_of(ada(), Severity::error, at("2026-11-22T23:00:00Z"))[0].held ==
        "in peace until Mon 2026-11-23 07:00 Europe/Dublin");
}

TEST_CASE("quiet hours end by the clock on the wall also in the night in which it changes") {
  // Dublin's clocks skip from 01:00 to 02:00 on 2027-03-28, and show 01:00 to 02:00 twice on
  // 2026-10-25.
  const auto held = [&](const char* time) {
    return ways_of(ada(), Severity::error, at(time))[0].after;
  };
  CHECK(held("2027-03-27T22:00:00Z") == 8h);  // 22:00 to 07:00 summer time
  CHECK(held("2026-10-24T21:00:00Z") == 10h);
  Person person = ada();
  person.quiet_hours = {nightly("Europe/Dublin", 22, 7)};
  person.quiet_hours[0].until_minute = 90;  // 01:30, which is skipped: the first moment after it
  CHECK(quiet_until(person, at("2027-03-27T23:00:00Z")) == at("2027-03-28T01:00:00Z"));
  // And which comes twice: the second time.
  CHECK(quiet_until(person, at("2026-10-24T22:00:00Z")) == at("2026-10-25T01:30:00Z"));
}

TEST_CASE("quiet hours that follow each other are one and those that never end reach nobody") {
  Person person = ada();
  Schedule weekend = nightly("Europe/Dublin", 0, 24);
  weekend.days = {};
  weekend.days.add(Weekday::saturday);
  weekend.days.add(Weekday::sunday);
  person.quiet_hours.push_back(weekend);
  CHECK(quiet_until(person, at("2026-11-27T23:00:00Z")) == at("2026-11-30T07:00:00Z"));
  person.quiet_hours = {Schedule{}};
  CHECK(quiet_until(person, at(kNight)) == WallTime::max());
  CHECK(ways_of(person, Severity::error, at(kNight)).empty());
  CHECK(ways_of(person, Severity::critical, at(kNight)).size() == 3);
}

TEST_CASE("somebody who pages a person by hand knows what time it is") {
  const auto due = ways_by_hand(ada(), Severity::error);
  REQUIRE(channels(due) == Names{"push", "mail"});
  CHECK(due[1].after == 2min);
  CHECK(due[0].held.empty());
}

TEST_CASE("whatever a person is paged by is among the contacts that they can be reached by") {
  Directory directory;
  directory.people["ada"] = ada();
  const auto all = contacts_of("ada", directory);
  CHECK(channels(all) == Names{"push", "mail", "sms", "pager"});
  CHECK(contacts_of("nobody", directory).empty());
  for (const Severity severity :
       {Severity::info, Severity::warning, Severity::error, Severity::critical})
    for (const char* time : {kNight, kAfternoon})
      for (const Due& due : ways_of(ada(), severity, at(time)))
        CHECK(std::any_of(all.begin(), all.end(),
                          [&](const Due& any) { return any.contact == due.contact; }));
}

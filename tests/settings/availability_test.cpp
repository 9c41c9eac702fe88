// People as they are written: when they are away, what wakes them, and by which way.
#include "tests/settings/rota_world.hpp"

using namespace tocsin;
using namespace tocsin::settings;

namespace {

std::string ada(const std::string& rest) {
  return "people: [{name: ada, contacts: {terminal: a, other: b}, " + rest +
         "}]\nchannels: [{name: terminal, type: log}, {name: other, type: log}]\n";
}

oncall::Person person(const std::string& rest) {
  return loaded_of(ada(rest)).directory.people.at("ada");
}

void check_person(const std::vector<Wrong>& table) {
  for (const auto& [written, said] : table) {
    INFO(written);
    CHECK(faults_of(ada(written)) == said);
  }
}

using Severities = std::vector<Severity>;

}  // namespace

TEST_CASE("leave and quiet hours are in the person's own time") {
  const oncall::Person read = person(
      "time_zone: Europe/Dublin, leave: [{from: 2026-07-01T00:00, until: 2026-07-15T00:00, why: "
      "at the sea}, {from: 2026-12-24T10:00:00Z, until: 2027-01-02T00:00}], quiet_hours: {hours: "
      "\"22:00-07:00\"}, limit: {pages: 10, per: 1h}");
  CHECK(read.time_zone.name() == "Europe/Dublin");
  CHECK(read.leave == std::vector<oncall::Leave>{
                          {utc("2026-06-30T23:00:00Z"), utc("2026-07-14T23:00:00Z"), "at the sea"},
                          {utc("2026-12-24T10:00:00Z"), utc("2027-01-02T00:00:00Z"), ""}});
  REQUIRE(read.quiet_hours.size() == 1);
  CHECK(read.quiet_hours[0].zone.name() == "Europe/Dublin");
  CHECK((read.quiet_hours[0].from_minute == 22 * 60 && read.quiet_hours[0].until_minute == 7 * 60));
  CHECK(read.limit == oncall::PageLimit{10, std::chrono::hours(1)});
}

TEST_CASE("what is no person may have no limit") {
  CHECK(person("limit: none").limit == oncall::kNoLimit);
}

TEST_CASE("a person without any of it is always there and told by every contact") {
  const oncall::Person read = person("time_zone: UTC");
  CHECK((read.leave.empty() && read.quiet_hours.empty() && read.limit.pages == 0));
  const std::vector<oncall::Way> all{{"terminal", "a", {}}, {"other", "b", {}}};
  CHECK((read.notify == all && read.contacts == all));
}

TEST_CASE("the order of notify leaves all contacts as they are") {
  const oncall::Person read = person("notify: [{channel: other}]");
  CHECK(read.notify == std::vector<oncall::Way>{{"other", "b", {}}});
  CHECK(read.contacts == std::vector<oncall::Way>{{"terminal", "a", {}}, {"other", "b", {}}});
}

TEST_CASE("quiet hours may be several") {
  const oncall::Person read =
      person("time_zone: UTC, quiet_hours: [{hours: \"22:00-07:00\"}, {days: [Sat, Sun]}]");
  CHECK(read.quiet_hours.size() == 2);
}

TEST_CASE("a time without an offset needs the person's time zone") {
  check_person({
      {"leave: [{from: 2026-07-01T00:00, until: 2026-07-15T00:00:00Z}]",
       {"people[0].leave[0].from: \"2026-07-01T00:00\" is in whose time? write time_zone: beside "
        "the person's name, or an offset: 2026-12-24T10:00:00Z"}},
      {"quiet_hours: {hours: \"22:00-07:00\"}",
       {"people[0].quiet_hours: in whose time? write time_zone: beside the person's name, e.g. "
        "time_zone: Europe/Dublin"}},
      // One mistake, one fault.
      {"time_zone: Dublin, leave: [{from: 2026-07-01T00:00, until: 2026-07-15T00:00}], "
       "quiet_hours: "
       "{hours: \"22:00-07:00\"}",
       {"people[0].time_zone: \"Dublin\": no such time zone on this machine; write an IANA name "
        "such as Europe/Dublin, or UTC (the names come with the package tzdata)"}},
  });
  CHECK(person("leave: [{from: 2026-07-01T00:00:00Z, until: 2026-07-15T00:00:00+01:00}]")
            .leave.size() == 1);
}

TEST_CASE("leave and quiet hours and limits come to an end and say how much") {
  std::string many = "leave: [";
  for (int i = 0; i < 201; ++i) many += "{}, ";
  check_person({
      {"leave: {from: 2026-07-01T00:00:00Z}", {"people[0].leave: found a map; wanted a list"}},
      {"leave: [{why: at the sea}]",
       {"people[0].leave[0].from: missing; say when it begins",
        "people[0].leave[0].until: missing; say when they are back"}},
      {"leave: [{from: 2026-07-02T00:00:00Z, until: 2026-07-02T00:00:00Z}]",
       {"people[0].leave[0].until: not after from; mend one of the two"}},
      {many + "]", {"people[0].leave: more than 200 of them; remove those that are over"}},
      {"time_zone: UTC, quiet_hours: {days: [Mon, Tue, Wed, Thu, Fri, Sat, Sun]}",
       {"people[0].quiet_hours: they would never end; give them hours or fewer days"}},
      {"time_zone: UTC, quiet_hours: {from: \"22:00\"}",
       {"people[0].quiet_hours: says neither days nor hours; write e.g. {days: [Mon, Tue], hours: "
        "\"09:00-17:00\"}",
        "people[0].quiet_hours.from: unknown key; known here: days, hours"}},
      {"limit: {pages: 10}", {"people[0].limit.per: missing; write e.g. {pages: 10, per: 1h}"}},
      {"limit: {pages: 0, per: 1h}",
       {"people[0].limit.pages: \"0\" is no such number; write 1 to 1000 without leading zeros"}},
      {"limit: many",
       {"people[0].limit: \"many\" is no limit; write e.g. {pages: 10, per: 1h}, or none"}},
      {"limit: {pages: 10, per: 1s}",
       {"people[0].limit.per: \"1s\" is out of range; write 1m to 7d"}},
  });
}

TEST_CASE("a contact may be for some severities only and once for each") {
  const oncall::Person read = person(
      "notify: [{channel: other, severity: [critical, error]}, {channel: terminal, after: 2m}, "
      "{channel: other, after: 5m, severity: [warning]}]");
  using std::chrono::minutes;
  CHECK(read.notify == std::vector<oncall::Way>{
                           {"other", "b", {}, Severities{Severity::critical, Severity::error}},
                           {"terminal", "a", minutes(2), {}},
                           {"other", "b", minutes(5), Severities{Severity::warning}}});
  check_person({
      {"notify: [{channel: other, severity: [critical, error]}, {channel: other, severity: "
       "[warning, error]}]",
       {"people[0].notify[1].channel: \"other\" stands here twice for error; each contact is tried "
        "once, keep the first"}},
      {"notify: [{channel: other}, {channel: other, severity: [warning]}]",
       {"people[0].notify[1].channel: \"other\" stands here twice; each contact is tried once, "
        "keep "
        "the first"}},
      {"notify: [{channel: other, severity: []}]",
       {"people[0].notify[0].severity: empty; leave it out for every severity"}},
      {"notify: [{channel: other, severity: [page]}]",
       {"people[0].notify[0].severity[0]: \"page\" is no severity; choose critical, error, warning "
        "or info"}},
      {"notify: [{channel: other, severity: [info, info]}]",
       {"people[0].notify[0].severity[1]: \"info\" stands here twice; remove one"}},
      {"notify: [{channel: other, severity: critical}]",
       {"people[0].notify[0].severity: found text; wanted a list"}},
  });
}

TEST_CASE("a severity of which notify says nothing is noted and so no silence") {
  CHECK(notes_of(ada("notify: [{channel: other, severity: [critical]}, {channel: terminal, "
                     "severity: [error]}]")) ==
        Texts{"people[0].notify: says nothing of warning, info, which is told by every contact at "
              "once; add an entry for it if that is not meant"});
  CHECK(notes_of(ada("notify: [{channel: other, severity: [critical]}, {channel: terminal}]")) ==
        Texts{});
}

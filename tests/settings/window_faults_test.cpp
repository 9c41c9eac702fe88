// Maintenance windows as they are written.
#include "tests/settings/world.hpp"

using namespace tocsin;
using namespace tocsin::settings;

namespace {

std::string window(const std::string& rest) {
  return "windows: [{name: w, why: x, matchers: [a=b], " + rest + "}]";
}
std::string matchers(const std::string& list) {
  return "windows: [{name: w, why: x, hours: 22:00-04:00, matchers: " + list + "}]";
}
WallTime at(std::string_view text) { return parse_rfc3339(text).value(); }

rules::Window only(const std::string& written) {
  const Loaded loaded = load_service(written + "\n");
  for (const Fault& fault : loaded.faults) FAIL(fault.text());
  REQUIRE(loaded.settings->windows.size() == 1);
  return loaded.settings->windows[0];
}

}  // namespace

TEST_CASE("a window has a name and a why and says which alerts") {
  const std::string everything =
      "match an alert without any label, and so perhaps every alert; add e.g. 'service=\"api\"', "
      "or "
      "'alertname=~\".+\"' if every alert is meant";
  check_faults({
      {"windows: [{hours: 22:00-04:00}]",
       {"tocsin.yaml:1:11: windows[0].name: missing; whoever finds an alert held by it wants to "
        "know",
        "tocsin.yaml:1:11: windows[0].matchers: missing; say which alerts, e.g. matchers: "
        "['service=\"api\"']",
        "tocsin.yaml:1:11: windows[0].why: missing; say what is done meanwhile"}},
      {matchers("[]"),
       {"tocsin.yaml:1:59: windows[0].matchers: empty; say which alerts, e.g. 'service=\"api\"', "
        "or "
        "'alertname=~\".+\"' for every one"}},
      {matchers("['a!=\"b\"']"), {"tocsin.yaml:1:59: windows[0].matchers: " + everything}},
      {matchers("['a=~\".*\"', c!=d]"), {"tocsin.yaml:1:59: windows[0].matchers: " + everything}},
      {matchers("['a==\"b\"']"),
       {"tocsin.yaml:1:62: windows[0].matchers[0]: == is no operator; write = for equal"}},
      {"windows: [{name: w, why: \"\", hours: 22:00-04:00, matchers: [a=b]}]",
       {"tocsin.yaml:1:26: windows[0].why: empty; write a text"}},
      {"windows: [{name: w, why: " + std::string(4097, 'y') +
           ", hours: 22:00-04:00, matchers: [a=b]}]",
       {"tocsin.yaml:1:26: windows[0].why: longer than 4096 bytes; write less"}},
      {window("hours: 22:00-04:00}, {name: w, why: x, matchers: [a=b], days: [Mon]"),
       {R"(tocsin.yaml:1:74: windows[1].name: another window is called "w" in tocsin.yaml:1; rename one of the two)"}},
      {window("hours: 22:00-04:00, page: base"),
       {"tocsin.yaml:1:66: windows[0].page: unknown key; known here: name, matchers, why, "
        "time_zone, "
        "from, until, days, hours"}},
  });
  std::string many = "[";
  for (int i = 0; i < 65; ++i) many += "a=b, ";
  check_faults({{matchers(many + "]"),
                 {"tocsin.yaml:1:59: windows[0].matchers: more than 64 matchers; use fewer"}}});
}

TEST_CASE("a window says when and comes to an end") {
  const std::string never =
      "tocsin.yaml:1:11: windows[0]: it would never end; give it until, hours or fewer days (what "
      "nobody ever needs to know is a rule with suppress)";
  const std::string no_hours = " is no pair of times; write e.g. \"22:00-04:00\"";
  check_faults({
      {"windows: [{name: w, why: x, matchers: [a=b]}]", {never}},
      {window("from: 2026-12-24T10:00"), {never}},
      {window("hours: 00:00-24:00"), {never}},
      {window("days: [Mon, Tue, Wed, Thu, Fri, Sat, Sun]"), {never}},
      {window("days: []"),
       {"tocsin.yaml:1:52: windows[0].days: empty; leave it out for every day"}},
      {window("days: [Mon, Tues]"),
       {R"(tocsin.yaml:1:58: windows[0].days[1]: "Tues" is no day; write Mon, Tue, Wed, Thu, Fri, Sat or Sun)"}},
      {window("days: Mon"), {"tocsin.yaml:1:52: windows[0].days: found text; wanted a list"}},
      {window("hours: 22-4"), {"tocsin.yaml:1:53: windows[0].hours: \"22-4\"" + no_hours}},
      {window("hours: 22:00-24:01"),
       {"tocsin.yaml:1:53: windows[0].hours: \"22:00-24:01\"" + no_hours}},
      {window("hours: 24:00-04:00"),
       {"tocsin.yaml:1:53: windows[0].hours: \"24:00-04:00\"" + no_hours}},
      {window("hours: 22:60-23:00"),
       {"tocsin.yaml:1:53: windows[0].hours: \"22:60-23:00\"" + no_hours}},
      {window("hours: 22:00-22:00"),
       {"tocsin.yaml:1:53: windows[0].hours: begins and ends at the same time; leave hours out for "
        "the whole day, or mend one"}},
      {window("from: 2026-12-24T10:00, until: 2026-12-24T10:00"),
       {"tocsin.yaml:1:77: windows[0].until: not after from; mend one of the two"}},
      {window("until: tomorrow"),
       {R"(tocsin.yaml:1:53: windows[0].until: "tomorrow" is no time; write e.g. 2026-12-24T10:00, or with an offset 2026-12-24T10:00:00Z)"}},
      {window("until: 2026-02-30T10:00"),
       {R"(tocsin.yaml:1:53: windows[0].until: "2026-02-30T10:00" is no time; write e.g. 2026-12-24T10:00, or with an offset 2026-12-24T10:00:00Z)"}},
      {window("hours: 22:00-04:00, time_zone: Europe/Dublino"),
       {R"(tocsin.yaml:1:77: windows[0].time_zone: "Europe/Dublino": no such time zone on this machine; write an IANA name such as Europe/Dublin, or UTC (the names come with the package tzdata))"}},
  });
}

TEST_CASE("a window holds once or again and again in its zone") {
  const rules::Window once = only(
      window("time_zone: Europe/Dublin, from: 2026-07-01T10:00, until: 2026-07-01T12:00:00+02:00"));
  CHECK((once.name == "w" && once.team.empty() && once.why == "x" && once.matchers.size() == 1));
  CHECK(once.schedule.from == at("2026-07-01T09:00:00Z"));
  CHECK(once.schedule.until == at("2026-07-01T10:00:00Z"));
  CHECK(once.schedule.is_unbroken());

  const rules::Window nights =
      only(window("time_zone: Europe/Dublin, days: [Sat, Sunday], hours: 22:00-04:00"));
  CHECK(nights.schedule.zone.name() == "Europe/Dublin");
  CHECK((nights.schedule.from_minute == 22 * 60 && nights.schedule.until_minute == 4 * 60));
  CHECK((nights.schedule.days.has(Weekday::saturday) && nights.schedule.days.has(Weekday::sunday)));
  CHECK_FALSE(nights.schedule.days.has(Weekday::monday));

  const rules::Window bounded =
      only(window("hours: \"20:00-00:00\", from: 2026-07-01T00:00, until: 2026-08-01T00:00"));
  CHECK(bounded.schedule.zone == Zone());
  CHECK(bounded.schedule.until_minute == kMinutesOfDay);
  CHECK(bounded.schedule.covers(at("2026-07-31T23:59:00Z")));
  CHECK_FALSE(bounded.schedule.covers(at("2026-08-01T21:00:00Z")));
}

TEST_CASE("where clocks show a time twice a window is whole") {
  const rules::Window window_in_autumn =
      only(window("time_zone: Europe/Berlin, from: 2026-10-25T02:30, until: 2026-10-25T02:30:01"));
  CHECK(window_in_autumn.schedule.from == at("2026-10-25T00:30:00Z"));
  CHECK(window_in_autumn.schedule.until == at("2026-10-25T01:30:01Z"));
}

TEST_CASE("the windows of all files are one list and a team's own are its") {
  const Loaded loaded =
      load_files({{"tocsin.yaml", with_the_rest(window("hours: 22:00-04:00") + "\n")},
                  {"teams/cdp.yaml",
                   "team: cdp\nwindows: [{name: v, why: x, matchers: ['alertname=~\".+\"'], days: "
                   "[Sun]}]\n"}});
  REQUIRE(loaded.settings);
  REQUIRE(loaded.settings->windows.size() == 2);
  CHECK(loaded.settings->windows[1].team == "cdp");
}

TEST_CASE("a window whose matcher is unknown for want of a variable holds nothing") {
  const Loaded loaded = load_service(matchers("[a=b, 'c=\"${NONE}\"']") + "\n", Unset::note);
  REQUIRE(loaded.settings);
  CHECK(loaded.settings->windows.empty());
}

TEST_CASE("more windows than every alert can be held against are refused") {
  std::string many = "windows:\n";
  for (std::size_t i = 0; i < 1001; ++i)
    many += "  - {name: w" + std::to_string(i) + ", why: x, matchers: [a=b], days: [Sun]}\n";
  CHECK(texts(load_service(many).faults) ==
        std::vector<std::string>{"tocsin.yaml:1002:5: windows[1000]: more than 1000 windows in all "
                                 "files, and every alert is held against each; remove some"});
}

// Coverage: whether a person would be paged, for every rule and every moment, and where not.
#include "router/oncall/coverage.hpp"

#include <random>
#include <set>

#include "tests/catch.hpp"
#include "tests/oncall/rotas.hpp"

using namespace tocsin;
using namespace tocsin::oncall;
using namespace tocsin::tests;
using Why = Gap::Why;
using std::chrono::hours;

namespace {

Target person(const std::string& name) { return {Target::Kind::person, name}; }
Target rota(const std::string& name) { return {Target::Kind::rota, name}; }
Target room(const std::string& name) { return {Target::Kind::channel, name}; }

Step step(std::vector<Target> page) {
  Step made;
  made.page = std::move(page);
  return made;
}

Schedule hours_of_day(int from, int until) {
  Schedule schedule;
  schedule.from_minute = from * 60;
  schedule.until_minute = until * 60;
  return schedule;
}

/// A rota of ada, grace and linus, week by week from Monday the 5th of January 2026, a policy
/// "team" that pages it, and a default policy "platform" that pages mary.
struct World : OneRota {
  Policies policies;
  std::vector<Paging> pagings{{"api", "team", Severity::critical}};
  std::set<std::string> broken;  // persons whose contacts do not work, or "person/channel"

  World() {
    person("mary");
    for (auto& each : people.people) give_phone(each.second);
    policy("team", {step({rota(kName)})});
    policy("platform", {step({tests_person("mary")})});
  }
  static Target tests_person(const std::string& name) { return ::person(name); }
  static Target rota(const std::string& name) { return ::rota(name); }
  using OneRota::rota;

  static void give_phone(Person& each) { each.notify = {{"push", each.name + "-phone", {}, {}}}; }
  void policy(const std::string& name, std::vector<Step> steps) {
    Policy made;
    made.name = name;
    made.steps = std::move(steps);
    policies[name] = made;
  }
  Coverage cover(std::string_view from = "2026-01-05T10:00:00Z",
                 std::string_view until = "2026-01-26T10:00:00Z") const {
    const Works works = [this](std::string_view who, std::string_view channel, std::string_view) {
      return !broken.contains(std::string(who)) &&
             !broken.contains(std::string(who) + "/" + std::string(channel));
    };
    return oncall::cover(pagings, policies, "platform", roster(), works, at(from), at(until));
  }
};

std::string told(const Coverage& coverage) {
  std::string text;
  for (const Gap& gap : coverage.gaps) {
    text += (text.empty() ? "" : "; ") + format_rfc3339(gap.from).substr(5, 11) + " to " +
            format_rfc3339(gap.until).substr(5, 11) + " " + std::string(to_string(gap.why));
    for (const std::string& rule : gap.rules) text += " " + rule;
    for (const std::string& name : gap.people) text += " (" + name + ")";
    for (const Severity severity : gap.severities) text += " " + std::string(to_string(severity));
    text += gap.default_policy ? " default" : gap.caught ? " caught" : " lost";
  }
  return text;
}

}  // namespace

TEST_CASE("a rule whose rota always has somebody with a contact is covered") {
  const World world;
  const Coverage coverage = world.cover();
  CHECK(told(coverage) == "");
  CHECK(coverage.from == at("2026-01-05T10:00:00Z"));
  CHECK(coverage.until == at("2026-01-26T10:00:00Z"));
}

TEST_CASE("a time at which nobody is on call is a gap that the default policy catches") {
  World world;
  world.first().only = {hours_of_day(8, 20)};
  CHECK(told(world.cover("2026-01-06T12:00:00Z", "2026-01-08T12:00:00Z")) ==
        "01-06T20:00 to 01-07T08:00 nobody api caught; "
        "01-07T20:00 to 01-08T08:00 nobody api caught");
  const Gap gap = world.cover("2026-01-06T12:00:00Z", "2026-01-07T12:00:00Z").gaps.at(0);
  CHECK(gap.targets == std::vector{rota("primary")});
  CHECK(gap.policies == std::vector<std::string>{"team"});
  CHECK(gap.severities.empty());
  CHECK(sentence(gap, zone("Europe/Dublin")) ==
        "rota primary: nobody is on call from Tue 2026-01-06 20:00 GMT until Wed 2026-01-07 08:00 "
        "GMT; api falls through to the default policy");
}

TEST_CASE("a person whose contacts do not work is a gap for as long as they are on call") {
  World world;
  world.broken = {"grace"};
  CHECK(told(world.cover()) == "01-12T10:00 to 01-19T10:00 no_contact api (grace) caught");
  // Another contact that works is enough, if it is for the severity.
  world.person("grace").notify.push_back({"mail", "grace@example.com", {}, {}});
  world.broken = {"grace/push"};
  CHECK(told(world.cover()) == "");
  world.person("grace").notify.back().severities = {Severity::info, Severity::warning};
  CHECK(told(world.cover()) == "01-12T10:00 to 01-19T10:00 no_contact api (grace) caught");
  world.pagings = {{"api", "team", Severity::warning}};
  CHECK(told(world.cover()) == "");
  // Without any contact there is none that works.
  world.person("linus").notify.clear();
  CHECK(told(world.cover()) == "01-19T10:00 to 01-26T10:00 no_contact api (linus) caught");
}

TEST_CASE("for a severity that no contact is meant for each of them is told and covers it") {
  World world;
  world.person("grace").notify.back().severities = {Severity::critical};
  world.pagings = {{"api", "team", Severity::warning}};
  CHECK(told(world.cover()) == "");
  world.broken = {"grace"};
  CHECK(told(world.cover()) == "01-12T10:00 to 01-19T10:00 no_contact api (grace) caught");
}

TEST_CASE("a step that reaches somebody covers whatever another does not") {
  World world;
  world.broken = {"grace"};
  world.first().only = {hours_of_day(8, 20)};
  world.policy("team", {step({room("ops"), rota("primary")}), step({person("linus")})});
  CHECK(told(world.cover()) == "");
  world.policies["team"].steps[1].only.hours = {hours_of_day(0, 12)};
  CHECK(told(world.cover("2026-01-12T00:00:00Z", "2026-01-13T00:00:00Z")) ==
        "01-12T12:00 to 01-12T20:00 no_contact api (grace) caught; "
        "01-12T20:00 to 01-13T00:00 nobody api caught");
  world.policies["team"].steps[1].only = {{Severity::warning}, {}};
  CHECK(told(world.cover("2026-01-12T20:00:00Z", "2026-01-13T00:00:00Z")) ==
        "01-12T20:00 to 01-13T00:00 nobody api caught");
}

TEST_CASE("a room is nobody's person") {
  World world;
  world.policy("team", {step({room("ops")})});
  const Coverage coverage = world.cover();
  CHECK(told(coverage) == "01-05T10:00 to 01-26T10:00 no_step api caught");
  CHECK(coverage.gaps.at(0).targets == std::vector{room("ops")});
}

TEST_CASE("where no step is taken is a gap of its own kind") {
  World world;
  world.policies["team"].steps[0].only.hours = {hours_of_day(8, 20)};
  CHECK(told(world.cover("2026-01-06T12:00:00Z", "2026-01-07T12:00:00Z")) ==
        "01-06T20:00 to 01-07T08:00 no_step api caught");
}

TEST_CASE("quiet hours are a gap unless it is critical or somebody else is awake") {
  World world;
  world.person("ada").quiet_hours = {hours_of_day(22, 7)};
  CHECK(told(world.cover()) == "");
  world.pagings = {{"api", "team", Severity::error}};
  CHECK(told(world.cover("2026-01-06T12:00:00Z", "2026-01-07T12:00:00Z")) ==
        "01-06T22:00 to 01-07T07:00 quiet_hours api (ada) caught");
  world.policies["team"].steps.push_back(step({person("linus")}));
  CHECK(told(world.cover()) == "");
}

TEST_CASE("a rule that takes the severity from the alert is covered when each of them is") {
  World world;
  world.pagings = {{"api", "team", std::nullopt}};
  world.person("ada").quiet_hours = {hours_of_day(22, 7)};
  CHECK(told(world.cover("2026-01-06T12:00:00Z", "2026-01-07T12:00:00Z")) ==
        "01-06T22:00 to 01-07T07:00 quiet_hours api (ada) info warning error caught");
  world.broken = {"ada"};
  CHECK(told(world.cover("2026-01-06T12:00:00Z", "2026-01-07T12:00:00Z")) ==
        "01-06T12:00 to 01-07T12:00 no_contact api (ada) caught");
}

TEST_CASE("what the default policy does not catch either comes first") {
  World world;
  world.broken = {"grace"};
  world.policies["platform"].steps[0].only.hours = {hours_of_day(8, 20)};
  CHECK(told(world.cover("2026-01-12T00:00:00Z", "2026-01-13T00:00:00Z")) ==
        "01-12T00:00 to 01-12T08:00 no_step default; "
        "01-12T20:00 to 01-13T00:00 no_step default; "
        "01-12T20:00 to 01-13T00:00 no_contact api (grace) lost; "
        "01-12T10:00 to 01-12T20:00 no_contact api (grace) caught");
}

TEST_CASE("a default policy that reaches nobody is the gravest gap") {
  World world;
  world.broken = {"mary"};
  world.pagings.push_back({"billing", "platform", std::nullopt});
  world.pagings.push_back({"search", "", std::nullopt});
  const Coverage coverage = world.cover();
  CHECK(told(coverage) == "01-05T10:00 to 01-26T10:00 no_contact billing search (mary) default");
  CHECK(sentence(coverage.gaps.at(0), Zone()) ==
        "person mary: mary: no contact that works from Mon 2026-01-05 10:00 UTC until Mon "
        "2026-01-26 10:00 UTC; the default policy pages nobody, also for billing, search");
  world.policies.erase("platform");
  CHECK(told(world.cover()) == "01-05T10:00 to 01-26T10:00 no_policy billing search default");
}

TEST_CASE("rules that fall through together are one gap") {
  World world;
  world.broken = {"grace"};
  world.policy("other", {step({rota("primary")}), step({room("ops")})});
  world.pagings = {{"api", "team", Severity::critical},
                   {"db", "other", Severity::critical},
                   {"web", "team", Severity::critical},
                   {"batch", "team", Severity::warning},
                   {"lost", "gone", Severity::critical}};
  CHECK(told(world.cover("2026-01-12T10:00:00Z", "2026-01-13T10:00:00Z")) ==
        "01-12T10:00 to 01-13T10:00 no_policy lost caught; "
        "01-12T10:00 to 01-13T10:00 no_contact api db web batch (grace) caught");
}

TEST_CASE("leave and overrides and hand-overs are looked at to the moment") {
  World world;
  world.broken = {"grace"};
  world.away("linus", "2026-01-20T01:02:03.000004Z", "2026-01-21T00:00:00Z");
  world.away("ada", "2026-01-20T00:00:00Z", "2026-01-21T00:00:00Z");
  world.override_by("mary", "2026-01-13T00:00:00Z", "2026-01-26T00:00:00Z");
  world.rota().overrides[0].until = at("2026-01-19T10:00:00Z");
  World::give_phone(world.person("mary"));
  const Coverage coverage = world.cover();
  REQUIRE(told(coverage) ==
          "01-12T10:00 to 01-13T00:00 no_contact api (grace) caught; "
          "01-20T01:02 to 01-21T00:00 no_contact api (grace) caught");
  CHECK(coverage.gaps[1].from == at("2026-01-20T01:02:03.000004Z"));
}

TEST_CASE("coverage looks no further than it says and lists no more") {
  World world;
  CHECK(world.cover("2026-01-05T10:00:00Z", "2036-01-05T10:00:00Z").until ==
        at("2026-01-05T10:00:00Z") + kLongestCoverage);
  CHECK(world.cover("2026-01-05T10:00:00Z", "2026-01-05T10:00:00Z").gaps.empty());
  CHECK(world.cover("2026-01-05T10:00:00Z", "2020-01-05T10:00:00Z").gaps.empty());
  Layer hourly = world.layer({"ada", "nobody"}, "2026-01-01T00:00", {{1, ShiftLength::Unit::hour}});
  world.people.people.erase("nobody");
  for (int i = 0; i < 3; ++i) {
    Rota rota;
    rota.name = "r" + std::to_string(i);
    rota.layers = {hourly};
    world.rotas[rota.name] = rota;
    world.policy(rota.name, {step({World::rota(rota.name)})});
    world.pagings.push_back({rota.name, rota.name, std::nullopt});
  }
  const Coverage coverage = world.cover("2026-01-05T10:00:00Z", "2036-01-05T10:00:00Z");
  CHECK(coverage.gaps.size() == kMostGaps);
  CHECK(coverage.left_out == 3 * 400 * 12 - kMostGaps);
}

TEST_CASE("coverage is what asking minute for minute says") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    INFO("seed " << seed);
    std::mt19937 dice(seed);
    World world;
    const std::vector<std::string> names{"ada", "grace", "linus", "mary"};
    const auto some_hours = [&] {
      return hours_of_day(static_cast<int>(dice() % 24), static_cast<int>(1 + dice() % 24));
    };
    world.first().rotation.every = {
        {static_cast<std::uint32_t>(7 + dice() % 20), ShiftLength::Unit::hour}};
    if (dice() % 2 == 0) world.first().only = {some_hours()};
    world.away(names[dice() % 3], "2026-01-13T05:00:00Z", "2026-01-14T11:00:00Z");
    world.override_by(names[dice() % 4], "2026-01-12T15:00:00Z", "2026-01-12T21:30:00Z");
    for (const std::string& name : names) {
      if (dice() % 3 == 0) world.broken.insert(name);
      if (dice() % 3 == 0) world.person(name).quiet_hours = {some_hours()};
      if (dice() % 4 == 0) world.person(name).notify[0].severities = {Severity::error};
    }
    std::vector<Step> steps;
    for (std::size_t i = 1 + dice() % 3; i > 0; --i) {
      steps.push_back(step({dice() % 2 == 0 ? World::rota("primary") : person(names[dice() % 4])}));
      if (dice() % 3 == 0) steps.back().only.hours = {some_hours(), some_hours()};
      if (dice() % 4 == 0) steps.back().only.severities = {Severity::critical};
      if (dice() % 4 == 0) steps.back().page.push_back(room("ops"));
    }
    world.policy("team", steps);
    const Severity severity = dice() % 2 == 0 ? Severity::critical : Severity::error;
    world.pagings = {{"api", "team", severity}};

    const auto reached = [&](const std::string& policy, WallTime time) {
      for (const Step& each : world.policies.at(policy).steps) {
        const StepOnly& only = each.only;
        if (!only.severities.empty() && only.severities[0] != severity) continue;
        if (!only.hours.empty() &&
            std::none_of(only.hours.begin(), only.hours.end(),
                         [&](const Schedule& schedule) { return schedule.covers(time); }))
          continue;
        for (const Target& target : each.page) {
          if (target.kind == Target::Kind::channel) continue;
          const std::string who =
              target.kind == Target::Kind::person ? target.name : world.on_call(time).person;
          if (who.empty() || world.broken.contains(who)) continue;
          const Person& found = world.people.people.at(who);
          // Their only contact is told whatever it is meant for.
          if (severity != Severity::critical && !found.quiet_hours.empty() &&
              found.quiet_hours[0].covers(time))
            continue;
          return true;
        }
      }
      return false;
    };
    const Coverage coverage = world.cover("2026-01-12T00:00:00Z", "2026-01-15T00:00:00Z");
    for (WallTime time = coverage.from; time < coverage.until; time += std::chrono::minutes(10)) {
      std::size_t gaps = 0;
      for (const Gap& gap : coverage.gaps) {
        if (gap.default_policy || time < gap.from || gap.until <= time) continue;
        ++gaps;
        REQUIRE(gap.caught == reached("platform", time));
      }
      REQUIRE(gaps == (reached("team", time) ? 0 : 1));
    }
  }
}

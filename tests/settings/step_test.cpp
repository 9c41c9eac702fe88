// Steps as they are written: whom, when, and how the targets share a page.
#include "tests/settings/rota_world.hpp"

using namespace tocsin;
using namespace tocsin::settings;

namespace {

const std::string kBase = "{name: base, steps: [{page: [{person: ada}]}]}";

/// A policy p of one step, beside the default one.
std::string step(const std::string& rest, const std::string& page = "[{person: ada}]") {
  return "policies: [{name: p, steps: [{page: " + page + ", " + rest + "}]}, " + kBase + "]\n";
}

Step read(const std::string& rest,
          const std::string& page = "[{person: ada}, {channel: terminal}]") {
  return loaded_of(step(rest, page)).policies.at("p").steps.at(0);
}

void check_step(const std::vector<Wrong>& table) {
  for (const auto& [written, said] : table) {
    INFO(written);
    CHECK(faults_of(step(written)) == said);
  }
}

const std::string kKey = "policies[0].steps[0].";
const std::string kPassedOver =
    "policies[0]: every step has only:, and when none of them is taken the default policy is paged "
    "(in a drill, nobody); add a step without if that is not meant";

}  // namespace

TEST_CASE("a step is taken for some severities and in some hours") {
  const Step taken = read(
      "only: {severity: [critical, error], days: [Mon, Fri], hours: \"09:00-17:00\", time_zone: "
      "Europe/Dublin}");
  CHECK(taken.only.severities == std::vector<Severity>{Severity::critical, Severity::error});
  REQUIRE(taken.only.hours.size() == 1);
  CHECK(taken.only.hours[0].zone.name() == "Europe/Dublin");
  CHECK((taken.only.hours[0].from_minute == 9 * 60 && taken.only.hours[0].until_minute == 17 * 60));
  CHECK((taken.only.hours[0].days.has(Weekday::friday) &&
         !taken.only.hours[0].days.has(Weekday::tuesday)));
  CHECK(read("only: {severity: [info]}").only.hours.empty());
  CHECK(read("wait: 1m").only.always());
}

TEST_CASE("what only says of a step is whole") {
  check_step({
      {"only: {}", {kKey + "only: says nothing; write severity, days or hours, or remove it"}},
      {"only: {hours: \"09:00-17:00\"}",
       {kKey +
        "only.time_zone: missing; days and hours are in it; write e.g. time_zone: Europe/Dublin"}},
      {"only: {severity: [critical], time_zone: UTC}",
       {kKey + "only.time_zone: of which days and hours? write them as well, or remove it"}},
      {"only: {days: [Moon], time_zone: UTC}",
       {kKey + "only.days[0]: \"Moon\" is no day; write Mon, Tue, Wed, Thu, Fri, Sat or Sun"}},
      {"only: {severity: [high]}",
       {kKey +
        "only.severity[0]: \"high\" is no severity; choose critical, error, warning or info"}},
      {"only: [{severity: [critical]}]", {kKey + "only: found a list; wanted a map"}},
      {"only: {services: [api]}",
       {kKey + "only: says nothing; write severity, days or hours, or remove it",
        kKey + "only.services: unknown key; known here: severity, days, hours, time_zone"}},
  });
}

TEST_CASE("targets take turns or are paged together and anyone or everyone acknowledges") {
  const Step plain = read("wait: 5m");
  CHECK((!plain.round_robin && !plain.everyone));
  CHECK(read("round_robin: true").round_robin);
  CHECK_FALSE(read("round_robin: false").round_robin);
  CHECK(read("acknowledge: everyone").everyone);
  CHECK_FALSE(read("acknowledge: anyone").everyone);
  check_step({
      {"round_robin: maybe",
       {kKey + "round_robin: \"maybe\" is neither true nor false; write one of the two, without "
               "quotes"}},
      {"acknowledge: all",
       {kKey + "acknowledge: \"all\" is no way to acknowledge; choose anyone or everyone"}},
  });
  CHECK(faults_of(step("acknowledge: everyone", "[{channel: terminal}]")) ==
        Texts{kKey +
              "acknowledge: nobody acknowledges for a channel; page a person or a rota here, or "
              "remove it"});
  CHECK(notes_of(step("round_robin: true")) ==
        Texts{kKey + "round_robin: with one target nobody takes turns; add targets, or remove it"});
  CHECK(notes_of(step("round_robin: true", "[{person: ada}, {channel: terminal}]")) == Texts{});
}

TEST_CASE("an acknowledgement may hold for a time only") {
  const auto policy = [](const std::string& timeout) {
    return "policies: [{name: base, steps: [{page: [{person: ada}]}], acknowledgement_timeout: " +
           timeout + "}]\n";
  };
  const auto timeout = [&](const std::string& written) {
    return loaded_of(policy(written)).policies.at("base").acknowledgement_timeout;
  };
  CHECK(timeout("30m") == std::chrono::minutes(30));
  CHECK(timeout("7d") == std::chrono::hours(7 * 24));
  CHECK(loaded_of("policies: [" + kBase + "]\n").policies.at("base").acknowledgement_timeout ==
        Duration::zero());
  for (const std::string written : {"59s", "8d"})
    CHECK(faults_of(policy(written)) == Texts{"policies[0].acknowledgement_timeout: \"" + written +
                                              "\" is out of range; write 1m to 7d"});
}

TEST_CASE("a policy all of whose steps may be passed over is noted") {
  CHECK(notes_of(step("only: {severity: [critical]}")) == Texts{kPassedOver});
  CHECK(notes_of(step("only: {severity: [critical, error, warning, info]}")) == Texts{});
  CHECK(notes_of(step("only: {hours: \"09:00-17:00\", time_zone: UTC}")) == Texts{kPassedOver});
}

TEST_CASE("the default policy has a step at any time and for any severity") {
  const Texts fault{
      "default.page: every step of \"base\" has only:, and when none of them is taken nobody is "
      "left to page; give it a step without"};
  const auto only = [](const std::string& written) {
    return "{page: [{person: ada}], only: {" + written + "}}, ";
  };
  const std::string day = "hours: \"09:00-17:00\", time_zone: UTC",
                    night = "hours: \"17:00-09:00\", time_zone: UTC",
                    evening = "hours: \"17:00-08:59\", time_zone: UTC",
                    elsewhere = "hours: \"17:00-09:00\", time_zone: Europe/Dublin";
  const auto said = [&](const std::string& steps) {
    const Loaded loaded =
        load_service("policies: [{name: base, steps: [" + steps + "]}]\ndefault: {page: base}\n");
    Texts all;
    for (const Fault& each : loaded.faults) all.push_back(each.key + ": " + each.what);
    return all;
  };
  CHECK(said(only(day)) == fault);
  CHECK(said(only(day) + only(night)) == Texts{});
  CHECK(said(only(day) + only(evening)) == fault);
  // Two zones change their clocks on different days, or one of them never does.
  CHECK(said(only(day) + only(elsewhere)) == fault);
  CHECK(said(only("days: [Mon, Tue, Wed, Thu, Fri], time_zone: UTC") +
             only("days: [Sat, Sun], time_zone: UTC")) == Texts{});
  CHECK(said(only("severity: [critical, error]")) == fault);
  CHECK(said(only("severity: [critical, error], " + day) + only("severity: [critical], " + night) +
             only("severity: [warning, info]")) == fault);
  CHECK(said(only("severity: [critical, error], " + day) + only(night) +
             only("severity: [warning, info]")) == Texts{});
  CHECK(said(only(day) + "{page: [{channel: terminal}]}") == Texts{});
}

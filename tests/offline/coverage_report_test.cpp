// What `tocsin check --coverage` says, of the example configuration and of one with gaps.
#include "router/offline/coverage_report.hpp"

#include <nlohmann/json.hpp>

#include "tests/offline/ground.hpp"

using namespace tocsin;
using namespace tocsin::offline;

namespace {

using Texts = std::vector<std::string>;

WallTime utc(std::string_view text) { return parse_rfc3339(text).value(); }

/// A week from Monday the 5th of January 2026 on; the rota office has somebody on weekdays from
/// nine to five in Dublin.
CoverageReport week_of(const std::string& rules,
                       const std::string& platform = "{page: [{rota: always}]}") {
  const settings::Settings settings = settings_of({{"tocsin.yaml", R"(default: {page: platform}
integrations: [{name: i, source: prometheus, key: 0123456789abcdef0}]
channels: [{name: terminal, type: log}]
people: [{name: ada, contacts: {terminal: a}}, {name: grace, contacts: {terminal: g}}]
rotas:
  - name: office
    time_zone: Europe/Dublin
    people: [ada]
    only: {days: [Mon, Tue, Wed, Thu, Fri], hours: "09:00-17:00"}
  - {name: always, time_zone: UTC, people: [ada, grace], rotation: {start: 2025-12-22}}
policies:
  - {name: office, steps: [{page: [{rota: office}, {channel: terminal}]}]}
  - {name: sure, steps: [{page: [{rota: office}]}, {page: [{person: ada}]}]}
  - {name: platform, steps: [)" + platform + R"(]}
rules:
)" + rules}});
  return report_coverage(settings, utc("2026-01-05T00:00:00Z"), utc("2026-01-12T00:00:00Z"));
}

const std::string kOffice = "  - {name: api, matchers: ['service=\"api\"'], page: office}\n";

}  // namespace

TEST_CASE("the example configuration has somebody for every rule in every minute of a year") {
  const WallTime from = utc("2026-01-05T10:00:00Z");
  const CoverageReport report =
      report_coverage(example(), from, from + std::chrono::hours(24 * 366));
  CHECK(report.whole());
  CHECK(text_of(report) ==
        "every rule pages a person at every moment until Wed 2027-01-06 10:00 UTC (+00:00)\n");
}

TEST_CASE("a gap says where and from when until when and who falls through to whom") {
  const CoverageReport report = week_of(kOffice);
  REQUIRE(report.gaps.size() == 6);  // each night, and the weekend
  const CoverageGap& first = report.gaps[0];
  CHECK((first.gap.from == utc("2026-01-05T00:00:00Z") &&
         first.gap.until == utc("2026-01-05T09:00:00Z")));
  CHECK((first.gap.rules == Texts{"api"} && first.gap.caught));
  CHECK((first.falls_to == "platform" && first.people == Texts{"grace"}));
  CHECK(first.zone.name() == "Europe/Dublin");
  CHECK(report.gaps[5].gap.until == report.until);
  const std::string text = text_of(report);
  CHECK(text.find("gap: rota office: nobody is on call from Mon 2026-01-05 17:00 GMT until Tue "
                  "2026-01-06 09:00 GMT; api falls through to the default policy (platform, at "
                  "first ada)\n") != std::string::npos);
  CHECK(text.ends_with("6 gaps until Mon 2026-01-12 00:00 UTC (+00:00)\n"));
}

TEST_CASE("a rule whose policy ends with a person has no gap and so has one that pages nobody") {
  CHECK(week_of("  - {name: api, matchers: [a=b], page: sure}\n").whole());
  CHECK(week_of("  - {name: api, matchers: [a=b], suppress: known}\n").whole());
  CHECK(week_of("  - {name: api, matchers: [a=b], severity: critical}\n").whole());
}

TEST_CASE("a gap of the default policy stands behind nothing and comes first") {
  const CoverageReport report = week_of(kOffice, "{page: [{rota: office}]}");
  REQUIRE_FALSE(report.whole());
  CHECK(report.gaps[0].gap.default_policy);
  CHECK((report.gaps[0].falls_to.empty() && report.gaps[0].people.empty()));
}

TEST_CASE("a rule that leaves the policy to the next ones is not looked at by itself") {
  const std::string next = "  - {name: next, matchers: [a=b], page: office}\n";
  const CoverageReport report =
      week_of("  - {name: first, matchers: [c=d], severity: critical, continue: true}\n" + next);
  REQUIRE_FALSE(report.whole());
  CHECK(report.gaps[0].gap.rules == Texts{"next"});
}

TEST_CASE("the coverage as JSON has every gap with what stands behind it") {
  const auto json = nlohmann::json::parse(json_of(week_of(kOffice)));
  CHECK(
      (json["from"] == "2026-01-05T00:00:00.000Z" && json["until"] == "2026-01-12T00:00:00.000Z"));
  CHECK((json["gaps"].size() == 6 && json["left_out"] == 0));
  const auto& gap = json["gaps"][1];
  CHECK((gap["from"] == "2026-01-05T17:00:00.000Z" && gap["until"] == "2026-01-06T09:00:00.000Z"));
  CHECK((gap["why"] == "nobody" && gap["policies"][0] == "office" && gap["caught"] == true));
  CHECK((gap["targets"][0]["rota"] == "office" && gap["rules"][0] == "api"));
  CHECK((gap["falls_to"] == "platform" && gap["falls_to_people"][0] == "ada"));
  CHECK(gap["default_policy"] == false);
  CHECK(gap["sentence"].get<std::string>().starts_with("rota office: nobody is on call from Mon "));
}

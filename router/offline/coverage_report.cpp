#include "router/offline/coverage_report.hpp"

#include <algorithm>

namespace tocsin::offline {
namespace {

/// What each rule pages, and with which severity where that is certain.
std::vector<oncall::Paging> pagings_of(const std::vector<rules::Rule>& rules) {
  std::vector<oncall::Paging> pagings;
  bool severity_is_its_own = true;
  for (const rules::Rule& rule : rules) {
    const bool pages = rule.suppress.empty() && rule.manual.empty();
    // One that lets the next rules speak and names no policy leaves it to them.
    if (pages && !(rule.go_on && rule.page.empty()))
      pagings.push_back({rule.name, rule.page, severity_is_its_own ? rule.severity : std::nullopt});
    if (rule.go_on && rule.severity) severity_is_its_own = false;
  }
  return pagings;
}

bool is_taken(const StepOnly& only, Severity severity, WallTime at) {
  const auto& severities = only.severities;
  const auto& hours = only.hours;
  return (severities.empty() ||
          std::find(severities.begin(), severities.end(), severity) != severities.end()) &&
         (hours.empty() || std::any_of(hours.begin(), hours.end(), [&](const Schedule& schedule) {
            return schedule.covers(at);
          }));
}

/// Whom a policy's first step with somebody pages.
std::vector<std::string> first_paged(const Policy& policy, Severity severity,
                                     const oncall::Roster& roster, WallTime at) {
  for (const Step& step : policy.steps) {
    if (!is_taken(step.only, severity, at)) continue;
    std::vector<std::string> people;
    for (const Target& target : step.page) {
      std::string person;
      if (target.kind == Target::Kind::person) person = target.name;
      if (target.kind == Target::Kind::rota)
        person = oncall::on_call(roster, target.name, at).person;
      if (!person.empty() && std::find(people.begin(), people.end(), person) == people.end())
        people.push_back(std::move(person));
    }
    if (!people.empty()) return people;
  }
  return {};
}

Zone zone_of(const oncall::Gap& gap, const oncall::Rotas& rotas) {
  for (const Target& target : gap.targets)
    if (const auto rota = rotas.find(target.name);
        target.kind == Target::Kind::rota && rota != rotas.end())
      return rota->second.time_zone;
  return {};
}

}  // namespace

bool all_work(std::string_view, std::string_view, std::string_view) { return true; }

CoverageReport report_coverage(const settings::Settings& settings, WallTime from, WallTime until,
                               const oncall::Works& works) {
  const oncall::Overrides made_by_api;
  const oncall::Roster roster{settings.rotas, settings.directory, made_by_api};
  oncall::Coverage coverage = oncall::cover(pagings_of(settings.rules), settings.policies,
                                            settings.default_policy, roster, works, from, until);
  CoverageReport report{coverage.from, coverage.until, {}, coverage.left_out};
  const Policy& fallback = settings.policies.find(settings.default_policy)->second;
  for (oncall::Gap& gap : coverage.gaps) {
    CoverageGap fallen;
    if (!gap.default_policy) {
      const Severity severity =
          gap.severities.empty() ? Severity::critical : gap.severities.front();
      fallen.falls_to = settings.default_policy;
      if (gap.caught) fallen.people = first_paged(fallback, severity, roster, gap.from);
    }
    fallen.zone = zone_of(gap, settings.rotas);
    fallen.gap = std::move(gap);
    report.gaps.push_back(std::move(fallen));
  }
  return report;
}

}  // namespace tocsin::offline

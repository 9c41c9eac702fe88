#include "router/offline/rota_report.hpp"

#include <algorithm>

namespace tocsin::offline {
namespace {

/// The least that holds a moment.
constexpr Duration kMoment{1};

RotaReport report_of(const oncall::Roster& roster, const oncall::Rota& rota, const Asked& asked) {
  RotaReport report;
  report.rota = &rota;
  report.at = asked.civil ? rota.time_zone.moments(*asked.civil).first : asked.at;
  report.now = oncall::whole_shift(roster, rota.name, report.at);
  if (asked.days == 0) {
    report.vacancies = oncall::vacancies(roster, rota, report.at, report.at + kMoment);
    return report;
  }
  const WallTime until = report.at + std::chrono::hours(24) * asked.days;
  report.shifts = oncall::shifts(roster, rota.name, report.at, until);
  report.vacancies = oncall::vacancies(roster, rota, report.at, until);
  return report;
}

}  // namespace

bool RotaReport::is_closed(const oncall::Shift& shift) const {
  return std::none_of(vacancies.begin(), vacancies.end(), [&](const oncall::Vacancy& vacancy) {
    return vacancy.unmeant_from && vacancy.from < shift.until && shift.from < vacancy.until;
  });
}

std::vector<RotaReport> report_rotas(const oncall::Rotas& rotas, const oncall::Directory& people,
                                     const Asked& asked, const std::vector<std::string>& names) {
  const oncall::Overrides made_by_api;
  const oncall::Roster roster{rotas, people, made_by_api};
  std::vector<RotaReport> reports;
  for (const auto& [name, rota] : rotas)
    if (names.empty() || std::find(names.begin(), names.end(), name) != names.end())
      reports.push_back(report_of(roster, rota, asked));
  return reports;
}

}  // namespace tocsin::offline

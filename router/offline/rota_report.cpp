#include "router/offline/rota_report.hpp"

#include <algorithm>

namespace tocsin::offline {

bool RotaReport::ends() const { return now.until < at + kFarEnd; }

std::vector<oncall::Shift> RotaReport::gaps() const {
  std::vector<oncall::Shift> all;
  const auto is_gap = [](const oncall::Shift& shift) { return shift.on_call.person.empty(); };
  std::copy_if(shifts.begin(), shifts.end(), std::back_inserter(all), is_gap);
  if (shifts.empty() && is_gap(now)) all = {now};
  return all;
}

std::vector<RotaReport> report_rotas(const oncall::Rotas& rotas, const oncall::Directory& people,
                                     const Asked& asked, const std::vector<std::string>& names) {
  const oncall::Overrides made_by_api;
  const oncall::Roster roster{rotas, people, made_by_api};
  std::vector<RotaReport> reports;
  for (const auto& [name, rota] : rotas) {
    if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) continue;
    RotaReport report;
    report.rota = &rota;
    report.at = asked.civil ? rota.time_zone.moments(*asked.civil).first : asked.at;
    report.now = oncall::shift_at(roster, name, report.at, kFarEnd);
    if (asked.days > 0)
      report.shifts =
          oncall::shifts(roster, name, report.at, report.at + std::chrono::hours(24) * asked.days);
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace tocsin::offline

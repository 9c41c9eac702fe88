#include "router/gameday/report.hpp"

#include <algorithm>

namespace tocsin::gameday {
namespace {

// Two machines may have said the moments: none comes before the first alert.
Duration from(WallTime first, WallTime then) { return std::max(then - first, Duration::zero()); }

void add_times(RunReport& report) {
  if (report.incidents.empty()) return;
  const WallTime first = report.incidents.front().opened_at;
  report.first_alert = first;
  WallTime last = first;
  bool restored = true;
  for (const DrillIncident& incident : report.incidents) {
    report.alerts += incident.alerts;
    if (incident.paged_at) {
      const Duration in = from(first, *incident.paged_at);
      report.paged_in = std::min(report.paged_in.value_or(in), in);
    }
    restored = restored && incident.is_restored();
    if (incident.resolved_at) last = std::max(last, *incident.resolved_at);
  }
  if (restored) report.restored_in = from(first, last);
}

std::optional<Change> change_of(const RunReport& now, const RunReport& before) {
  if (!now.restored_in || !before.restored_in || *before.restored_in <= Duration::zero())
    return std::nullopt;
  const auto was = before.restored_in->count();
  return Change{before.run.number, static_cast<int>((now.restored_in->count() - was) * 100 / was)};
}

}  // namespace

std::optional<Duration> DrillIncident::after(const std::optional<WallTime>& moment) const {
  return moment ? std::optional(from(opened_at, *moment)) : std::nullopt;
}

std::vector<RunReport> report(std::vector<Run> runs, std::vector<DrillIncident> incidents) {
  std::stable_sort(incidents.begin(), incidents.end(), [](const auto& one, const auto& other) {
    return one.opened_at < other.opened_at;
  });
  std::vector<RunReport> all;
  const RunReport* before = nullptr;
  all.reserve(runs.size());  // `before` points into it
  for (Run& run : runs) {
    RunReport& report = all.emplace_back();
    report.run = std::move(run);
    for (const DrillIncident& incident : incidents)
      if (incident.run == report.run.number) report.incidents.push_back(incident);
    add_times(report);
    if (before) report.change = change_of(report, *before);
    if (report.restored_in) before = &report;
  }
  return all;
}

}  // namespace tocsin::gameday

#include "router/api/gameday_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "router/api/gameday_json.hpp"
#include "router/engine/told.hpp"

namespace tocsin::api {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t kPage = 500;
constexpr int kMostPages = 20;
/// Those who say that a set is on and those who open its incidents may have clocks of their own.
constexpr Duration kClocksApart = std::chrono::hours(1);

json text_or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }
json when(const std::optional<WallTime>& time) {
  return time ? json(format_rfc3339(*time)) : json(nullptr);
}
json seconds(const std::optional<Duration>& duration) {
  if (!duration) return nullptr;
  return static_cast<double>(std::chrono::floor<std::chrono::milliseconds>(*duration).count()) /
         1e3;
}

json incident_json(const gameday::DrillIncident& i) {
  return {{"id", i.id},
          {"title", i.title},
          {"alerts", i.alerts},
          {"first_alert_at", format_rfc3339(i.opened_at)},
          {"paged", i.paged},
          {"paged_at", when(i.paged_at)},
          {"paged_seconds", seconds(i.after(i.paged_at))},
          {"acknowledged_at", when(i.acknowledged_at)},
          {"acknowledged_by", text_or_null(i.acknowledged_by)},
          {"acknowledged_seconds", seconds(i.after(i.acknowledged_at))},
          {"resolved_at", when(i.resolved_at)},
          {"resolved_by", text_or_null(i.resolved_by)},
          {"resolved_seconds", i.cut_off ? json(nullptr) : seconds(i.after(i.resolved_at))},
          {"cut_off", i.cut_off}};
}

json ended_json(const gameday::Run& run, const Instant& now) {
  const auto end = end_of(run, now);
  if (!end) return nullptr;
  return {{"kind", end->kind}, {"by", text_or_null(end->by)}, {"why", text_or_null(end->why)}};
}

json run_json(const gameday::RunReport& report, const Instant& now) {
  const gameday::Run& run = report.run;
  json incidents = json::array();
  for (const gameday::DrillIncident& each : report.incidents)
    incidents.push_back(incident_json(each));
  json change = nullptr;
  if (report.change) change = {{"run", report.change->run}, {"percent", report.change->percent}};
  return {{"run", run.number},
          {"state", state_of(&run, now)},
          {"on_at", format_rfc3339(run.starts_at)},
          {"off_at", format_rfc3339(run.over_at())},
          {"by", text_or_null(run.by)},
          {"why", text_or_null(run.why)},
          {"ended", ended_json(run, now)},
          {"alerts_copied", report.alerts},
          {"first_alert_at", when(report.first_alert)},
          {"paged_seconds", seconds(report.paged_in)},
          {"restored", report.restored_in.has_value()},
          {"restored_seconds", seconds(report.restored_in)},
          {"change", change},
          {"incidents", incidents}};
}

}  // namespace

gameday::DrillIncident drill_incident(const engine::Incident& incident) {
  gameday::DrillIncident drill;
  drill.run = incident.realm.run;
  drill.id = incident.id.text;
  drill.title = incident.title;
  drill.alerts = incident.alerts.size();
  drill.opened_at = incident.opened_at;
  drill.paged_at = engine::first_page_accepted(incident);
  drill.paged = paged_of(incident);
  drill.acknowledged_at = incident.acknowledged_at;
  drill.acknowledged_by = incident.acknowledged_by;
  drill.resolved_at = incident.resolved_at;
  drill.resolved_by = incident.resolved_by;
  drill.cut_off = engine::was_cut_off(incident);
  return drill;
}

Result<ReportDrills> drills_for_report(const History& history, const std::string& set,
                                       const std::vector<gameday::Run>& runs) {
  ReportDrills drills;
  if (runs.empty()) return drills;
  engine::IncidentQuery query;
  query.gameday = set;
  query.limit = kPage;
  query.since = runs.front().said.wall - kClocksApart;
  for (int page = 0; page < kMostPages; ++page) {
    TOCSIN_TRY(const Listing listing, history.list(query));
    if (!listing.incomplete.empty()) drills.incomplete = listing.incomplete;
    for (const engine::IncidentView& view : listing.page.incidents)
      drills.incidents.push_back(drill_incident(view.incident));
    query.cursor = listing.page.next;
    if (query.cursor.empty()) return drills;
  }
  drills.incomplete = "only the latest " + std::to_string(drills.incidents.size()) +
                      " incidents are looked at; ask for fewer runs";
  return drills;
}

std::vector<gameday::RunReport> last_of(std::vector<gameday::RunReport> runs, std::size_t most) {
  if (runs.size() > most) runs.erase(runs.begin(), runs.end() - static_cast<std::ptrdiff_t>(most));
  return runs;
}

std::string report_json(const GamedayReport& report, const Instant& now) {
  json runs = json::array();
  for (const gameday::RunReport& run : report.runs) runs.push_back(run_json(run, now));
  json all = {{"gameday", report.set}, {"team", text_or_null(report.team)}, {"runs", runs}};
  if (!report.incomplete.empty()) all["incomplete"] = report.incomplete;
  return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace tocsin::api

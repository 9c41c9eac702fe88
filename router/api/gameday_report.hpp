// The report of a GameDay set's runs: from incidents, wherever they are kept, to JSON and Markdown.
#pragma once

#include <string>
#include <vector>

#include "router/api/history.hpp"
#include "router/gameday/report.hpp"

namespace tocsin::api {

gameday::DrillIncident drill_incident(const engine::Incident& incident);

struct ReportDrills {
  std::vector<gameday::DrillIncident> incidents;
  std::string incomplete;  // why some may be missing; empty: none is
};
/// All incidents of these runs. Errors: the store's `invalid`.
Result<ReportDrills> drills_for_report(const History& history, const std::string& set,
                                       const std::vector<gameday::Run>& runs);

struct GamedayReport {
  std::string set;
  std::string team;
  std::vector<gameday::RunReport> runs;  // the latest last
  std::string incomplete;
};
std::vector<gameday::RunReport> last_of(std::vector<gameday::RunReport> runs, std::size_t most);

std::string report_json(const GamedayReport& report, const Instant& now);
/// For a document or an issue: a table of the runs, then each with its incidents, the latest first.
std::string report_markdown(const GamedayReport& report, const Instant& now);

}  // namespace tocsin::api

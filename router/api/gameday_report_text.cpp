// A report in Markdown.
#include <algorithm>

#include "router/api/gameday_json.hpp"
#include "router/api/gameday_report.hpp"
#include "router/core/text.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t kMostTitle = 200;

// Strangers write titles: none of theirs is markup, or ends a cell.
std::string plain(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*[]<>|_#";
  std::string out;
  for (const char c : cut(one_line(text), kMostTitle)) {
    if (kMarkup.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string whole(Duration duration) {
  return format_duration(std::chrono::floor<std::chrono::seconds>(duration));
}
std::string or_dash(const std::optional<Duration>& duration) {
  return duration ? whole(*duration) : "-";
}
std::string at(WallTime time) {
  return format_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
}

std::string compared(const gameday::Change& change) {
  const std::string run = " than run " + std::to_string(change.run);
  if (change.percent == 0) return "as long as run " + std::to_string(change.run);
  return std::to_string(std::abs(change.percent)) + " % " +
         (change.percent < 0 ? "quicker" : "slower") + run;
}

std::string restoration(const gameday::RunReport& report) {
  if (report.incidents.empty()) return "nothing to restore";
  if (!report.restored_in) return "not restored";
  return "restored in " + whole(*report.restored_in) +
         (report.change ? ", " + compared(*report.change) : "");
}

std::string said(const std::string& by, const std::string& why) {
  return (by.empty() ? "" : " by " + plain(by)) + (why.empty() ? "" : ": " + plain(why));
}

std::string ending(const gameday::Run& run, const Instant& now) {
  const auto end = end_of(run, now);
  if (!end) return gameday::is_on(run, now) ? "still on" : "yet to begin";
  const std::string how = end->kind == "off"      ? "turned off"
                          : end->kind == "paused" ? "paused"
                          : end->kind == "lever"  ? "stopped by the lever"
                                                  : "its time was over";
  return how + said(end->by, end->why);
}

std::string overview(const std::vector<gameday::RunReport>& runs) {
  std::string text =
      "| Run | On | Alerts | First page after | Restored after | Change |\n"
      "|---|---|---|---|---|---|\n";
  for (const gameday::RunReport& report : runs)
    text += "| " + std::to_string(report.run.number) + " | " + at(report.run.starts_at) + " | " +
            std::to_string(report.alerts) + " | " + or_dash(report.paged_in) + " | " +
            (report.incidents.empty() || report.restored_in ? or_dash(report.restored_in)
                                                            : "not restored") +
            " | " + (report.change ? compared(*report.change) : "-") + " |\n";
  return text;
}

std::string incident_row(const gameday::DrillIncident& i) {
  std::string paged;
  for (const std::string& each : i.paged) paged += (paged.empty() ? "" : ", ") + plain(each);
  const auto with = [](const std::optional<Duration>& after, const std::string& who) {
    return or_dash(after) + (after && !who.empty() ? " (" + plain(who) + ")" : "");
  };
  const std::string resolved = i.cut_off       ? "open when the run ended"
                               : i.resolved_at ? with(i.after(i.resolved_at), i.resolved_by)
                                               : "still open";
  return "| " + plain(i.title) + " (" + i.id + ") | " + at(i.opened_at) + " | " +
         with(i.after(i.paged_at), paged) + " | " +
         with(i.after(i.acknowledged_at), i.acknowledged_by) + " | " + resolved + " |\n";
}

std::string one_run(const gameday::RunReport& report, const Instant& now) {
  const gameday::Run& run = report.run;
  std::string text = "\n## Run " + std::to_string(run.number) + ": " + restoration(report) +
                     "\n\n- on: " + at(run.starts_at) + said(run.by, run.why) + "\n- " +
                     (gameday::is_over(run, now) ? "off: " : "until: ") + at(run.over_at()) + ", " +
                     ending(run, now) + "\n- alerts copied: " + std::to_string(report.alerts) +
                     "\n";
  if (report.incidents.empty()) return text;
  text +=
      "\n| Incident | First alert | Page accepted after | Acknowledged after | Resolved after |\n"
      "|---|---|---|---|---|\n";
  for (const gameday::DrillIncident& incident : report.incidents) text += incident_row(incident);
  return text;
}

}  // namespace

std::string report_markdown(const GamedayReport& report, const Instant& now) {
  std::string text = "# GameDay " + plain(report.set) +
                     (report.team.empty() ? "" : ", team " + plain(report.team)) + "\n\n";
  if (report.runs.empty()) return text + "It has not been on yet.\n";
  if (!report.incomplete.empty()) text += plain(report.incomplete) + "\n\n";
  text += overview(report.runs);
  for (auto run = report.runs.rbegin(); run != report.runs.rend(); ++run)
    text += one_run(*run, now);
  return text;
}

}  // namespace tocsin::api

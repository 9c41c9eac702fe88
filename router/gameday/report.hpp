// What a GameDay showed: of each run, how long everything took, beside the runs before it. Pure.
//
//   first alert copied ──▶ page accepted ──▶ acknowledged ──▶ resolved     of each incident
//   │                                                          │
//   └──────────────── restored: of the run ────────────────────┘ its last one
//
// What was still open when the run ended was not restored, although it is resolved now: its alerts
// ended with the run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "router/core/gameday_run.hpp"

namespace tocsin::gameday {

/// An incident of a run, as far as a report needs it.
struct DrillIncident {
  std::uint32_t run = 0;
  std::string id, title;
  std::size_t alerts = 0;
  WallTime opened_at{};              // its first alert was copied
  std::optional<WallTime> paged_at;  // a provider first took a page
  std::vector<std::string> paged;    // who
  std::optional<WallTime> acknowledged_at;
  std::string acknowledged_by;
  std::optional<WallTime> resolved_at;
  std::string resolved_by;  // empty: its alerts ended
  bool cut_off = false;     // it was open when its run ended

  bool is_restored() const { return resolved_at && !cut_off; }
  /// From its first alert on.
  std::optional<Duration> after(const std::optional<WallTime>& moment) const;
};

/// Beside an earlier run that was restored.
struct Change {
  std::uint32_t run = 0;
  int percent = 0;  // of its time, rounded toward zero; below zero it was quicker this time

  bool operator==(const Change&) const = default;
};

struct RunReport {
  Run run;
  std::vector<DrillIncident> incidents;  // as they opened
  std::size_t alerts = 0;                // that were copied into them
  std::optional<WallTime> first_alert;
  std::optional<Duration> paged_in;  // the first page of all, from the first alert on
  /// From the first alert until the last incident was resolved; nothing, when one was not, or there
  /// was none.
  std::optional<Duration> restored_in;
  std::optional<Change> change;  // against the last run before it that was restored
};

/// In the order of the runs.
std::vector<RunReport> report(std::vector<Run> runs, std::vector<DrillIncident> incidents);

}  // namespace tocsin::gameday

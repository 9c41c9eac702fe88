// Who a configuration says is on call: at one moment, and in the days from it on. Overrides that
// were made while a service runs are not the configuration's, and so not in here. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "router/oncall/rota.hpp"

namespace tocsin::offline {

/// The moment that is asked about: now, or a time; one without an offset is in each rota's zone.
struct Asked {
  WallTime at{};
  std::optional<CivilTime> civil;  // instead of `at`
  int days = 0;                    // from then on; 0: only that moment
};

struct RotaReport {
  const oncall::Rota* rota = nullptr;
  WallTime at{};
  oncall::Shift now;                  // its ends a year away where it has none
  std::vector<oncall::Shift> shifts;  // of the days, from `at` on; none if only the moment is asked

  bool ends() const;
  /// What was asked about, and in which nobody is on call.
  std::vector<oncall::Shift> gaps() const;
};

/// Of the rotas with these names, or without names of all, in their order.
std::vector<RotaReport> report_rotas(const oncall::Rotas& rotas, const oncall::Directory& people,
                                     const Asked& asked, const std::vector<std::string>& names);

/// For reading at three in the morning: a line for each rota, or with days one for each shift.
std::string text_of(const std::vector<RotaReport>& reports, const Asked& asked);
std::string json_of(const std::vector<RotaReport>& reports);

/// "Mon 2026-11-30 10:00 GMT (+00:00)": in the zone, with the name and offset that it then has.
std::string moment_in(const Zone& zone, WallTime time);

/// A shift whose end is no nearer has none that anybody waits for.
inline constexpr Duration kFarEnd = std::chrono::hours(24 * 366);
inline constexpr int kMostReportDays = 366;

}  // namespace tocsin::offline

// Who a configuration says is on call: at one moment, and in the days from it on. Overrides that
// were made while a service runs are not the configuration's, and so not in here. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "router/oncall/vacancy.hpp"

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
  oncall::Shift now;                  // WallTime::min() and max() for ends a year away or more
  std::vector<oncall::Shift> shifts;  // of the days, from `at` on; none if only the moment is asked
  std::vector<oncall::Vacancy> vacancies;  // of the days, or the one that holds the moment

  /// Nobody is on call in what was asked.
  bool has_gap() const { return !vacancies.empty(); }
  /// This shift of nobody's is what the rota's own hours say.
  bool is_closed(const oncall::Shift& shift) const;
};

/// Of the rotas with these names, or without names of all, in their order.
std::vector<RotaReport> report_rotas(const oncall::Rotas& rotas, const oncall::Directory& people,
                                     const Asked& asked, const std::vector<std::string>& names);

/// For reading at three in the morning: a line for each rota, or with days one for each shift.
std::string text_of(const std::vector<RotaReport>& reports, const Asked& asked);
std::string json_of(const std::vector<RotaReport>& reports);

/// "Mon 2026-11-30 10:00 GMT (+00:00)": in the zone, with the name and offset that it then has.
std::string moment_in(const Zone& zone, WallTime time);

inline constexpr int kMostReportDays = 366;

}  // namespace tocsin::offline

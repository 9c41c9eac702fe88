// Whether every rule of a configuration would page somebody at every moment of the days to come, or
// where not. Which contacts work somebody else knows. Pure.
#pragma once

#include <string>

#include "router/oncall/coverage.hpp"
#include "router/settings/settings.hpp"

namespace tocsin::offline {

/// A gap, and to whom what falls through it would go.
struct CoverageGap {
  oncall::Gap gap;
  std::string falls_to;             // the default policy; empty: it is the one with the gap
  std::vector<std::string> people;  // whom that would page when the gap begins; may be none
  Zone zone = {};                   // in which its times are told: its first rota's, or UTC
};

struct CoverageReport {
  WallTime from{}, until{};
  std::vector<CoverageGap> gaps;
  std::size_t left_out = 0;  // more of them

  bool whole() const { return gaps.empty(); }
};

bool all_work(std::string_view person, std::string_view channel, std::string_view address);

/// Of the rules that page somebody, and of the default policy. Overrides that were made while a
/// service runs are not looked at.
CoverageReport report_coverage(const settings::Settings& settings, WallTime from, WallTime until,
                               const oncall::Works& works = all_work);

std::string text_of(const CoverageReport& report);
/// A JSON object.
std::string json_of(const CoverageReport& report);

}  // namespace tocsin::offline

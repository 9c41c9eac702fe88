// What somebody who reports an incident says. Pure.
#pragma once

#include <string>

#include "router/api/request_body.hpp"
#include "router/core/alert.hpp"

namespace tocsin::api {

/// The fields that such a body may have.
inline constexpr std::string_view kReportFields[] = {"title", "description", "service", "severity",
                                                     "impact"};

inline constexpr std::size_t kMostReportTitleBytes = 200;
inline constexpr std::size_t kMostReportServiceBytes = 200;
inline constexpr std::size_t kMostReportImpactBytes = 1u << 10;
inline constexpr std::size_t kMostReportTextBytes = 16u << 10;

/// As an alert of kManualIntegration, without its key. Errors: invalid, naming the field and what
/// to write.
Result<Alert> report_asked(const ChangeBody& body, const std::string& by, WallTime now);

}  // namespace tocsin::api

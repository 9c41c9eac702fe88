// What a person reports: an alert of an integration of its own, which nothing ends but a person.
#pragma once

#include <string_view>

namespace tocsin {

/// No integration of the configuration may be called so.
inline constexpr std::string_view kManualIntegration = "manual";

/// Annotations of such an alert: who reported it, and what they said that it means for others.
inline constexpr std::string_view kReportedBy = "reported_by";
inline constexpr std::string_view kReportedImpact = "impact";

}  // namespace tocsin

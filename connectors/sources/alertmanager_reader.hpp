// A group of alerts as Alertmanager posts it to a webhook, and Grafana after it. Pure.
#pragma once

#include "connectors/sources/payload.hpp"

namespace tocsin::connectors::sources {

/// How long an alert of a group holds without being sent again: a repeat_interval of a day, and an
/// hour.
inline constexpr Duration kGroupHolds = std::chrono::hours(25);

/// What one sender adds to each alert; false: it is not one at all.
using GroupExtra = bool (*)(const Json& group, const Json& alert, Draft& draft);

/// The alerts of {"alerts":[…],"groupKey",…}, by their fingerprints. Of a group that was truncated
/// one more, which stands for those left out; it ends when the group does. Errors: invalid, when
/// there is no list of alerts.
Result<Parsed> read_alert_group(const Json& group, WallTime received, GroupExtra extra);

}  // namespace tocsin::connectors::sources

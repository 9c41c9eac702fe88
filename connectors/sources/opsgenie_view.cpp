#include "connectors/sources/opsgenie_view.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "connectors/sources/opsgenie_ids.hpp"

namespace tocsin::connectors::sources {
namespace {

using json = nlohmann::ordered_json;

// Labels and annotations that have a field of their own there.
constexpr std::array<std::string_view, 10> kShown{
    "alertname",  "description", "entity", "integration", "note",
    "responders", "severity",    "source", "tags",        "user"};

std::string_view priority_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return "P1";
    case Severity::error:
      return "P2";
    case Severity::warning:
      return "P3";
    case Severity::info:
      return "P4";
  }
  return "P3";
}

// As it was sent, where it was sent in Opsgenie's words.
std::string priority(const KnownAlert& known) {
  const std::string sent(known.alert.labels.get("severity"));
  if (sent.size() == 2 && sent.front() == 'P' && sent.back() >= '1' && sent.back() <= '5')
    return sent;
  return std::string(priority_of(known.severity.value_or(Severity::warning)));
}

json list_of(std::string_view joined) {
  json list = json::array();
  while (!joined.empty()) {
    const std::size_t end = std::min(joined.find(','), joined.size());
    if (end > 0) list.push_back(std::string(joined.substr(0, end)));
    joined.remove_prefix(std::min(end + 1, joined.size()));
  }
  return list;
}

json details_of(const Alert& alert) {
  json details = json::object();
  for (const Fields* fields : {&alert.labels, &alert.annotations})
    for (const auto& [name, value] : fields->pairs())
      if (std::find(kShown.begin(), kShown.end(), name) == kShown.end())
        details[std::string(name)] = std::string(value);
  return details;
}

json report_of(const KnownAlert& known) {
  const auto since = [&](WallTime then) {
    return std::max<std::int64_t>(
        0, std::chrono::duration_cast<std::chrono::milliseconds>(then - known.alert.starts_at)
               .count());
  };
  json report = json::object();
  if (known.acknowledged_at) {
    report["ackTime"] = since(*known.acknowledged_at);
    report["acknowledgedBy"] = known.acknowledged_by;
  }
  if (known.resolved_at) {
    report["closeTime"] = since(*known.resolved_at);
    report["closedBy"] = known.resolved_by;
  }
  return report;
}

}  // namespace

std::string opsgenie_alert(const KnownAlert& known) {
  const Alert& alert = known.alert;
  const bool fires = alert.status == AlertStatus::firing && (known.open || !known.severity);
  const bool acknowledged = fires && known.acknowledged_at.has_value();
  const std::string id = opsgenie_id(alert.key);
  json data = {{"id", id},
               {"tinyId", id},
               {"alias", alert.key},
               {"message", std::string(alert.labels.get("alertname"))},
               {"status", fires ? "open" : "closed"},
               {"acknowledged", acknowledged},
               {"isSeen", acknowledged},
               {"tags", list_of(alert.labels.get("tags"))},
               {"snoozed", known.snoozed_until.has_value()}};
  if (known.snoozed_until) data["snoozedUntil"] = format_rfc3339(*known.snoozed_until);
  data.update({{"count", known.count},
               {"lastOccurredAt", format_rfc3339(known.heard)},
               {"createdAt", format_rfc3339(alert.starts_at)},
               {"updatedAt", format_rfc3339(known.heard)},
               {"source", std::string(alert.labels.get("source"))},
               {"owner", known.assigned_to.empty() ? known.acknowledged_by : known.assigned_to},
               {"priority", priority(known)},
               {"responders", json::array()},
               {"report", report_of(known)},
               {"actions", json::array()},
               {"entity", std::string(alert.labels.get("entity"))},
               {"description", std::string(alert.annotations.get("description"))},
               {"details", details_of(alert)}});
  return data.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace tocsin::connectors::sources

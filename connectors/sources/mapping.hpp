// The setting `map` of an integration: where in a stranger's JSON an alert's parts stand, as JSON
// pointers. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/payload.hpp"

namespace tocsin::connectors::sources {

inline constexpr Field kMapField{
    .key = "map",
    .meaning =
        "JSON pointers to an alert's parts: alerts, key, title, status, resolved_when, severity, "
        "url, starts_at, labels.NAME, annotations.NAME",
    .map = true};
/// SourceSpec::check of whoever has kMapField: parts that there are not, and what is no pointer.
std::vector<std::string> check_map(const Values& settings);

class Mapping {
 public:
  /// What the settings have below `map`. A pointer without its first slash is given it.
  explicit Mapping(const Values& settings);
  bool empty() const { return pointers_.empty(); }

  /// What `alerts` points at: a list, or what is no list as the only one; without it the body.
  std::vector<Json> alerts_in(const Json& body) const;
  /// What of the alert is mapped; what is not is nowhere looked for. The title is `alertname`, or
  /// else the name of the integration.
  State apply(const Json& alert, Draft& draft) const;

 private:
  Json at(const Json& alert, const std::string& part) const;
  State state_in(const Json& alert) const;

  std::string integration_;
  std::string resolved_when_;
  std::vector<std::pair<std::string, std::string>> pointers_;  // by part: "title", "labels.service"
};

/// A key for an alert whose sender gives none: of its labels, without the severity, which may rise.
std::string key_of_labels(const Draft& draft);

}  // namespace tocsin::connectors::sources

// A heartbeat as an alert: how the alert that it is missing is known, and what ends it.
#pragma once

#include <string>
#include <string_view>

#include "router/core/alert.hpp"

namespace tocsin {

/// What stands before a heartbeat's name in the key of its alert.
inline constexpr std::string_view kHeartbeatKey = "heartbeat:";
inline constexpr std::string_view kHeartbeatMissing = "HeartbeatMissing";  // its alertname

inline std::string heartbeat_key(std::string_view name) {
  return std::string(kHeartbeatKey) + std::string(name);
}

inline Fields heartbeat_labels(std::string_view name) {
  return Fields(std::vector<Fields::Pair>{{"alertname", std::string(kHeartbeatMissing)},
                                          {"heartbeat", std::string(name)}});
}

/// What comes with each beat: it is missing no longer.
inline Alert heartbeat_is_back(std::string_view name, WallTime now) {
  Alert alert;
  alert.key = heartbeat_key(name);
  alert.status = AlertStatus::resolved;
  alert.labels = heartbeat_labels(name);
  alert.starts_at = now;
  alert.ends_at = now;
  return alert;
}

}  // namespace tocsin

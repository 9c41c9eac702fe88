// An alert as a source understood it: a flat value, the same for every wire format.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "router/core/fields.hpp"
#include "router/core/shared_text.hpp"
#include "router/core/time.hpp"

namespace tocsin {

enum class AlertStatus : std::uint8_t { firing = 0, resolved = 1 };

struct Alert {
  SharedText key;  // its identity within its integration; how it is made is each source's promise
  AlertStatus status = AlertStatus::firing;
  Fields labels;  // what it is: rules match these; the integration's own labels are in already
  Fields
      annotations;  // what it says: shown to people, may change at every re-send, decides nothing
  WallTime starts_at{};
  std::optional<WallTime>
      ends_at;  // firing: when the sender will have lost interest; resolved: when it stopped
  SharedText generator_url;  // where the sender shows it; may be empty

  bool operator==(const Alert&) const = default;
};

constexpr std::string_view to_string(AlertStatus status) {
  return status == AlertStatus::firing ? "firing" : "resolved";
}

/// Most of what one request may bring; past it the front door answers 413.
inline constexpr std::size_t kMostAlertsPerRequest = 10'000;

}  // namespace tocsin

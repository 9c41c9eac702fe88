// What a button inside a message brings back: which incident it is of, until when, and that tocsin
// made it. Who pressed it the provider says. Pure.
//
//   <incident>.<expires, seconds>.<signature>: within connectors::kMostPressBytes
#pragma once

#include <string>
#include <string_view>

#include "router/core/ids.hpp"
#include "router/core/result.hpp"
#include "router/core/time.hpp"

namespace tocsin::api {

std::string sign_press(const IncidentId& incident, WallTime expires, std::string_view secret);

/// Errors: invalid, it is not one of ours; refused, it has expired.
Result<IncidentId> verify_press(std::string_view token, std::string_view secret, WallTime now);

}  // namespace tocsin::api

// An incident as JSON: one form for the API, the webhook channel and the command line.
#pragma once

#include <string>

#include "router/engine/owner/node_state.hpp"

namespace tocsin::api {

/// One incident, as the documentation of GET /api/v1/incidents/{id} shows it. Times are RFC 3339 in
/// UTC.
std::string incident_json(const engine::IncidentView& view);

/// {"incidents":[…],"next":cursor or null}
std::string incidents_json(const engine::IncidentPage& page);

}  // namespace tocsin::api

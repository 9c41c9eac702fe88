// An incident as JSON: one form for the API, the webhook channel and the command line.
#pragma once

#include <string>

#include "router/engine/owner/node_state.hpp"

namespace tocsin::api {

/// One incident, as the documentation of GET /api/v1/incidents/{id} shows it. Times are RFC 3339 in
/// UTC.
std::string incident_json(const engine::IncidentView& view);

/// The same after a change, and `answer`: what whoever asked for it should know, or null.
std::string changed_json(const engine::IncidentView& view, const std::string& words);

/// {"incidents":[…],"next":cursor or null}, and `incomplete`, unless it is empty: why some are
/// missing.
std::string incidents_json(const engine::IncidentPage& page, const std::string& incomplete = {});

/// The parts, for other answers.
std::string alert_json(const engine::AlertState& state);
std::string decision_json(const Decision& of);
std::string entry_json(const engine::TimelineEntry& of);
std::string hold_json(const std::optional<Hold>& hold);

}  // namespace tocsin::api

// Requests with CloudEvents, each event as it is written in JSON whatever its mode. Pure.
#pragma once

#include <string>
#include <vector>

#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/payload.hpp"

namespace tocsin::connectors::sources {

/// {"id","source","type",…,"data"}; data_base64 that is JSON or text is `data` as well. Errors:
/// invalid, when the request is none.
Result<std::vector<Json>> read_events(const HttpRequest& request);

/// What makes it no event; empty: it is one.
std::string event_fault(const Json& event);

/// Of source, subject and type, without the last word of the type where that tells a state.
std::string event_key(const Json& event);

/// The event as an alert where there is no map: the usual names in its data.
State read_event(const Json& event, Draft& draft);

}  // namespace tocsin::connectors::sources

// What the source `generic` reads without a map: whatever form the request has, and the names that
// people use for an alert's parts. Pure.
#pragma once

#include <vector>

#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/payload.hpp"

namespace tocsin::connectors::sources {

/// JSON, JSON lines, a form (or the JSON in its field `payload` or `data`), plain text; of a
/// request without a body its query, without the integration's key. Errors: invalid.
Result<std::vector<Json>> read_bodies(const HttpRequest& request);

/// A list's items, those of {"alerts": […]}, or the body itself.
std::vector<Json> generic_alerts_in(const Json& body);

/// An object, or a text that is all there is. `unnamed` is the title of an alert that has none.
State read_generic(const Json& alert, const std::string& unnamed, Draft& draft);

}  // namespace tocsin::connectors::sources

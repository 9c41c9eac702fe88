// An alert as Opsgenie's Alert API shows it: the `data` of GET /v2/alerts/ID. Pure.
#pragma once

#include <string>

#include "connectors/source.hpp"

namespace tocsin::connectors::sources {

/// A JSON object. Closed is what its sender ended, or a person resolved.
std::string opsgenie_alert(const KnownAlert& known);

}  // namespace tocsin::connectors::sources

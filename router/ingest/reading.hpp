// What a request of an integration says, as alerts ready to be decided: the step that taking alerts
// in and explaining them offline have in common. Pure.
#pragma once

#include "connectors/source.hpp"
#include "router/ingest/ingest.hpp"

namespace tocsin::ingest {

/// Once over what the source has read, before anything is made of it.
using LookOver = std::function<void(std::vector<Alert>&)>;

/// What the integration's source makes of it, with the integration's own labels where an alert does
/// not say. Errors: the source's; refused, with more than kMostAlertsPerRequest in it.
Result<connectors::Parsed> read_alerts(const Integration& integration, const HttpRequest& request,
                                       const connectors::SourceContext& context,
                                       const LookOver& look_over = {});

/// Of a payload in a file: as posted to /in/<integration> alone.
Result<connectors::Parsed> read_alerts(const Integration& integration, const HttpRequest& request);

}  // namespace tocsin::ingest

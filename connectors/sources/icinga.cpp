// Icinga 2 by a notification command, and Icinga DB, which posts events as to Icinga Notifications
// (see nagios_reader.hpp).
//
// What the sender promises (https://icinga.com/docs/icinga-notifications/latest/doc/20-HTTP-API/):
//   A command is a script: see nagios.cpp. Icinga DB does POST /process-event {name, tags {host,
//   service}, type, severity, message, relations …} with a Basic password, and wants 202.
// It ends by Recovery, or by an event of the severity ok.
#include "connectors/sources/answers.hpp"
#include "connectors/sources/nagios_reader.hpp"

namespace tocsin::connectors {
namespace {

constexpr std::string_view kEventPath = "/process-event";
constexpr std::array<SourceRoute, 3> kRoutes{{{"POST", ""}, {"GET", ""}, {"POST", kEventPath}}};
constexpr std::array<std::string_view, 2> kGroupBy{"alertname", "host"};

HttpResponse answer(const IngestOutcome& outcome) {
  HttpResponse response = sources::plain_answer(outcome);
  if (response.status == 200 && outcome.path.starts_with(kEventPath)) response.status = 202;
  return response;
}

}  // namespace

extern const SourceSpec icinga_source;
const SourceSpec icinga_source = {
    .name = "icinga",
    .summary = "Icinga 2 by a notification command, and Icinga DB's events",
    .example = R"(  - name: icinga
    source: icinga
    key: "${ICINGA_KEY}"
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .severities = sources::kNagiosSeverities,
    .resolve_after = std::chrono::hours(24),
    .parse = sources::read_nagios,
    .answer = answer,
};

}  // namespace tocsin::connectors

// Nagios Core, Naemon and whatever else has its notification commands (see nagios_reader.hpp).
//
// What the sender promises
// (https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/notifications.html):
//   Nothing of the format: a command is a line of shell, and mostly curl. Output of plugins is put
//   into JSON without escaping, so forms are safer, and broken JSON is read as well as may be.
//   Nothing is tried again; a problem is sent again each notification_interval.
// It ends by RECOVERY.
#include "connectors/sources/answers.hpp"
#include "connectors/sources/nagios_reader.hpp"

namespace tocsin::connectors {
namespace {

constexpr std::array<SourceRoute, 2> kRoutes{{{"POST", ""}, {"GET", ""}}};
constexpr std::array<std::string_view, 2> kGroupBy{"alertname", "host"};

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec nagios_source;
const SourceSpec nagios_source = {
    .name = "nagios",
    .summary = "Nagios Core and Naemon, by a notification command",
    .example = R"(  - name: nagios
    source: nagios
    key: "${NAGIOS_KEY}"
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .severities = sources::kNagiosSeverities,
    .resolve_after = std::chrono::hours(24),
    .parse = sources::read_nagios,
    .answer = answer,
};

}  // namespace tocsin::connectors

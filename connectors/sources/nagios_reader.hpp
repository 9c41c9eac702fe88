// Notifications of Nagios, Naemon and Icinga, whose commands and senders name the same things in
// many ways. Pure.
#pragma once

#include <array>

#include "connectors/source.hpp"

namespace tocsin::connectors::sources {

/// A state of Nagios and Icinga 2, or a severity of Icinga Notifications, as the label `severity`.
inline constexpr std::array<std::pair<std::string_view, Severity>, 12> kNagiosSeverities{{
    {"CRITICAL", Severity::critical},
    {"DOWN", Severity::critical},
    {"UNREACHABLE", Severity::warning},
    {"WARNING", Severity::warning},
    {"UNKNOWN", Severity::warning},
    {"EMERG", Severity::critical},
    {"ALERT", Severity::critical},
    {"CRIT", Severity::critical},
    {"ERR", Severity::error},
    {"NOTICE", Severity::info},
    {"INFO", Severity::info},
    {"DEBUG", Severity::info},
}};

/// The whole request: a form, JSON that may be broken, an object of Icinga's event stream, an event
/// or a message to a channel of Icinga Notifications. The key is HOST or HOST!SERVICE.
Result<Parsed> read_nagios(const HttpRequest& request, const SourceContext& context);

}  // namespace tocsin::connectors::sources

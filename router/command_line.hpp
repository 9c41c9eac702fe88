// The part of the command line that has commands within commands, most of which talk to a running
// tocsin: its options and their help.
#pragma once

#include "router/commands.hpp"

namespace CLI {
class App;
}

namespace tocsin::commands {

/// Each adds its command to `app`; what was typed is in `options` once the line was parsed.
void add_silence(CLI::App& app, SilenceOptions& options);
void add_incident(CLI::App& app, IncidentOptions& options);
void add_gameday(CLI::App& app, GamedayOptions& options);
void add_override(CLI::App& app, OverrideOptions& options);
void add_contact(CLI::App& app, ContactOptions& options);
void add_reload(CLI::App& app, ServerOptions& options);

}  // namespace tocsin::commands

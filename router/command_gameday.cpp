#include "router/commands.hpp"

namespace tocsin::commands {

int gameday(const GamedayOptions& options) { return clone(options.clone); }

}  // namespace tocsin::commands

#include <cstdio>

#include "router/checked_configuration.hpp"
#include "router/commands.hpp"

namespace tocsin::commands {

int check(const CheckOptions& options) {
  const auto checked = check_configuration(
      options.config, options.strict_env ? settings::Unset::fault : settings::Unset::note);
  const bool good = checked.settings.has_value();
  if (options.json) {
    std::printf("{\"ok\": %s,\n\"faults\": %s,\n\"notes\": %s}\n", good ? "true" : "false",
                faults_json(checked.faults).c_str(), faults_json(checked.notes).c_str());
    return good ? 0 : 1;
  }
  print_faults(checked.notes, "note: ");
  print_faults(checked.faults);
  if (!good) return 1;
  const settings::Settings& s = *checked.settings;
  std::printf("%s is good: %zu integrations, %zu rules, %zu policies, %zu people\n",
              options.config.c_str(), s.integrations.size(), s.rules.size(), s.policies.size(),
              s.directory.people.size());
  return 0;
}

}  // namespace tocsin::commands

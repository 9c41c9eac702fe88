#include <cstdio>
#include <nlohmann/json.hpp>

#include "router/commands.hpp"
#include "router/configuration.hpp"

namespace tocsin::commands {
namespace {

nlohmann::ordered_json json_of(const std::vector<settings::Fault>& faults) {
  auto list = nlohmann::ordered_json::array();
  for (const settings::Fault& fault : faults)
    list.push_back({{"file", fault.file},
                    {"line", fault.line},
                    {"column", fault.column},
                    {"key", fault.key},
                    {"what", fault.what}});
  return list;
}

void print(const std::vector<settings::Fault>& faults, const char* prefix) {
  for (const settings::Fault& fault : faults)
    std::fprintf(stderr, "%s%s\n", prefix, fault.text().c_str());
}

void print_json(bool ok, const std::vector<settings::Fault>& faults,
                const std::vector<settings::Fault>& notes) {
  const nlohmann::ordered_json answer{
      {"ok", ok}, {"faults", json_of(faults)}, {"notes", json_of(notes)}};
  std::printf("%s\n", answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

}  // namespace

int check(const CheckOptions& options) {
  const auto files = settings::read_directory(options.config);
  if (!files) {
    if (options.json)
      print_json(false, {{options.config, 0, 0, "", files.error().message}}, {});
    else
      std::fprintf(stderr, "%s\n", files.error().message.c_str());
    return 1;
  }
  auto loaded = settings::load(*files, vocabulary(), settings::process_environment(),
                               options.strict_env ? settings::Unset::fault : settings::Unset::note);
  // A channel or a hook may find fault with a value that only it understands.
  if (loaded.settings) {
    loaded.faults = connector_faults(*loaded.settings);
    if (!loaded.faults.empty()) loaded.settings.reset();
  }
  if (options.json) {
    print_json(loaded.settings.has_value(), loaded.faults, loaded.notes);
    return loaded.settings ? 0 : 1;
  }
  print(loaded.notes, "note: ");
  print(loaded.faults, "");
  if (!loaded.settings) return 1;
  const settings::Settings& s = *loaded.settings;
  std::printf("%s is good: %zu integrations, %zu rules, %zu policies, %zu people\n",
              options.config.c_str(), s.integrations.size(), s.rules.size(), s.policies.size(),
              s.directory.people.size());
  return 0;
}

}  // namespace tocsin::commands

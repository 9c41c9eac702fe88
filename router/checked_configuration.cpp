#include "router/checked_configuration.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "router/configuration.hpp"

namespace tocsin {

CheckedConfiguration check_configuration(const std::string& directory, settings::Unset unset) {
  const auto files = settings::read_directory(directory);
  // The message names the path, and there is no file to point at.
  if (!files) return {std::nullopt, {{"", 0, 0, "", files.error().message}}, {}};
  auto loaded = settings::load(*files, vocabulary(), settings::process_environment(), unset);
  // A channel or a hook may find fault with a value that only it understands.
  if (loaded.settings) {
    loaded.faults = connector_faults(*loaded.settings);
    if (!loaded.faults.empty()) loaded.settings.reset();
  }
  return {std::move(loaded.settings), std::move(loaded.faults), std::move(loaded.notes)};
}

void print_faults(const std::vector<settings::Fault>& faults, const char* prefix) {
  for (const settings::Fault& fault : faults)
    std::fprintf(stderr, "%s%s\n", prefix,
                 fault.file.empty() ? fault.what.c_str() : fault.text().c_str());
}

std::string faults_json(const std::vector<settings::Fault>& faults) {
  auto list = nlohmann::ordered_json::array();
  for (const settings::Fault& fault : faults)
    list.push_back({{"file", fault.file},
                    {"line", fault.line},
                    {"column", fault.column},
                    {"key", fault.key},
                    {"what", fault.what}});
  return list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace tocsin

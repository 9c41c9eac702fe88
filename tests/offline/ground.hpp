// The example configuration, or one of a test's own, as explain and test see it.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "router/configuration.hpp"
#include "router/offline/case_run.hpp"
#include "tests/catch.hpp"
#include "tests/source_dir.hpp"

namespace tocsin::offline {

inline std::string content(const std::string& path) {
  std::ifstream file(tocsin::tests::source_dir() + "/" + path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Without a process's environment: what is not set is noted.
inline settings::Settings settings_of(const std::vector<settings::File>& files) {
  const settings::Environment nothing{
      [](const std::string&) { return std::optional<std::string>(); },
      [](const std::string& path) -> Result<std::string> { return not_found(path); }};
  const auto loaded = settings::load(files, vocabulary(), nothing, settings::Unset::note);
  for (const settings::Fault& fault : loaded.faults) FAIL(fault.text());
  return *loaded.settings;
}

inline settings::Settings example() {
  std::vector<settings::File> files;
  for (const char* name : {"tocsin.yaml", "teams/cdp.yaml", "teams/platform.yaml"})
    files.push_back({name, content(std::string("config/") + name)});
  return settings_of(files);
}

inline CaseGround ground_of(const settings::Settings& settings) {
  return {make_configuration(settings), make_integrations(settings),
          [](const std::string& path) -> Result<std::string> {
            if (path == "teams/two.json")
              return std::string(
                  R"([{"labels":{"alertname":"HighLatency","service":"api"}},{"labels":{}}])");
            return not_found(path + ": cannot be read");
          }};
}

}  // namespace tocsin::offline

// A configuration read and validated as `tocsin check` does it, for every command that needs one
// and does not serve.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "router/settings/settings.hpp"

namespace tocsin {

struct CheckedConfiguration {
  std::optional<settings::Settings> settings;  // only without faults
  std::vector<settings::Fault> faults;
  std::vector<settings::Fault> notes;
};

CheckedConfiguration check_configuration(const std::string& directory, settings::Unset unset);

/// One line each, on stderr.
void print_faults(const std::vector<settings::Fault>& faults, const char* prefix = "");
/// A JSON list of objects: file, line, column, key, what.
std::string faults_json(const std::vector<settings::Fault>& faults);

}  // namespace tocsin

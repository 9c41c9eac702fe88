// Which rules of which files are copied for a set, and under which names.
#pragma once

#include <string>
#include <vector>

#include "router/gameday/clone/rule_file.hpp"

namespace tocsin::gameday {

/// The annotation that names a copy's original: its fingerprint.
inline constexpr std::string_view kOriginal = "gameday_original";

struct PlannedRule {
  MonitorRule rule;  // the original
  std::string fingerprint;
};
struct PlannedGroup {
  std::string name;    // of the copies: each once in a file, as Prometheus wants it
  RuleGroup original;  // without its rules
  std::vector<PlannedRule> rules;
};

/// Every alerting rule that is no copy itself. What is left out is a note, what is wrong a fault of
/// `report`.
std::vector<PlannedGroup> plan(const std::vector<settings::File>& files, const std::string& set,
                               settings::Report& report);

}  // namespace tocsin::gameday

// A rule file of Prometheus as values that know their places. What is not looked at here (`for`,
// `interval`, what a later Prometheus adds) is kept as it is written.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "router/settings/report.hpp"
#include "router/settings/settings.hpp"
#include "router/settings/yaml_tree.hpp"

namespace tocsin::gameday {

using Texts = std::vector<std::pair<std::string, std::string>>;  // in the order of the file

/// The value of that name, or nothing.
const std::string* find(const Texts& texts, std::string_view name);

struct MonitorRule {
  settings::Place place;
  bool recording = false;
  std::string name;  // what follows `alert`, or `record`
  std::string expr;
  settings::Place expr_place;
  Texts labels, annotations;
  std::vector<settings::Entry> others;
};

struct RuleGroup {
  settings::Place place;
  std::string name;
  Texts labels;  // of every rule
  std::vector<settings::Entry> others;
  std::vector<MonitorRule> rules;
};

/// What is no rule file is told to `report`, all of it; what can be read is in the answer. It is
/// not looked at whether Prometheus would accept an expression, a duration or a name.
std::vector<RuleGroup> read_rule_file(const settings::File& file, settings::Report& report);

/// Names the text of a rule and the settings of its group: alike in 16 hexadecimal digits are alike
/// in everything but the order and the quoting, and the group's name.
std::string fingerprint(const RuleGroup& group, const MonitorRule& rule);

}  // namespace tocsin::gameday

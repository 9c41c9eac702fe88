#include "router/gameday/clone/plan.hpp"

#include <set>

#include "router/gameday/set.hpp"

namespace tocsin::gameday {
namespace {

/// Why a rule is not copied; empty: it is.
std::string why_left_out(const RuleGroup& group, const MonitorRule& rule) {
  if (rule.recording)
    return "the recording rule " + settings::shown(rule.name) +
           " is left out: it would be recorded twice";
  const std::string* tag = find(rule.labels, kTag);
  if (!tag) tag = find(group.labels, kTag);
  if (tag)
    return settings::shown(rule.name) + " is left out: it has the label " + std::string(kTag) +
           "=" + settings::shown(*tag) + " already";
  if (find(rule.annotations, kOriginal))
    return settings::shown(rule.name) + " is left out: it has the annotation " +
           std::string(kOriginal) + ", so it is a copy itself";
  return {};
}

std::string name_of(const std::string& original, const std::string& set,
                    std::set<std::string>& taken) {
  std::string name = original + " (gameday " + set + ")";
  for (int number = 2; !taken.insert(name).second; ++number)
    name = original + " (gameday " + set + ", " + std::to_string(number) + ")";
  return name;
}

}  // namespace

std::vector<PlannedGroup> plan(const std::vector<settings::File>& files, const std::string& set,
                               settings::Report& report) {
  std::vector<PlannedGroup> groups;
  std::set<std::string> taken;
  for (const settings::File& file : files) {
    for (RuleGroup& group : read_rule_file(file, report)) {
      PlannedGroup planned;
      for (MonitorRule& rule : group.rules) {
        if (const std::string why = why_left_out(group, rule); !why.empty()) {
          report.note(rule.place, why);
          continue;
        }
        std::string print = fingerprint(group, rule);
        planned.rules.push_back({std::move(rule), std::move(print)});
      }
      if (planned.rules.empty()) continue;
      planned.name = name_of(group.name, set, taken);
      planned.original = std::move(group);
      planned.original.rules.clear();
      groups.push_back(std::move(planned));
    }
  }
  return groups;
}

}  // namespace tocsin::gameday

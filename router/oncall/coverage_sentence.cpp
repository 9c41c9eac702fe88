#include "router/oncall/coverage.hpp"

namespace tocsin::oncall {
namespace {

constexpr std::size_t kMostNamed = 5;

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kMostNamed; ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kMostNamed)
    text += " and " + std::to_string(names.size() - kMostNamed) + " more";
  return text;
}

std::string_view word_of(Target::Kind kind) {
  switch (kind) {
    case Target::Kind::person:
      return "person ";
    case Target::Kind::channel:
      return "channel ";
    case Target::Kind::rota:
      return "rota ";
  }
  return "";
}

std::string where(const Gap& gap) {
  if (gap.targets.empty()) return "policy " + listed(gap.policies);
  std::vector<std::string> names;
  for (const Target& target : gap.targets)
    names.push_back(std::string(word_of(target.kind)) + target.name);
  return listed(names);
}

std::string what(const Gap& gap) {
  switch (gap.why) {
    case Gap::Why::no_policy:
      return "there is no such policy";
    case Gap::Why::no_step:
      return "policy " + listed(gap.policies) + " has no step that pages a person then";
    case Gap::Why::nobody:
      return "nobody is on call";
    case Gap::Why::no_contact:
      return listed(gap.people) + ": no contact that works";
    case Gap::Why::quiet_hours:
      return listed(gap.people) + ": quiet hours";
  }
  return "";
}

std::string who_falls(const Gap& gap) {
  std::string of;
  for (const Severity severity : gap.severities)
    of += (of.empty() ? " with severity " : ", ") + std::string(to_string(severity));
  if (gap.default_policy)
    return "the default policy pages nobody" + of +
           (gap.rules.empty() ? "" : ", also for " + listed(gap.rules));
  if (gap.rules.empty()) return "what pages " + listed(gap.policies) + " falls through";
  return listed(gap.rules) + (gap.rules.size() == 1 ? " falls" : " fall") +
         " through to the default policy" + of + (gap.caught ? "" : ", which pages nobody either");
}

}  // namespace

std::string sentence(const Gap& gap, const Zone& zone) {
  return where(gap) + ": " + what(gap) + " from " + clock_text(zone, gap.from) + " until " +
         clock_text(zone, gap.until) + "; " + who_falls(gap);
}

}  // namespace tocsin::oncall

#include "router/settings/claims.hpp"

#include <algorithm>

#include "rules/relation.hpp"

namespace tocsin::settings {
namespace {

using Numbers = std::vector<std::size_t>;

/// At most kMostCandidates in all.
template <typename Table>
void take(const Table& table, const std::string& under, Numbers& into) {
  const auto filed = table.find(under);
  if (filed == table.end() || into.size() >= kMostCandidates) return;
  const std::size_t count = std::min(filed->second.size(), kMostCandidates - into.size());
  into.insert(into.end(), filed->second.begin(),
              filed->second.begin() + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

Claims::Claims(const std::vector<rules::Rule>& rules) : rules_(rules) {
  for (const rules::Rule& rule : rules)
    for (const rules::Matcher& matcher : rule.matchers)
      if (const auto values = rules::demanded_values(matcher))
        for (const std::string& value : *values) {
          Asked& asked = asked_[key(matcher.name(), value)];
          ++asked.rules;
          // Rules come team by team.
          if (asked.teams.size() <= kFewTeams &&
              (asked.teams.empty() || asked.teams.back() != rule.team))
            asked.teams.push_back(rule.team);
        }
}

std::string Claims::key(std::string_view label, std::string_view value) {
  std::string both(label);
  both += '\0';
  return both.append(value);
}

void Claims::add(std::size_t rule) {
  std::vector<std::string> rarest;
  std::size_t least = 0;
  for (const rules::Matcher& matcher : rules_[rule].matchers) {
    const auto values = rules::demanded_values(matcher);
    if (!values) continue;
    std::vector<std::string> keys;
    std::size_t written = 0;
    for (const std::string& value : *values) {
      keys.push_back(key(matcher.name(), value));
      const Asked& asked = asked_[keys.back()];
      written += asked.rules;
      if (asked.teams.size() <= kFewTeams) by_value_[keys.back()].push_back(rule);
    }
    if (!rarest.empty() && written >= least) continue;
    rarest = std::move(keys);
    least = written;
  }
  for (const std::string& each : rarest) by_rarest_[each].push_back(rule);
  if (rarest.empty() && !rules_[rule].matchers.empty())
    by_label_[rules_[rule].matchers.front().name()].push_back(rule);
}

std::optional<std::size_t> Claims::takes_all(std::size_t rule) const {
  Numbers before;
  std::size_t lookups = 0;
  for (const rules::Matcher& matcher : rules_[rule].matchers) {
    if (lookups++ >= kMostLookups) break;
    // What takes all of it takes each of its values, so the first will do.
    const auto values = rules::demanded_values(matcher);
    if (values && !values->empty()) take(by_rarest_, key(matcher.name(), values->front()), before);
    take(by_label_, matcher.name(), before);
  }
  std::sort(before.begin(), before.end());
  for (const std::size_t each : before)
    if (rules::takes_all_of(rules_[each].matchers, rules_[rule].matchers)) return each;
  return std::nullopt;
}

std::optional<std::size_t> Claims::takes_some(std::size_t rule) const {
  Numbers before;
  std::size_t lookups = 0;
  for (const rules::Matcher& matcher : rules_[rule].matchers)
    if (const auto values = rules::demanded_values(matcher))
      for (const std::string& value : *values)
        if (lookups++ < kMostLookups) take(by_value_, key(matcher.name(), value), before);
  std::sort(before.begin(), before.end());
  for (const std::size_t each : before) {
    const rules::Rule& first = rules_[each];
    // The service's own rules are meant to stand before everybody's.
    if (first.team.empty() || first.team == rules_[rule].team) continue;
    if (!rules::exclude_each_other(first.matchers, rules_[rule].matchers)) return each;
  }
  return std::nullopt;
}

}  // namespace tocsin::settings

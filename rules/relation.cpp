#include "rules/relation.hpp"

#include <algorithm>

#include "rules/literals.hpp"

namespace tocsin::rules {
namespace {

bool matches_value(const Matcher& matcher, const std::string& value) {
  return matcher.matches(Fields(std::vector<Fields::Pair>{{matcher.name(), value}}));
}

/// Of two matchers of one label: whatever `inner` matches, `outer` matches as well.
bool implies(const Matcher& inner, const Matcher& outer) {
  if (inner.kind() == outer.kind() && inner.value() == outer.value()) return true;
  const auto values = demanded_values(inner);
  return values && std::all_of(values->begin(), values->end(), [&](const std::string& value) {
           return matches_value(outer, value);
         });
}

/// Of two matchers of one label: no value is matched by both.
bool exclude(const Matcher& one, const Matcher& other) {
  for (const auto& [few, rest] : {std::pair(&one, &other), std::pair(&other, &one)})
    if (const auto values = demanded_values(*few))
      return std::none_of(values->begin(), values->end(),
                          [other_one = rest](const std::string& value) {
                            return matches_value(*other_one, value);
                          });
  const auto range = one.range(), another = other.range();
  return range && another && (range->most < another->least || another->most < range->least);
}

}  // namespace

std::optional<std::vector<std::string>> demanded_values(const Matcher& matcher) {
  if (matcher.kind() == MatchKind::equal) return std::vector{matcher.value()};
  if (matcher.kind() == MatchKind::regex) return literal_values(matcher.value());
  return std::nullopt;
}

bool takes_all_of(const std::vector<Matcher>& outer, const std::vector<Matcher>& inner) {
  if (outer.size() * inner.size() > kMostComparedPairs) return false;
  return std::all_of(outer.begin(), outer.end(), [&](const Matcher& wide) {
    return std::any_of(inner.begin(), inner.end(), [&](const Matcher& narrow) {
      return narrow.name() == wide.name() && implies(narrow, wide);
    });
  });
}

bool exclude_each_other(const std::vector<Matcher>& one, const std::vector<Matcher>& other) {
  if (one.size() * other.size() > kMostComparedPairs) return false;
  return std::any_of(one.begin(), one.end(), [&](const Matcher& first) {
    return std::any_of(other.begin(), other.end(), [&](const Matcher& second) {
      return first.name() == second.name() && exclude(first, second);
    });
  });
}

}  // namespace tocsin::rules

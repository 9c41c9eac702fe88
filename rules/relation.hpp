// What two lists of matchers have to do with each other, as far as their texts tell. Pure.
//
// Never a guess: "all of it" and "nothing in common" are only said when they are certain, and what
// would take long to find out is not known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/matcher.hpp"

namespace tocsin::rules {

/// The values of which the label must have one, where the matcher names them all: service="api", or
/// service=~"api|web". In order; an empty one is a label that is missing.
std::optional<std::vector<std::string>> demanded_values(const Matcher& matcher);

/// Certain that whatever all of `inner` match, all of `outer` match as well.
bool takes_all_of(const std::vector<Matcher>& outer, const std::vector<Matcher>& inner);

/// Certain that no alert is matched by all of both.
bool exclude_each_other(const std::vector<Matcher>& one, const std::vector<Matcher>& other);

/// Pairs of matchers; a rule has a handful.
inline constexpr std::size_t kMostComparedPairs = 1024;

}  // namespace tocsin::rules

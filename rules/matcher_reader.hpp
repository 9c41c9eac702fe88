// How the text of a matcher falls into name, operator and value. Private to rules/matcher.cpp and
// its tests.
#pragma once

#include <string>
#include <string_view>

#include "rules/matcher.hpp"

namespace tocsin::rules::detail {

struct Parts {
  std::string name;
  MatchKind kind = MatchKind::equal;
  std::string value;
  std::size_t value_at = 1;  // the character at which the value begins, from 1
};

/// Errors: invalid, with the character at which reading stopped and what to write instead.
Result<Parts> read_matcher(std::string_view text);

/// Whether this name needs no quotes.
bool can_be_bare(std::string_view name);

}  // namespace tocsin::rules::detail

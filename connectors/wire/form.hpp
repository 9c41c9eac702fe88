// application/x-www-form-urlencoded, as providers post it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::wire {

using Form = std::vector<std::pair<std::string, std::string>>;

/// More pairs than any provider's form has; of a longer one the rest is left out.
inline constexpr std::size_t kMostFormPairs = 500;

/// The pairs in the order in which they came, decoded. A pair without `=` has an empty value.
Form read_form(std::string_view text);

/// The first value of this name; empty: there is none.
std::string value_of(const Form& form, std::string_view name);
bool has(const Form& form, std::string_view name);

}  // namespace tocsin::wire

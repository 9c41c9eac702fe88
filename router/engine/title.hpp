// What an incident is called, by the alert that opened it. Pure.
#pragma once

#include <string>

#include "router/core/alert.hpp"

namespace tocsin::engine {

inline constexpr std::size_t kMostTitleBytes = 200;

/// "NAME: what the sender says of it", on one line, at most kMostTitleBytes; what it says alone
/// where that begins with the name. A name with places for values in braces, as ZMON's have, begins
/// what is said as far as its first place.
std::string title_of(const Alert& alert);

}  // namespace tocsin::engine

// "${NAME}" and "${file:PATH}" in a quoted value become what the environment says; "$${" stays a
// literal "${".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "router/settings/settings.hpp"

namespace tocsin::settings {

struct Expansion {
  std::string text;
  bool filled =
      false;  // something was put in, so the text may hold a secret and is not to be shown
  std::vector<std::string> wrong;    // mistakes in the writing: what; remedy
  std::vector<std::string> missing;  // what the environment does not have here: what; remedy
};

/// A file's content without the line end that editors put behind it. Never shows a value in `wrong`
/// or `missing`.
Expansion expand(std::string_view written, const Environment& environment);

inline constexpr std::size_t kMostExpandedBytes = 64u << 10;

}  // namespace tocsin::settings

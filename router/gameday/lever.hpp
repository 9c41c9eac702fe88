// The lever: while it is pulled on a node, nothing of any drill leaves that node and no set is
// turned on there. It is a file in the data directory, so that it works when nothing else does;
// what it says is for people, and its being there is enough. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "router/core/time.hpp"

namespace tocsin::gameday {

struct Lever {
  std::string by, why;  // empty: it does not say
  std::optional<WallTime> at;

  bool operator==(const Lever&) const = default;
};

/// As lines of text.
std::string encode(const Lever& lever);
/// Of whatever is in the file: what cannot be read is left out.
Lever read_lever(std::string_view text);

/// "the GameDay lever is pulled on this node, by ada@host since 2026-…: too much at once".
std::string sentence(const Lever& lever);

}  // namespace tocsin::gameday

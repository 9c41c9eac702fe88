// Writes YAML that every parser reads back as the same text: Prometheus' own is another one than
// ours.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "router/settings/yaml_tree.hpp"

namespace tocsin::gameday {

/// A text as it stands behind "key: ": quoted, or from several lines a block whose lines are
/// indented by `indent` blanks, two more than the key is. Always a text, never a number or a yes.
/// Ends without a line end.
std::string yaml_text(std::string_view text, std::size_t indent);

/// A key: quoted unless it is a plain word.
std::string yaml_key(std::string_view key);

/// "key: value" and a line end, at this indentation, whatever kind of value it is. Plain words and
/// numbers stay plain, so that a number stays one.
std::string yaml_entry(const settings::Entry& entry, std::size_t indent);

}  // namespace tocsin::gameday

// How a connector introduces itself: as data, so that settings are checked, documented and shown
// without a switch anywhere.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::connectors {

/// One key of a connector's settings.
struct Field {
  std::string_view key;
  bool required = false;
  bool secret = false;  // in no log, error or metric, and not in the journalled configuration
  std::string_view meaning;
  std::string_view example = {};  // a value, where not any text will do
  bool map = false;  // a map, of any depth; whose it is says what may stand in it. Else one text
};

/// A connector's settings as the configuration gave them: only keys that its spec has, no required
/// one missing or empty.
struct Values {
  std::string name;  // the connector's name in the configuration
  std::map<std::string, std::string> values;

  std::string get(const std::string& key) const {
    const auto found = values.find(key);
    return found == values.end() ? std::string() : found->second;
  }
};

}  // namespace tocsin::connectors

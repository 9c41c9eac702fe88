// The selectors of a PromQL expression, found without knowing its functions: what a person has to
// look at when an expression is to look at other series.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::gameday {

/// As they are written (up, up{job="api"}, {job=~"a.*"}), in their order, each text once. Of an
/// expression that is none, whatever looks like one; rather one too many than one too few.
std::vector<std::string> selectors(std::string_view expr);

}  // namespace tocsin::gameday

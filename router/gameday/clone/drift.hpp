// Whether copies are still like their originals: a copy that drifts from the rule that it was made
// of practises what production does not do any more. Pure.
#pragma once

#include <string>
#include <vector>

#include "router/gameday/clone/rule_file.hpp"

namespace tocsin::gameday {

struct Difference {
  enum class Kind {
    edited,    // the original is another than the one that was copied
    deleted,   // the copy's original is gone
    added,     // an original without a copy
    tampered,  // a copy without the set's tag, or that does not say of what it is a copy
  };
  Kind kind = Kind::edited;
  settings::Fault what;  // where to look, and in words
};
std::string_view to_string(Difference::Kind kind);

struct Comparison {
  std::size_t copies = 0;
  std::vector<Difference> differences;  // in the order of the copies, then of the originals
  std::vector<settings::Fault> faults;  // files that cannot be read: nothing was compared
};

/// `clone` is what was written for the set from earlier versions of the files.
Comparison compare(const std::vector<settings::File>& files, const settings::File& clone,
                   const std::string& set);

}  // namespace tocsin::gameday

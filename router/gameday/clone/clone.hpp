// Copies of a monitor's alerting rules for a GameDay set: they look at the set's series and carry
// its tag, so that tocsin drills them while the set is on and mutes them while it is off. Pure.
//
//   rule files ─▶ plan ─▶ each rule: matchers set, labels and fingerprint added ─▶ one rule file
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "router/core/result.hpp"
#include "router/gameday/clone/rule_file.hpp"
#include "router/gameday/set.hpp"

namespace tocsin::gameday {

/// `label="value"` in every selector, in the place of whatever it says of that label.
struct Retarget {
  std::string label, value;

  bool operator==(const Retarget&) const = default;
};

/// The expression with that matcher in every selector. Errors: why it stays as it is.
using SetMatcher =
    std::function<Result<std::string>(const std::string& expr, const Retarget& retarget)>;

/// What a set says of it: its alerts have in the labels of `as` what `copies` asks for.
struct SetRetargets {
  std::vector<Retarget> all;
  std::vector<std::string>
      unsaid;  // labels of `as` for which no matcher of `copies` is an equality
};
SetRetargets retargets_of(const Set& set);

struct CloneRequest {
  std::vector<settings::File> files;
  std::string set;
  std::vector<Retarget> retargets;
  Texts labels;            // further ones of the copies; they win over the originals'
  std::string command;     // by which it is made, for the comment at the file's beginning
  SetMatcher set_matcher;  // without one, every expression stays as it is
};

struct Clone {
  std::string text;  // empty: faults, or there is nothing to copy
  std::size_t copies = 0;
  std::vector<settings::Fault> faults;
  std::vector<settings::Fault> notes;     // what is left out, and why
  std::vector<settings::Fault> unedited;  // a selector each, which a person has to edit
};
Clone make_clone(const CloneRequest& request);

/// How each such file begins.
inline constexpr std::string_view kCloneBegins = "# Copies of alerting rules for the GameDay set ";

}  // namespace tocsin::gameday

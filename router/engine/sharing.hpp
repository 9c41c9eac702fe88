// What incidents and alerts have in common, kept once: of a hundred thousand that one fault opened
// nearly all were decided by the same rule, escalate by the same policy and say the same words. A
// memory of the fold, in no snapshot: it never changes what a value says, and whatever it forgot is
// merely kept twice. Used by whoever folds, alone.
#pragma once

#include <map>
#include <string>
#include <unordered_set>
#include <utility>

#include "router/engine/incident.hpp"

namespace tocsin::engine {

/// Past so many of a kind all of them are forgotten, and what comes from then on is kept anew.
inline constexpr std::size_t kMostShared = 4'096;
/// Longer texts are seldom equal.
inline constexpr std::size_t kLongestShared = 1'024;
/// Of a timeline or messages the last so many: what stands before them was shared when it came.
inline constexpr std::size_t kLatestShared = 8;

class Sharing {
 public:
  void share(Incident& incident);
  void share(AlertState& alert);

 private:
  void share(SharedText& text);
  void share(Shared<Decision>& decision);
  void share(Shared<Policy>& policy);

  std::unordered_set<SharedText, TextHash> texts_;
  std::map<std::pair<std::string, Severity>, Shared<Decision>> decisions_;  // by rule
  std::map<std::pair<std::string, std::string>, Shared<Policy>> policies_;  // by team and name
};

}  // namespace tocsin::engine

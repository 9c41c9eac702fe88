// What many alerts have in common, kept once. A decision takes some 800 bytes; of 100,000 alerts
// most were decided alike by a handful of rules.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "router/core/decision.hpp"

namespace tocsin::engine {

inline constexpr std::size_t kMostAlike = 10'000;

/// Equal ones become the same one, as far as the last of each rule and severity goes. Never changes
/// what is said, and whatever was forgotten is merely kept twice.
class AlikeDecisions {
 public:
  std::shared_ptr<const Decision> share(const Decision& decision) {
    auto& known = known_of(decision);
    if (!known || *known != decision) known = std::make_shared<const Decision>(decision);
    return known;
  }
  std::shared_ptr<const Decision> share(std::shared_ptr<const Decision> decision) {
    auto& known = known_of(*decision);
    if (!known || *known != *decision) known = std::move(decision);
    return known;
  }

 private:
  std::shared_ptr<const Decision>& known_of(const Decision& decision) {
    if (known_.size() >= kMostAlike) known_.clear();
    return known_[{decision.rule, decision.severity}];
  }

  std::map<std::pair<std::string, Severity>, std::shared_ptr<const Decision>> known_;
};

}  // namespace tocsin::engine

// An escalation policy as a value: what an incident carries with it from the moment it opens.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "router/core/time.hpp"

namespace tocsin {

/// Whom a step pages. A rota is resolved to a person when the step begins.
struct Target {
  enum class Kind : std::uint8_t { person = 0, channel = 1, rota = 2 };
  Kind kind = Kind::person;
  std::string name;

  bool operator==(const Target&) const = default;
};

inline constexpr Duration kDefaultStepWait = std::chrono::minutes(5);
/// How often the default policy begins again, once everything else has been tried.
inline constexpr Duration kDefaultPolicyEvery = std::chrono::minutes(15);

struct Step {
  std::vector<Target> page;
  Duration wait = kDefaultStepWait;  // until the next step, if nobody acknowledges

  bool operator==(const Step&) const = default;
};

struct Policy {
  std::string name;
  std::string team;
  std::vector<Step> steps;   // never empty
  std::uint32_t repeat = 0;  // further rounds after the first

  bool operator==(const Policy&) const = default;
};

}  // namespace tocsin

// An escalation policy as a value: what an incident carries with it from the moment it opens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "router/core/schedule.hpp"
#include "router/core/severity.hpp"
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

/// For whom an incident waits that could page nobody.
enum class Queue : std::uint8_t {
  none = 0,
  own_policy = 1,  // nobody of its own policy is there at present; the default policy is paged
  anybody = 2,     // nor is anybody of the default policy
};
inline constexpr Queue kLastQueue = Queue::anybody;

constexpr std::string_view to_string(Queue queue) {
  switch (queue) {
    case Queue::none:
      return "none";
    case Queue::own_policy:
      return "own_policy";
    case Queue::anybody:
      return "anybody";
  }
  return "none";
}

/// When a step is taken; at any other time it is passed over.
struct StepOnly {
  std::vector<Severity> severities;  // of the incident; empty: any
  std::vector<Schedule> hours;       // within any of them; empty: always

  bool always() const { return severities.empty() && hours.empty(); }
  bool operator==(const StepOnly&) const = default;
};

struct Step {
  std::vector<Target> page;
  Duration wait = kDefaultStepWait;  // until the next step, if nobody acknowledges
  StepOnly only = {};
  /// One target an incident, in turn, and the next one in the next round; a target that reaches
  /// nobody is passed over. Otherwise all of them at once.
  bool round_robin = false;
  /// The incident is acknowledged when every person that the step paged has. Otherwise whoever
  /// comes first does it for all.
  bool everyone = false;

  bool operator==(const Step&) const = default;
};

struct Policy {
  std::string name;
  std::string team;
  std::vector<Step> steps;   // never empty
  std::uint32_t repeat = 0;  // further rounds after the first
  /// An acknowledgement holds for so long; then, unless it is resolved, the incident is open again
  /// and its escalation begins anew. Zero: for good.
  Duration acknowledgement_timeout{};

  bool operator==(const Policy&) const = default;
};

}  // namespace tocsin

// Whom steps reach at a moment: people, whoever is on call in a rota, and rooms. Pure.
//
// An incident keeps the policy with which it began; who somebody is, how they are reached and who
// is on call is asked of the configuration of today, whenever a step begins.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "router/engine/configuration.hpp"
#include "router/engine/facts.hpp"
#include "router/engine/incident.hpp"

namespace tocsin::engine {

/// What says who is there, and when it is asked.
struct Present {
  const Facts& facts;
  const Configuration& configuration;
  WallTime now{};

  oncall::Roster roster() const {
    return {configuration.rotas, configuration.directory, facts.overrides};
  }
};

/// What a step comes to.
struct Reached {
  struct To {
    oncall::Due due;
    std::string rota;  // that the person is on call in; empty: they, or a room, are named
  };
  std::vector<To> contacts;             // each once, in the order of the targets
  std::optional<std::uint32_t> target;  // round robin: the one target that it is
  std::vector<std::string> nobody;      // of what reaches nobody: why, for people
  bool wants_people = false;            // it holds now, and names people or rotas
  bool has_people = false;              // and one of them can be paged, or has acknowledged
};

/// Who has acknowledged already is not reached again. `first`: round robin: the target to begin
/// with; one that reaches nobody is passed over.
Reached reach_of(const Step& step, const Incident& incident, std::uint32_t first,
                 const Present& present);

/// Nobody of this policy can be paged at present. Rooms are nobody, unless the policy as it holds
/// now wants nothing else. Cheap: asked once a minute for each incident that waits for somebody.
bool has_nobody(const Policy& policy, const Incident& incident, const Present& present);
/// Why, for people.
std::string why_nobody(const Policy& policy, const Incident& incident, const Present& present);

/// "nobody is on call in cdp-primary until Mon 2026-11-30 09:00 GMT; ada has no contact": each
/// once, the first few.
std::string joined(const std::vector<std::string>& sentences);

}  // namespace tocsin::engine

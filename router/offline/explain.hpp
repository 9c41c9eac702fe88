// What would happen to a payload: each alert's decision with its reasons, and a rehearsal of who
// would be told if nobody acknowledged. As data; as text for people and as JSON for tools.
//
// The payload is read by its integration's own source, decided by the engine's own functions, and
// nothing is stored or sent.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connectors/source.hpp"
#include "router/engine/rehearsal.hpp"
#include "router/ingest/ingest.hpp"
#include "router/offline/schedule.hpp"
#include "rules/explanation.hpp"

namespace tocsin::offline {

struct ExplainedAlert {
  std::size_t place = 0;  // in the payload, from 1
  Alert alert;
  rules::Explanation explanation;
  IncidentId incident;       // empty: nobody is told of it
  std::string gameday = {};  // the set whose drill copy of the alert it is; empty: the alert itself
};

struct ExplainedIncident {
  IncidentId id;
  std::string title;
  std::vector<engine::Told> told;  // all of it
  std::string nobody = {};  // why nobody at all could be paged when it was last tried; or empty
};

struct Explained {
  std::string integration;
  WallTime at{};
  std::vector<ExplainedAlert> alerts;
  std::vector<connectors::Rejected> rejected;  // places from 0
  std::vector<ExplainedIncident> incidents;    // in the order of their opening
  Duration followed{};                         // for so long was it rehearsed
  bool complete = true;                        // false: there was too much to follow it to its end
};

/// Long enough for every escalation that people write; what repeats is known by then.
inline constexpr Duration kLongestRehearsal = std::chrono::hours(24);
/// Alerts shown in full in the text, and on a line of their own; JSON has them all.
inline constexpr std::size_t kMostInFull = 10;
inline constexpr std::size_t kMostOnALine = 100;
/// Rules kept with their reasons, over all alerts; of the alerts after that only the counts.
inline constexpr std::size_t kMostTriedInAll = 100'000;
/// Rules shown of those that did not match: the nearest.
inline constexpr std::size_t kMostNear = 12;

/// With these GameDay sets on, which must exist. Errors: the source's, when it can make nothing of
/// the payload as a whole.
Result<Explained> explain(const ingest::Integration& integration,
                          std::shared_ptr<const engine::Configuration> configuration,
                          std::string payload, const Instant& at,
                          const std::vector<std::string>& sets_on = {});

/// Fit for a terminal, whatever the alerts say.
std::string text_of(const Explained& explained);
std::string json_of(const Explained& explained);

/// What the alert is called: its name and what it says of itself, cut, one line.
std::string title_of(const Alert& alert);
/// "page: policy cdp, severity critical, team cdp".
std::string summary(const Decision& decision);

}  // namespace tocsin::offline

// GameDay sets as JSON, and what a request to turn one on asks. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "router/api/request_body.hpp"
#include "router/engine/configuration.hpp"
#include "router/engine/owner/node_state.hpp"
#include "router/gameday/lever.hpp"

namespace tocsin::api {

/// Whom a set can reach, at whatever time; nobody else.
struct Reach {
  std::vector<std::string> people;
  std::vector<std::string> channels;
};
Reach reach_of(const gameday::Set& set, const engine::Configuration& configuration,
               const oncall::Overrides& overrides);

/// One set with all that is known of it.
struct KnownSet {
  std::string name;
  const gameday::Set* set = nullptr;  // nothing: it is not configured any more
  Reach reach;
  std::vector<gameday::Run> runs;         // oldest first
  engine::NodeState::DrillCounts counts;  // of the last run

  const gameday::Run* last_run() const { return runs.empty() ? nullptr : &runs.back(); }
};

/// "on", "scheduled", "paused" (by a real incident, and not on since) or "off".
std::string_view state_of(const gameday::Run* last, const Instant& now);

/// How a run ended: "off", "paused", "lever", or "time", when it was over by itself. Nothing: it is
/// not over.
struct RunEnd {
  std::string kind;
  std::string by, why;
  WallTime at{};
};
std::optional<RunEnd> end_of(const gameday::Run& run, const Instant& now);

/// {"lever":…,"gamedays":[…]}.
std::string gamedays_json(const std::vector<KnownSet>& sets,
                          const std::optional<gameday::Lever>& lever, const Instant& now);
/// One of these.
std::string gameday_json(const KnownSet& set, const Instant& now);
/// The same with its runs, and the incidents of the last one: `drills`.
std::string gameday_json(const KnownSet& set, const std::optional<gameday::Lever>& lever,
                         const std::vector<engine::Incident>& drills, const Instant& now);

/// Who got a page of it, by name.
std::vector<std::string> paged_of(const engine::Incident& incident);

/// What was being sent of drills at one moment, as a JSON list.
std::string in_flight_json(const std::vector<engine::Incident>& drills);

/// The run that `body` asks for, on the basis of the last one, which may be on. Errors: invalid,
/// naming the field; refused, when it cannot be at this moment.
Result<gameday::Run> run_asked(const ChangeBody& body, const gameday::Set& set,
                               const gameday::Run* last, const Instant& now);

/// The fields that such bodies may have.
inline constexpr std::string_view kGamedayOnFields[] = {"for", "at", "why"};
inline constexpr std::string_view kGamedayOffFields[] = {"why"};

/// A set begins at most so long after it was said.
inline constexpr Duration kLatestStart = std::chrono::hours(24 * 31);

}  // namespace tocsin::api

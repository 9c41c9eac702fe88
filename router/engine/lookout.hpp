// Which news there are to be noticed: who came on call, where nobody will be, which overrides were
// made, what a new configuration changed, whose contacts are to be tested. Pure; a memory of
// whoever holds partition 0, and of no record.
//
// It speaks of the present alone. A hand-over is noticed by comparing who is on call with who was
// at the last look, a minute ago; at a start, or after a pause, with who was a quarter of an hour
// ago. What was said already is known by its id (notice.hpp), so that to look again says nothing
// twice, whoever looks.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "router/engine/configuration.hpp"
#include "router/engine/decide.hpp"

namespace tocsin::engine {

class Lookout {
 public:
  /// Looks about, if it is time to, and returns what is to be noticed, up to about
  /// kMostNoticesPerTurn. `state` is of partition 0.
  std::vector<Effect> look(const PartitionState& state,
                           std::shared_ptr<const Configuration> configuration,
                           const Moment& moment);
  /// How long until there may be more; nothing: not before something is folded.
  std::optional<Duration> next_in(const Moment& moment) const;
  /// Something that it looks at was folded.
  void hear() { heard_ = true; }
  /// What was returned last may not have been said.
  void look_again();

 private:
  bool is_time(const Configuration& configuration, WallTime now) const;
  void look_for_handovers(const oncall::Roster& roster, WallTime now);
  void look_ahead(const oncall::Roster& roster, WallTime now);
  void look_at_overrides(const Facts& facts, WallTime now);
  void compare(const std::shared_ptr<const Configuration>& configuration);

  std::optional<WallTime> at_;  // of the last look
  bool heard_ = true;
  std::map<std::string, std::string, std::less<>> on_call_;  // by rota; empty: nobody
  std::set<std::string, std::less<>> gap_ahead_;  // nobody is on call in kGapAhead, and should be
  std::optional<std::uint64_t> override_changes_;
  std::shared_ptr<const Configuration> by_;
  std::shared_ptr<const Configuration> before_;  // what was compared last may not have been said

  // News that were found and not told yet, by rota.
  std::map<std::string, std::string> handed_over_;  // and who was on call before
  std::set<std::string> gaps_;
  std::set<std::string> overridden_;                                        // by the override's id
  std::map<std::string, std::shared_ptr<const Configuration>> rearranged_;  // and by what it was
};

inline constexpr std::size_t kMostNoticesPerTurn = 256;
/// Of these each may cost as much as a page's decision: between them pages have their turn.
inline constexpr std::size_t kMostNewsPerLook = 64;
/// Hand-overs are looked for so often, on the minute.
inline constexpr Duration kLookForHandovers = std::chrono::minutes(1);
inline constexpr Duration kLateHandover = std::chrono::minutes(15);
/// Nobody will be on call: said so long before.
inline constexpr Duration kGapAhead = std::chrono::hours(24);
/// Overrides are told of for so long after they were made or ended.
inline constexpr Duration kChangeIsNews = std::chrono::hours(1);
/// A new configuration is compared with the one before so far ahead.
inline constexpr Duration kShiftsCompared = std::chrono::hours(24 * 14);

}  // namespace tocsin::engine

// What holds for all partitions: folded from the control records of partition 0.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "router/core/control.hpp"
#include "router/oncall/rota.hpp"
#include "rules/silence.hpp"

namespace tocsin::engine {

struct KeptSilence {
  rules::Silence silence;
  control::Silence said;
  Position anchor = 0;  // where the journal has it
};

struct KeptConfiguration {
  std::string hash;
  std::shared_ptr<const std::string> body;
  Position anchor = 0;

  bool operator==(const KeptConfiguration& other) const {
    return hash == other.hash && *body == *other.body;
  }
};

struct KeptRun {
  gameday::Run run;
  Position anchor = 0;

  bool operator==(const KeptRun&) const = default;
};

struct Facts {
  /// By id; those that ended stay for kEndedSilenceKept, so that people can look them up.
  std::map<std::string, KeptSilence, std::less<>> silences;
  std::uint64_t silence_changes = 0;  // grows with each, so that others know when to look again
  /// The latest configurations that decided, oldest first.
  std::deque<KeptConfiguration> configurations;

  /// By set: its runs, oldest first, up to kMostRunsKept. The last is the one that may be on.
  std::map<std::string, std::deque<KeptRun>, std::less<>> gamedays;
  std::uint64_t gameday_changes = 0;
  /// Ends of sets of which nothing is known yet, in a journal whose beginning is gone: until their
  /// run is carried. In no snapshot.
  std::map<std::string, control::GamedayEnded, std::less<>> early_ends;

  /// Of rotas, made by API: by rota, in the order in which they were made.
  oncall::Overrides overrides;

  /// The set's run that is on at this moment.
  const gameday::Run* find_on(std::string_view set, const Instant& now) const;
  const gameday::Run* find_run(std::string_view set, std::uint32_t number) const;
  const KeptSilence* find_silence(std::string_view id) const;
  /// Its body; nothing if it is older than those kept.
  std::shared_ptr<const std::string> configuration(std::string_view hash) const;
};

inline constexpr Duration kEndedSilenceKept = std::chrono::hours(24 * 7);
inline constexpr std::size_t kMostEarlyEnds = 1'000;
inline constexpr std::size_t kMostSilences = 10'000;
inline constexpr std::size_t kMostConfigurationsKept = 50;
inline constexpr std::size_t kMostConfigurationBytesKept = 32u << 20;

/// Where a fact stands in the journal.
struct Fact {
  WallTime recorded_at{};
  Position position = 0;
  bool carried = false;
};

/// Errors: why the fact cannot be used; nothing has changed then.
Status fold_control(Facts& facts, const Control& control, const Fact& fact);

/// The facts that must be written again before records up to `through` may be dropped: silences
/// that are not over at `now`, and the configurations that `wanted` names.
std::vector<Control> facts_to_carry(const Facts& facts, Position through, WallTime now,
                                    const std::set<std::string>& wanted);

}  // namespace tocsin::engine

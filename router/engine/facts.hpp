// What holds for all partitions: folded from the control records of partition 0.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
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

struct KeptOverride {
  control::RotaOverride said;  // with `made` and `made_at`, always
  Position anchor = 0;

  bool operator==(const KeptOverride&) const = default;
};

struct KeptProof {
  control::ContactProved said;
  Position anchor = 0;

  bool operator==(const KeptProof&) const = default;
};
/// Person, channel, hash_of_address().
using ContactKey = std::tuple<std::string, std::string, std::string>;

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

  /// Overrides of rotas, by rota, in the order in which they were made: what says who is on call.
  /// One that was ended before it began is in none.
  oncall::Overrides overrides;
  /// All of them, by id; those that ended stay for kEndedOverrideKept, for lists and calendars.
  std::map<std::string, KeptOverride, std::less<>> made_overrides;
  std::uint64_t override_changes = 0;
  /// Likewise ends of which nothing is known yet: until their override is carried. In no snapshot.
  std::map<std::string, control::RotaOverrideEnded, std::less<>> early_override_ends;

  /// Which contacts have been shown to work, and when last; up to kMostProofs.
  std::map<ContactKey, KeptProof> proofs;
  /// The latest tests of contacts that were asked for, oldest first; nothing is left of them for
  /// long. In no retention.
  std::deque<control::ContactTest> contact_tests;
  std::uint64_t contact_changes = 0;

  /// The set's run that is on at this moment.
  const gameday::Run* find_on(std::string_view set, const Instant& now) const;
  const gameday::Run* find_run(std::string_view set, std::uint32_t number) const;
  const KeptSilence* find_silence(std::string_view id) const;
  /// Its body; nothing if it is older than those kept.
  std::shared_ptr<const std::string> configuration(std::string_view hash) const;
};

inline constexpr Duration kEndedSilenceKept = std::chrono::hours(24 * 7);
inline constexpr std::size_t kMostEarlyEnds = 1'000;
/// As long as a calendar shows what was.
inline constexpr Duration kEndedOverrideKept = std::chrono::hours(24 * 15);
inline constexpr std::size_t kMostOverrides = 10'000;
inline constexpr std::size_t kMostOverridesOfRota = 500;
inline constexpr std::size_t kMostProofs = 20'000;
inline constexpr std::size_t kMostContactTests = 200;
/// A test is answered by then, or not at all.
inline constexpr Duration kContactTestLife = std::chrono::hours(1);
/// Between two tests of one person.
inline constexpr Duration kContactTestEvery = std::chrono::seconds(10);
/// Whoever is on call for longer belongs into the configuration.
inline constexpr Duration kLongestOverride = std::chrono::hours(24 * 92);
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
/// that are not over at `now`, overrides that are not forgotten by then, what was shown of
/// contacts, and the configurations that `wanted` names.
std::vector<Control> facts_to_carry(const Facts& facts, Position through, WallTime now,
                                    const std::set<std::string>& wanted);

}  // namespace tocsin::engine

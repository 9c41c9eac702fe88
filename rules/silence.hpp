// A silence as it is asked: its matchers read and its limits kept. Pure.
//
// As in Alertmanager it has matchers and always an end, and it cannot be for everything by mistake:
// at least one matcher must refuse an alert that has no label at all.
#pragma once

#include <string>
#include <vector>

#include "router/core/control.hpp"
#include "router/core/fields.hpp"
#include "router/core/result.hpp"
#include "rules/matcher.hpp"

namespace tocsin::rules {

struct Silence {
  SilenceId id;
  std::vector<Matcher> matchers;  // at least one; all must match
  WallTime starts_at{};
  WallTime ends_at{};
  std::string by;
  std::string why;
};

/// Errors: invalid, naming the matcher or what else is wrong, and what to do. The same record
/// always gives the same answer.
Result<Silence> make_silence(const control::Silence& asked);

/// From `starts_at` on, and no longer at `ends_at`.
bool covers(const Silence& silence, const Fields& labels, WallTime now);

/// True if an alert without a label matches: then every alert may, and nobody meant that.
bool matches_without_labels(const std::vector<Matcher>& matchers);

inline constexpr Duration kLongestSilence = std::chrono::hours(24 * 366);
inline constexpr std::size_t kMostSilenceMatchers = 64;
inline constexpr std::size_t kMostSilenceMatcherBytes = 8u << 10;  // of one of them
inline constexpr std::size_t kMostSilenceByBytes = 256;
inline constexpr std::size_t kMostSilenceWhyBytes = 4u << 10;

}  // namespace tocsin::rules

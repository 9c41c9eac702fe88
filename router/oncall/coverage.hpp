// Whether somebody would be paged: for every rule and every moment of a time to come, a person with
// a contact that works; or when not, and why. Pure.
//
//   a rule is covered at a moment if a step of its policy, taken at that moment, pages
//     a person                 or whoever a rota has on call
//     who has a contact that works, for the severity
//     and no quiet hours, or the severity is critical
//   A channel, which is a room, is nobody's person. What is not covered by its own policy falls
//   through to the default policy, and is a gap all the same.
//
// The moments at which anything changes are looked at, not the minutes. The waits between steps are
// not: each step is asked as if it came at once.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "router/core/policy.hpp"
#include "router/oncall/rota.hpp"

namespace tocsin::oncall {

/// What must be covered.
struct Paging {
  std::string rule;                  // its name; empty: the default policy by itself
  std::string policy;                // empty: the default policy
  std::optional<Severity> severity;  // nothing: what the sender says, so any

  bool operator==(const Paging&) const = default;
};

/// Whether a contact is not known to fail. Called once for each person, channel and address.
using Works = std::function<bool(std::string_view person, std::string_view channel,
                                 std::string_view address)>;

using Policies = std::map<std::string, Policy, std::less<>>;

struct Gap {
  /// How far the search came at the step where it came furthest: with `quiet_hours` there is
  /// somebody with a contact that works, who does not want to be woken.
  enum class Why : std::uint8_t {
    no_policy = 0,    // there is none of this name
    no_step = 1,      // no step that pages a person or a rota is taken then, for that severity
    nobody = 2,       // nobody is on call
    no_contact = 3,   // somebody is, and has no contact that works (for that severity)
    quiet_hours = 4,  // somebody has, and quiet hours
  };

  WallTime from{}, until{};
  std::vector<std::string> policies;
  bool default_policy = false;       // it is the default policy: nothing stands behind it
  std::vector<Target> targets;       // its rotas; without one its people; without them channels
  std::vector<Severity> severities;  // whose alerts fall through; empty: all of the rules'
  std::vector<std::string> rules;    // that would fall through, in the order of `pagings`
  std::vector<std::string> people;   // no_contact, quiet_hours: who is on call or named by a step
  Why why = Why::nobody;
  bool caught = false;  // the default policy would page somebody instead

  bool operator==(const Gap&) const = default;
};

std::string_view to_string(Gap::Why why);

struct Coverage {
  WallTime from{}, until{};  // what was looked at
  std::vector<Gap> gaps;     // what nobody catches first, then by time
  std::size_t left_out = 0;  // more gaps, past kMostGaps
};

/// At most so long is looked at, and so many gaps are listed.
inline constexpr Duration kLongestCoverage = std::chrono::hours(24 * 400);
inline constexpr std::size_t kMostGaps = 10'000;

/// The default policy by itself is always looked at, as is each of `pagings`.
Coverage cover(const std::vector<Paging>& pagings, const Policies& policies,
               const std::string& default_policy, const Roster& roster, const Works& works,
               WallTime from, WallTime until);

/// "rota cdp-primary: nobody is on call from Sat 2026-11-28 17:00 GMT until …; rules api-latency
/// fall through to the default policy"; for people, in this zone.
std::string sentence(const Gap& gap, const Zone& zone);

}  // namespace tocsin::oncall

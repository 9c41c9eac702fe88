// A GameDay set: which alerts it drills, as whom they are decided, and whom alone it may reach.
// Pure.
//
//   production's way   alert ───────────────▶ rules ─▶ production's policy
//   while the set is on   └─ a drill copy, seen `as` ─▶ the same rules ─▶ every destination
//   replaced
//
// A drill is decided by production's own rules, so that it practises what will be used in earnest.
// What it may reach is the set's own: its policy, its channels, hooks that allow drills. Nothing
// else is left in the decision.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "router/core/decision.hpp"
#include "router/core/fields.hpp"
#include "rules/matcher.hpp"

namespace tocsin::gameday {

/// The label that is the tag: an alert that carries it belongs to the set of that name alone.
inline constexpr std::string_view kTag = "gameday";

/// What a hook does when a drill would run it.
enum class HookInDrill : std::uint8_t { never = 0, dry_run = 1, run = 2 };
inline constexpr HookInDrill kLastHookInDrill = HookInDrill::run;

struct Set {
  std::string name;
  std::string team;
  std::vector<rules::Matcher> copies;                        // none: only what carries the tag
  std::vector<std::pair<std::string, std::string>> as;       // labels, as they are to be seen
  std::string page;                                          // the only policy that it can page
  std::map<std::string, std::string, std::less<>> channels;  // a rule's channel → the set's own
  bool may_page_production = false;
  std::optional<Severity> stop_if;  // besides a real page of its team: one so grave, of any team
  Duration longest = std::chrono::hours(3);
};
using Sets = std::map<std::string, Set, std::less<>>;
using HooksInDrill = std::map<std::string, HookInDrill, std::less<>>;

/// What an alert's tag says.
struct Tag {
  const Set* alone = nullptr;  // it is this set's alone
  std::string mistaken;  // it carries a tag that is not heard, and why; empty: it carries none
};
/// `may_feed`: the sets whose tag the alert's integration may carry.
Tag tag_of(const Fields& labels, const std::vector<std::string>& may_feed, const Sets& sets);

/// While it is on, such an alert has a drill copy beside its normal way.
bool copies(const Set& set, const Fields& labels);

/// The labels as production's rules are to see them: without the tag, and as `as` says.
Fields seen_as(const Set& set, const Fields& labels);

/// What is recorded of an alert that is a set's alone: nobody is told of it in earnest.
Decision muted(const Set& set);

/// Production's decision, with every destination replaced by the set's: its policy, the channels
/// that it lists (others are not told), and a hook only where it allows drills. Says each in the
/// reasons.
Decision for_drill(Decision decision, const Set& set, const HooksInDrill& hooks);

/// The first characters of every text of a drill: "[GAMEDAY cdp-staging]".
std::string mark(std::string_view set);

}  // namespace tocsin::gameday

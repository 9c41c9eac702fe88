// What was decided about an alert, with the reasons as data: enough to tell the person it woke why,
// in one sentence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "router/core/severity.hpp"
#include "router/core/time.hpp"

namespace tocsin {

enum class Outcome : std::uint8_t { page = 0, suppress = 1, advise = 2, remediate = 3, muted = 4 };

constexpr std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::page:
      return "page";
    case Outcome::suppress:
      return "suppress";
    case Outcome::advise:
      return "advise";
    case Outcome::remediate:
      return "remediate";
    case Outcome::muted:
      return "muted";
  }
  return "page";
}

/// Whether somebody is paged in the end.
constexpr bool pages(Outcome outcome) {
  return outcome == Outcome::page || outcome == Outcome::remediate;
}

enum class ReasonKind : std::uint8_t {
  rule_matched = 0,         // subject: the rule; detail: its matchers
  no_rule_matched = 1,      // so the default policy pages
  severity_from_rule = 2,   // subject: the rule; detail: the severity
  severity_from_label = 3,  // subject: the label's value; detail: the severity it stands for
  severity_unknown = 4,     // subject: the label's value, if any; taken as error
  policy_from_rule = 5,     // subject: the rule; detail: the policy
  policy_default = 6,       // detail: the policy
  suppressed_by_rule = 7,   // subject: the rule; detail: its own words
  advised_by_rule = 8,      // subject: the rule; detail: the manual's address
  runbook_from_rule = 9,    // subject: the rule; detail: the runbook
  no_runbook = 10,          // nobody has a procedure for this
  after_from_rule = 11,     // subject: the rule; detail: how long it must go on firing
  remedy_from_rule = 12,    // subject: the rule; detail: the hook that can mend it
  set_aside = 13,           // subject: the record that could not be decided; detail: why
  gameday_alone = 14,       // subject: the GameDay set whose tag it carries
  gameday_mistaken = 15,    // subject: the tag; detail: why it is not heard
  gameday_copy = 16,        // subject: the set; detail: the labels as they were seen
  gameday_policy = 17,      // subject: the set; detail: the policy in the place of production's
  gameday_channel = 18,     // subject: a channel of the rules; detail: the set's; empty: not told
  gameday_hook = 19,        // subject: a hook; detail: why it is left out, or how it runs
};

inline constexpr ReasonKind kLastReason = ReasonKind::gameday_hook;

std::string_view to_string(ReasonKind kind);

struct Reason {
  ReasonKind kind;
  std::string subject;
  std::string detail;

  bool operator==(const Reason&) const = default;
};

/// The reason in words, for people.
std::string sentence(const Reason& reason);

/// A procedure for a known problem, by value: what it was when the decision was made.
struct Runbook {
  std::string name;
  std::string title;
  std::string url;

  bool operator==(const Runbook&) const = default;
};

/// Who starts a hook: tocsin by itself, or a person who was paged and says yes.
enum class RemedyMode : std::uint8_t { automatic = 0, approve = 1 };

constexpr std::string_view to_string(RemedyMode mode) {
  return mode == RemedyMode::automatic ? "automatic" : "approve";
}

/// An automated fix for a known fault, by value: the hook with its limit as they were when the
/// decision was made.
struct Remedy {
  std::string hook;
  RemedyMode mode = RemedyMode::automatic;
  Duration wait = std::chrono::minutes(3);  // the page is held for so long at the most
  std::uint32_t runs = 3;                   // of the hook, at the most …
  Duration per = std::chrono::hours(1);     // … in so long; past that, page instead

  bool operator==(const Remedy&) const = default;
};

struct Decision {
  Outcome outcome = Outcome::page;
  std::string rule;  // the first that matched; empty: the default
  std::string team;
  Severity severity = Severity::error;
  std::string impact;  // whom it hurts, in the team's own words; may be empty
  std::string policy;  // empty when nobody is paged
  std::vector<Reason> reasons;
  Duration after{};  // pages only if it is still firing after that long
  std::optional<Runbook> runbook = {};
  std::string manual = {};  // advise: the page of the manual that answers it
  std::vector<std::string> tell =
      {};                         // channels that hear of it: united over the rules that matched
  std::string team_channel = {};  // where the team is told things; may be empty
  std::optional<Remedy> remedy = {};  // remediate: tried before `policy` is paged; page: offered

  bool operator==(const Decision&) const = default;
};

}  // namespace tocsin

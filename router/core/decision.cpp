#include "router/core/decision.hpp"

#include "router/core/hold.hpp"

namespace tocsin {

std::string_view to_string(ReasonKind kind) {
  switch (kind) {
    case ReasonKind::rule_matched:
      return "rule_matched";
    case ReasonKind::no_rule_matched:
      return "no_rule_matched";
    case ReasonKind::severity_from_rule:
      return "severity_from_rule";
    case ReasonKind::severity_from_label:
      return "severity_from_label";
    case ReasonKind::severity_unknown:
      return "severity_unknown";
    case ReasonKind::policy_from_rule:
      return "policy_from_rule";
    case ReasonKind::policy_default:
      return "policy_default";
    case ReasonKind::suppressed_by_rule:
      return "suppressed_by_rule";
    case ReasonKind::advised_by_rule:
      return "advised_by_rule";
    case ReasonKind::runbook_from_rule:
      return "runbook_from_rule";
    case ReasonKind::no_runbook:
      return "no_runbook";
    case ReasonKind::after_from_rule:
      return "after_from_rule";
    case ReasonKind::remedy_from_rule:
      return "remedy_from_rule";
    case ReasonKind::set_aside:
      return "set_aside";
    case ReasonKind::gameday_alone:
      return "gameday_alone";
    case ReasonKind::gameday_mistaken:
      return "gameday_mistaken";
    case ReasonKind::gameday_copy:
      return "gameday_copy";
    case ReasonKind::gameday_policy:
      return "gameday_policy";
    case ReasonKind::gameday_channel:
      return "gameday_channel";
    case ReasonKind::gameday_hook:
      return "gameday_hook";
  }
  return "unknown";
}

std::string sentence(const Reason& reason) {
  const auto& [kind, subject, detail] = reason;
  switch (kind) {
    case ReasonKind::rule_matched:
      return "rule " + subject + " matched: " + detail;
    case ReasonKind::no_rule_matched:
      return "no rule matched";
    case ReasonKind::severity_from_rule:
      return "severity " + detail + ": rule " + subject + " says so";
    case ReasonKind::severity_from_label:
      return "severity " + detail + ": the alert's label severity says " + subject;
    case ReasonKind::severity_unknown:
      return subject.empty()
                 ? "severity error: the alert says none"
                 : "severity error: nothing says what severity=\"" + subject + "\" stands for";
    case ReasonKind::policy_from_rule:
      return "policy " + detail + ": rule " + subject + " pages it";
    case ReasonKind::policy_default:
      return "policy " + detail + ": the default, as no rule names one";
    case ReasonKind::suppressed_by_rule:
      return "rule " + subject + " suppresses it: " + detail;
    case ReasonKind::advised_by_rule:
      return "rule " + subject + " answers it with the manual: " + detail;
    case ReasonKind::runbook_from_rule:
      return "runbook " + detail + ": rule " + subject + " names it";
    case ReasonKind::no_runbook:
      return "nobody has written a procedure for this";
    case ReasonKind::after_from_rule:
      return "only if it still fires after " + detail + ": rule " + subject + " says so";
    case ReasonKind::remedy_from_rule:
      return "hook " + detail + " can mend it: rule " + subject + " says so";
    case ReasonKind::set_aside:
      return "record " + subject + " could not be decided: " + detail;
    case ReasonKind::gameday_alone:
      return "it carries the tag of GameDay set " + subject +
             ", and is that set's alone: drilled while it is on, muted while it is off";
    case ReasonKind::gameday_mistaken:
      return "its tag gameday=\"" + subject + "\" is not heard: " + detail;
    case ReasonKind::gameday_copy:
      return "a drill of GameDay set " + subject +
             (detail.empty() ? std::string() : ", decided as if " + detail);
    case ReasonKind::gameday_policy:
      return "policy " + detail + ": the only one that GameDay set " + subject + " can page";
    case ReasonKind::gameday_channel:
      return detail.empty() ? "channel " + subject + " is not told of a drill"
                            : "channel " + detail + " is told in the place of " + subject;
    case ReasonKind::gameday_hook:
      return "hook " + subject + " " + detail;
  }
  return {};
}

std::string_view to_string(RemedyStatus status) {
  switch (status) {
    case RemedyStatus::proposed:
      return "proposed";
    case RemedyStatus::running:
      return "running";
    case RemedyStatus::failed:
      return "failed";
    case RemedyStatus::spent:
      return "spent";
    case RemedyStatus::limited:
      return "limited";
    case RemedyStatus::rejected:
      return "rejected";
    case RemedyStatus::worked:
      return "worked";
  }
  return "proposed";
}

}  // namespace tocsin

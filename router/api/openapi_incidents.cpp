// The incidents' chapter of the API's description of itself.
#include "router/api/openapi.hpp"

namespace tocsin::api {
namespace {

constexpr ApiField kAlert[] = {
    {"id", "text"},
    {"key", "text", "what its sender calls it"},
    {"status", "firing|resolved"},
    {"labels", "{text}", "what it is; rules match these"},
    {"annotations", "{text}", "what it says"},
    {"starts_at", "time"},
    {"ends_at", "time?"},
    {"generator_url", "text?", "where its sender shows it"},
    {"integration", "text"},
    {"count", "count", "how often it fired"},
};
constexpr ApiField kRemedy[] = {
    {"hook", "text"},     {"mode", "automatic|approve"},
    {"wait", "duration"}, {"runs", "count", "at the most, in `per`"},
    {"per", "duration"},
};
constexpr ApiField kReason[] = {
    {"kind", "text"},
    {"subject", "text"},
    {"detail", "text"},
    {"text", "text", "all of it as a sentence"},
};
constexpr ApiField kDecision[] = {
    {"outcome", "page|remediate|advise|suppress|muted"},
    {"rule", "text?", "null: no rule claims it"},
    {"policy", "text?"},
    {"manual", "text?", "advise: the page of the manual that answers it"},
    {"remedy", "Remedy?"},
    {"reasons", "[Reason]"},
};
constexpr ApiField kRunbook[] = {{"name", "text"}, {"title", "text?"}, {"url", "text"}};
constexpr ApiField kMessage[] = {
    {"id", "text", "the idempotency key that its provider saw"},
    {"type", "page|resolved|advice|no_procedure|hook|digest|drill_paused|bundle|resolved_bundle"},
    {"person", "text?", "null: the channel itself"},
    {"channel", "text"},
    {"address", "text?", "its first two characters; `GET /people` has them whole"},
    {"rota", "text?", "in which the person is on call; null: the policy names them"},
    {"assigned", "flag", "a person gave it to them"},
    {"round", "count"},
    {"step", "count"},
    {"default_policy", "flag"},
    {"status", "waiting|sending|retrying|accepted|rejected|withdrawn|bundled"},
    {"attempts", "count"},
    {"receipt", "awaited|delivered|denied|missing?", "null: its provider does not say"},
    {"held", "text?", "what a page that has not begun waits for"},
    {"detail", "text?", "what its provider said"},
};
constexpr ApiField kHold[] = {
    {"kind", "silence|window|gameday_over|gameday_paused"},
    {"subject", "text", "its id or name"},
    {"why", "text"},
    {"until", "time?"},
};
constexpr ApiField kAcknowledgement[] = {{"by", "text"}, {"at", "time"}};
constexpr ApiField kQueued[] = {
    {"for", "own_policy|anybody", "own_policy: the default policy is paged meanwhile"},
    {"why", "text"},
};
constexpr ApiField kRemedyState[] = {
    {"hook", "text"},
    {"mode", "automatic|approve"},
    {"status", "proposed|running|failed|spent|limited|rejected|worked"},
    {"by", "text?"},
    {"wait", "duration"},
};
constexpr ApiField kPassed[] = {{"digest_of", "text", "the incident whose digest tells it"}};
constexpr ApiField kPassedIncident[] = {
    {"id", "text"}, {"title", "text"}, {"opened_at", "time"}, {"ended_at", "time"}};
constexpr ApiField kDigest[] = {
    {"count", "count"}, {"told", "flag"}, {"incidents", "[PassedIncident]"}};
constexpr ApiField kEntry[] = {{"at", "time"}, {"kind", "text"}, {"by", "text?"}, {"text", "text"}};

constexpr ApiField kIncident[] = {
    {"id", "text"},
    {"title", "text"},
    {"state", "open|acknowledged|resolved"},
    {"severity", "critical|error|warning|info"},
    {"impact", "text?", "what it means for others"},
    {"team", "text?"},
    {"service", "text?"},
    {"gameday", "text?", "the set of a drill; null: in earnest"},
    {"run", "count?", "which time that set was on"},
    {"opened_at", "time"},
    {"acknowledged_at", "time?"},
    {"acknowledged_by", "text?"},
    {"acknowledged_until", "time?", "then it is open again"},
    {"acknowledgements", "[Acknowledgement]"},
    {"waiting_for", "[text]", "who still has to acknowledge, where each of several must"},
    {"assigned_to", "text?"},
    {"resolved_at", "time?"},
    {"resolved_by", "text?"},
    {"held", "Hold?", "why nobody is paged at present"},
    {"queued", "Queued?", "it waits for somebody who can be paged"},
    {"snoozed_until", "time?"},
    {"passed", "Passed?", "it opened and ended while tocsin was away"},
    {"digest", "Digest?"},
    {"integration", "text", "`manual`: a person reported it; `tocsin`: it is of its own"},
    {"decision", "Decision"},
    {"remedy", "RemedyState?"},
    {"tried", "[text]", "what was done before somebody was paged"},
    {"runbook", "Runbook?"},
    {"alert_count", "count"},
    {"alerts", "[Alert]", "the first of them"},
    {"pages", "[Message]"},
    {"hooks", "[Message]", "calls of hooks"},
    {"timeline", "[TimelineEntry]"},
    {"timeline_dropped", "count"},
    {"answer?", "text?", "to a change: what whoever asked should know"},
};
constexpr ApiField kIncidents[] = {
    {"incidents", "[Incident]", "newest first, of each its first 10 alerts"},
    {"next", "text?", "the cursor of the page after; null: there is none"},
    {"incomplete?", "text", "why older incidents are missing"},
};
constexpr ApiField kReport[] = {
    {"title", "words", "what is wrong, in a few words: at most 200 bytes"},
    {"description?", "words?", "what is known of it"},
    {"service?", "words?", "of which service; rules match it as the label `service`"},
    {"severity?", "critical|error|warning|info?", "error, if it is left out"},
    {"impact?", "words?", "what it means for others, unless a rule says it"},
};
constexpr ApiField kNote[] = {{"text", "words", "at most 4096 bytes"}};
constexpr ApiField kSnooze[] = {{"for", "duration", "from 1m to 7d"}, {"why?", "words?"}};
constexpr ApiField kEscalate[] = {{"why?", "words?"}};
constexpr ApiField kAssign[] = {{"to", "words", "one of the people"}, {"why?", "words?"}};
constexpr ApiField kMisfit[] = {
    {"matcher", "text"}, {"label", "text"}, {"value", "text?"}, {"others", "count"}};
constexpr ApiField kTried[] = {
    {"name", "text"},
    {"team", "text"},
    {"verdict", "matched|not matched|not reached"},
    {"matchers", "text"},
    {"continue", "flag"},
    {"text", "text", "all of it as a sentence"},
    {"fails?", "Misfit", "the matcher that failed"},
};
constexpr ApiField kRules[] = {
    {"matched", "count"},   {"not_matched", "count"}, {"not_reached", "count"},
    {"not_shown", "count"}, {"tried", "[TriedRule]"},
};
constexpr ApiField kExplanation[] = {
    {"alert", "Alert"},
    {"incident", "text?"},
    {"decided_at", "time"},
    {"configuration", "text?", "its hash"},
    {"decision", "Decision?", "as it was recorded"},
    {"agrees", "flag?", "whether computing it again comes to the same"},
    {"rules", "TriedRules?"},
    {"recomputed", "Decision?"},
    {"incomplete", "text?", "why it cannot be computed again"},
    {"held", "Hold?"},
    {"holds", "[TimelineEntry]", "what kept the page back"},
};

constexpr ApiShape kShapes[] = {
    {"Alert", "What a monitoring system said.", kAlert},
    {"Remedy", "A hook that may mend it.", kRemedy},
    {"Reason", "Why it was decided so.", kReason},
    {"Decision", "What the rules say is to be done.", kDecision},
    {"Runbook", "What to do.", kRunbook},
    {"Message", "A page, another message, or a call of a hook.", kMessage},
    {"Hold", "Why nobody is paged at present.", kHold},
    {"Acknowledgement", "Who has it in hand.", kAcknowledgement},
    {"Queued", "Nobody could be paged.", kQueued},
    {"RemedyState", "What became of the hook that the decision names.", kRemedyState},
    {"Passed", "It opened and ended while tocsin was away.", kPassed},
    {"PassedIncident", "One of those that a digest tells.", kPassedIncident},
    {"Digest", "What opened and ended while tocsin was away.", kDigest},
    {"TimelineEntry", "What happened.", kEntry},
    {"Incident", "Alerts that are one matter, and what became of it.", kIncident},
    {"Incidents", "A page of a list.", kIncidents},
    {"Report", "What a person reports.", kReport, true},
    {"Note", "Words for the timeline.", kNote, true},
    {"Snooze", "For how long.", kSnooze, true},
    {"Escalate", "Why.", kEscalate, true},
    {"Assign", "To whom.", kAssign, true},
    {"Nothing", "There is nothing to say: an empty object, or no body.", {}, true},
    {"Misfit", "Why a rule did not match.", kMisfit},
    {"TriedRule", "A rule that was asked.", kTried},
    {"TriedRules", "The rules that were asked, in their order.", kRules},
    {"Explanation", "Why an alert was decided as it was.", kExplanation},
};

constexpr ApiField kListQuery[] = {
    {"state?", "[open|acknowledged|resolved]", "with commas between; all, if it is left out"},
    {"team?", "text", "of this team"},
    {"severity?", "critical|error|warning|info", "of this severity"},
    {"gameday?", "text", "of this set; empty: in earnest"},
    {"since?", "time", "opened then or later"},
    {"matcher?", "[words]",
     "in Alertmanager's syntax, may be repeated: those with an alert that all of them match"},
    {"limit?", "1..1000", "100, if it is left out; a page with matchers may have fewer"},
    {"cursor?", "text", "`next` of the page before, as it was given"},
};

constexpr std::string_view kOfAChange = "404 409 503";
constexpr auto kLook = Needs::viewer;
constexpr auto kMay = Needs::responder;

constexpr ApiOperation kOperations[] = {
    {"GET",
     "/api/v1/incidents",
     "listIncidents",
     "Incidents, newest first.",
     kLook,
     kListQuery,
     {},
     "Incidents",
     "200",
     "503"},
    {"POST",
     "/api/v1/incidents",
     "reportIncident",
     "A person reports one: the rules decide it, as an alert of the integration `manual`. 409, "
     "when by them nobody is to know.",
     kMay,
     {},
     "Report",
     "Incident",
     "201",
     "409 503"},
    {"GET",
     "/api/v1/incidents/{id}",
     "getIncident",
     "One, open or long over. Any unique beginning of its id will do.",
     kLook,
     {},
     {},
     "Incident",
     "200",
     "404 503"},
    {"POST",
     "/api/v1/incidents/{id}/acknowledge",
     "acknowledgeIncident",
     "Somebody has it in hand: it pages nobody any more.",
     kMay,
     {},
     "Nothing",
     "Incident",
     "200",
     kOfAChange},
    {"POST",
     "/api/v1/incidents/{id}/resolve",
     "resolveIncident",
     "It is over.",
     kMay,
     {},
     "Nothing",
     "Incident",
     "200",
     kOfAChange},
    {"POST",
     "/api/v1/incidents/{id}/note",
     "noteIncident",
     "Words for its timeline.",
     kMay,
     {},
     "Note",
     "Incident",
     "200",
     kOfAChange},
    {"POST",
     "/api/v1/incidents/{id}/snooze",
     "snoozeIncident",
     "Acknowledged for a while; then it pages again.",
     kMay,
     {},
     "Snooze",
     "Incident",
     "200",
     kOfAChange},
    {"POST",
     "/api/v1/incidents/{id}/escalate",
     "escalateIncident",
     "Pages the next step now. 409, and nothing changes, when that would page nobody.",
     kMay,
     {},
     "Escalate",
     "Incident",
     "200",
     kOfAChange},
    {"POST",
     "/api/v1/incidents/{id}/assign",
     "assignIncident",
     "Pages this person now. 409, and nothing changes, when they cannot be reached.",
     kMay,
     {},
     "Assign",
     "Incident",
     "200",
     kOfAChange},
    {"POST",
     "/api/v1/incidents/{id}/remediations/{hook}/approve",
     "approveRemediation",
     "Runs the hook that its rule proposes.",
     kMay,
     {},
     "Nothing",
     "Incident",
     "200",
     kOfAChange},
    {"POST",
     "/api/v1/incidents/{id}/remediations/{hook}/reject",
     "rejectRemediation",
     "The hook is not to run.",
     kMay,
     {},
     "Nothing",
     "Incident",
     "200",
     kOfAChange},
    {"GET",
     "/api/v1/alerts/{id}/explanation",
     "explainAlert",
     "Why this alert was decided as it was.",
     kLook,
     {},
     {},
     "Explanation",
     "200",
     "404 503"},
};

}  // namespace

const ApiChapter& incidents_chapter() {
  static constexpr ApiChapter kChapter{"incidents", "What is the matter, and who has it in hand.",
                                       kOperations, kShapes};
  return kChapter;
}

}  // namespace tocsin::api

// The GameDays' chapter of the API's description of itself.
#include "router/api/openapi.hpp"

namespace tocsin::api {
namespace {

constexpr ApiField kLever[] = {{"by", "text?"}, {"at", "time?"}, {"why", "text?"}};
constexpr ApiField kEnded[] = {
    {"kind", "off|paused|lever|time", "paused: by a real incident; time: it was over by itself"},
    {"by", "text?"},
    {"why", "text?"},
    {"at", "time?"},
};
constexpr ApiField kReaches[] = {{"people", "[text]"}, {"channels", "[text]"}};
constexpr ApiField kInFlight[] = {
    {"incident", "text"}, {"title", "text"}, {"gameday", "text"},
    {"type", "text"},     {"to", "text"},    {"channel", "text"},
};
constexpr ApiField kRefused[] = {{"at", "time"}, {"text", "text"}};
constexpr ApiField kDrill[] = {
    {"id", "text"},
    {"title", "text"},
    {"state", "open|acknowledged|resolved"},
    {"severity", "critical|error|warning|info"},
    {"opened_at", "time"},
    {"acknowledged_at", "time?"},
    {"acknowledged_by", "text?"},
    {"resolved_at", "time?"},
    {"cut_off", "flag", "it was open when the run ended"},
    {"paged", "[text]", "who got a page"},
    {"in_flight", "[InFlight]", "what is being sent"},
    {"refused", "[Refused]", "what the sending gate held back, and why"},
};
constexpr ApiField kRun[] = {
    {"run", "count"},     {"state", "on|scheduled|paused|off"},
    {"since", "time?"},   {"until", "time?"},
    {"by", "text?"},      {"why", "text?"},
    {"people", "[text]"}, {"ended", "RunEnded?"},
};
constexpr ApiField kSet[] = {
    {"name", "text"},
    {"team", "text?"},
    {"configured", "flag"},
    {"state", "on|scheduled|paused|off"},
    {"run", "count?", "the last; null: there was none"},
    {"since", "time?"},
    {"until", "time?"},
    {"by", "text?"},
    {"why", "text?"},
    {"ended", "RunEnded?", "how that run ended"},
    {"page", "text?", "the policy"},
    {"reaches", "Reaches", "whom alone a drill of it can page or tell"},
    {"copies", "[text]"},
    {"longest", "duration?"},
    {"incidents_open", "count"},
    {"alerts_copied", "count"},
    {"lever?", "Lever?", "of one set: null, or who pulled it on the node that answers"},
    {"runs?", "[Run]", "of one set: its last 50"},
    {"incidents?", "[Drill]", "of one set: those of the last run"},
};
constexpr ApiField kSets[] = {{"lever", "Lever?"}, {"gamedays", "[GameDay]"}};
constexpr ApiField kOff[] = {
    {"gameday?", "GameDay?", "the one that was turned off"},
    {"gamedays?", "[GameDay]", "or all"},
    {"in_flight", "[InFlight]", "what was being sent and cannot be called back"},
    {"unconfirmed_nodes", "[text]", "nodes that have not said that they know"},
};
constexpr ApiField kTurnOn[] = {
    {"for?", "duration?", "its longest, if it is left out"},
    {"at?", "time?", "now, if it is left out"},
    {"why?", "words?"},
};
constexpr ApiField kTurnOff[] = {{"why?", "words?"}};
constexpr ApiField kReportEnded[] = {
    {"kind", "off|paused|lever|time"}, {"by", "text?"}, {"why", "text?"}};
constexpr ApiField kChange[] = {{"run", "count"}, {"percent", "number"}};
constexpr ApiField kDrillTimes[] = {
    {"id", "text"},
    {"title", "text"},
    {"alerts", "count"},
    {"first_alert_at", "time"},
    {"paged", "[text]"},
    {"paged_at", "time?"},
    {"paged_seconds", "number?"},
    {"acknowledged_at", "time?"},
    {"acknowledged_by", "text?"},
    {"acknowledged_seconds", "number?"},
    {"resolved_at", "time?"},
    {"resolved_by", "text?"},
    {"resolved_seconds", "number?"},
    {"cut_off", "flag"},
};
constexpr ApiField kRunReport[] = {
    {"run", "count"},
    {"state", "on|scheduled|paused|off"},
    {"on_at", "time"},
    {"off_at", "time"},
    {"by", "text?"},
    {"why", "text?"},
    {"ended", "RunReportEnded?"},
    {"alerts_copied", "count"},
    {"first_alert_at", "time?"},
    {"paged_seconds", "number?", "from the first alert to the first page that was taken"},
    {"restored", "flag"},
    {"restored_seconds", "number?", "from the first alert to the last incident resolved"},
    {"change", "Change?", "against the last run before it that was restored"},
    {"incidents", "[DrillTimes]"},
};
constexpr ApiField kReport[] = {
    {"gameday", "text"},
    {"team", "text?"},
    {"runs", "[RunReport]", "the latest last"},
    {"incomplete?", "text"},
};

constexpr ApiShape kShapes[] = {
    {"Lever", "Every set is blocked on the node that answers.", kLever},
    {"RunEnded", "How a run ended.", kEnded},
    {"Reaches", "Whom alone a drill can page or tell.", kReaches},
    {"InFlight", "A message that is being sent.", kInFlight},
    {"Refused", "What the sending gate held back.", kRefused},
    {"Drill", "An incident of a drill.", kDrill},
    {"Run", "A time that a set was on.", kRun},
    {"GameDay", "A set, and its last run.", kSet},
    {"GameDays", "Every set.", kSets},
    {"TurnedOff", "What is off, and what was on its way.", kOff},
    {"TurnOn", "For how long, from when, and why.", kTurnOn, true},
    {"TurnOff", "Why.", kTurnOff, true},
    {"RunReportEnded", "How a run ended.", kReportEnded},
    {"Change", "How much faster or slower.", kChange},
    {"DrillTimes", "How long everything of one incident took.", kDrillTimes},
    {"RunReport", "How long everything of a run took.", kRunReport},
    {"GameDayReport", "What the last runs showed.", kReport},
};

constexpr ApiField kReportQuery[] = {
    {"last?", "1..50", "of how many runs; 5, if it is left out"},
    {"format?", "json|markdown", "markdown is for people"},
};

constexpr ApiOperation kOperations[] = {
    {"GET",
     "/api/v1/gamedays",
     "listGameDays",
     "Every set, and those that have runs and are not configured any more.",
     Needs::viewer,
     {},
     {},
     "GameDays"},
    {"GET",
     "/api/v1/gamedays/{name}",
     "getGameDay",
     "One set.",
     Needs::viewer,
     {},
     {},
     "GameDay",
     "200",
     "404"},
    {"GET",
     "/api/v1/gamedays/{name}/report",
     "reportGameDay",
     "What its last runs showed.",
     Needs::viewer,
     kReportQuery,
     {},
     "GameDayReport",
     "200",
     "404 503",
     kJson,
     "text/markdown"},
    {"POST",
     "/api/v1/gamedays/off",
     "turnAllGameDaysOff",
     "Turns all off; again is harmless.",
     Needs::responder,
     {},
     "TurnOff",
     "TurnedOff",
     "200",
     "409 503"},
    {"POST",
     "/api/v1/gamedays/{name}/on",
     "turnGameDayOn",
     "Turns it on, or changes the end of one that is on. 409, while the lever is pulled.",
     Needs::responder,
     {},
     "TurnOn",
     "GameDay",
     "200",
     "404 409 503"},
    {"POST",
     "/api/v1/gamedays/{name}/off",
     "turnGameDayOff",
     "Turns it off; again is harmless.",
     Needs::responder,
     {},
     "TurnOff",
     "TurnedOff",
     "200",
     "404 409 503"},
};

}  // namespace

const ApiChapter& gamedays_chapter() {
  static constexpr ApiChapter kChapter{"gamedays", "Drills beside the real thing.", kOperations,
                                       kShapes};
  return kChapter;
}

}  // namespace tocsin::api

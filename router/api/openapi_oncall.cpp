// The chapter of who is on call, of the API's description of itself.
#include "router/api/openapi.hpp"

namespace tocsin::api {
namespace {

constexpr ApiField kShift[] = {
    {"person", "text?", "null: nobody"},
    {"from", "time?", "null: more than a year away"},
    {"until", "time?"},
    {"source", "layer|cover|override|nobody"},
    {"layer", "count?", "which, from 1"},
    {"instead_of", "text?", "who is away"},
    {"override", "text?", "its id; null for one of the configuration"},
    {"why", "text?"},
    {"text?", "text", "all of it as a sentence"},
    {"reachable?", "flag", "that person has a contact that works"},
};
constexpr ApiField kGap[] = {{"from", "time"}, {"until", "time?", "null: past the 14 days"}};
constexpr ApiField kRotaNow[] = {
    {"rota", "text"},
    {"team", "text"},
    {"time_zone", "text"},
    {"in_hours", "flag"},
    {"on_call", "Shift"},
    {"next", "Shift?"},
    {"gap", "Gap?", "the first of the next 14 days"},
};
constexpr ApiField kOnCall[] = {{"at", "time"}, {"rotas", "[RotaNow]"}};
constexpr ApiField kLayer[] = {{"people", "[text]"}, {"time_zone", "text"}, {"restricted", "flag"}};
constexpr ApiField kOverride[] = {
    {"id", "text?", "null: of the configuration"},
    {"rota", "text"},
    {"person", "text"},
    {"from", "time"},
    {"until", "time"},
    {"by", "text?"},
    {"why", "text?"},
    {"state", "active|pending|ended"},
    {"ended_at", "time?"},
    {"ended_by", "text?"},
};
constexpr ApiField kOverrides[] = {{"overrides", "[Override]"}};
constexpr ApiField kRota[] = {
    {"rota", "text"},
    {"team", "text"},
    {"time_zone", "text"},
    {"on_call", "Shift"},
    {"layers", "[Layer]"},
    {"from", "time"},
    {"until", "time"},
    {"shifts", "[Shift]", "one begins where the other ends"},
    {"overrides", "[Override]"},
    {"ical_url", "text?", "its calendar, to subscribe to"},
};
constexpr ApiField kAsked[] = {
    {"person", "words", "who is on call instead"},
    {"for?", "duration?", "this or until: at most 92 days"},
    {"until?", "words?", "RFC 3339, or without an offset in the rota's time zone"},
    {"from?", "words?", "likewise; now, if it is left out"},
    {"why?", "text?"},
};

constexpr ApiShape kShapes[] = {
    {"Shift", "Who is on call, and why they are.", kShift},
    {"Gap", "Somebody should be on call, and nobody is.", kGap},
    {"RotaNow", "A rota at a moment.", kRotaNow},
    {"OnCall", "All rotas at a moment.", kOnCall},
    {"Layer", "A rotation of a rota.", kLayer},
    {"Override", "Somebody is on call instead.", kOverride},
    {"Overrides", "Those that were made by these calls.", kOverrides},
    {"Rota", "A rota and its shifts.", kRota},
    {"OverrideAsked", "An override to be made.", kAsked, true},
};

constexpr ApiField kOnCallQuery[] = {
    {"at?", "time", "now, if it is left out; within five years"},
    {"team?", "text", "of this team"},
    {"strict?", "flag", "reachable is who has a contact that is verified"},
};
constexpr ApiField kRotaQuery[] = {
    {"from?", "text", "RFC 3339, or without an offset in the rota's time zone; now"},
    {"until?", "text", "likewise; 14 days later, and at most 366"},
};
constexpr ApiField kOverridesQuery[] = {
    {"rota?", "text", "of this rota"},
    {"state?", "[active|pending|ended]", "with commas between; all, if it is left out"},
};
constexpr ApiField kKey[] = {{"key?", "text", "of ical_url; without it the answer is 403"}};

constexpr ApiOperation kOperations[] = {
    {"GET",
     "/api/v1/oncall",
     "listOnCall",
     "Of each rota who is on call, who comes next, and its first gap.",
     Needs::viewer,
     kOnCallQuery,
     {},
     "OnCall"},
    {"GET",
     "/api/v1/overrides",
     "listOverrides",
     "Who is on call instead of whom, and when.",
     Needs::viewer,
     kOverridesQuery,
     {},
     "Overrides"},
    {"GET",
     "/api/v1/rotas/{name}",
     "getRota",
     "One rota.",
     Needs::viewer,
     kRotaQuery,
     {},
     "Rota",
     "200",
     "404"},
    {"POST",
     "/api/v1/rotas/{name}/overrides",
     "makeOverride",
     "Puts somebody on call instead, once this is answered.",
     Needs::responder,
     {},
     "OverrideAsked",
     "Override",
     "201",
     "404 409 503"},
    {"DELETE",
     "/api/v1/rotas/{name}/overrides/{id}",
     "endOverride",
     "Ends it now; again is harmless.",
     Needs::responder,
     {},
     {},
     "Override",
     "200",
     "404 409 503"},
    {"GET",
     "/api/v1/rotas/{name}.ics",
     "getRotaCalendar",
     "Its calendar, of RFC 5545. Its address, with the key, is `ical_url`.",
     Needs::nothing,
     kKey,
     {},
     "text",
     "200",
     "403 404",
     "text/calendar"},
};

}  // namespace

const ApiChapter& on_call_chapter() {
  static constexpr ApiChapter kChapter{"on call", "Who is on call, and who comes next.",
                                       kOperations, kShapes};
  return kChapter;
}

}  // namespace tocsin::api

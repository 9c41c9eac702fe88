// The silences' chapter of the API's description of itself.
#include "router/api/openapi.hpp"

namespace tocsin::api {
namespace {

constexpr ApiField kSilence[] = {
    {"id", "text"},
    {"matchers", "[text]", "in Alertmanager's syntax; all must match"},
    {"starts_at", "time"},
    {"ends_at", "time"},
    {"by", "text"},
    {"why", "text"},
    {"state", "active|pending|ended"},
    {"remaining", "duration"},
};
constexpr ApiField kSilences[] = {{"silences", "[Silence]", "those that end last first"}};
constexpr ApiField kAsked[] = {
    {"matchers?", "[words]", "in Alertmanager's syntax; its objects of a matcher are taken, too"},
    {"for?", "duration?", "this or ends_at: at most 366 days"},
    {"ends_at?", "time?"},
    {"starts_at?", "time?", "now, if it is left out"},
    {"why?", "words?", "needed for a new one"},
    {"id?", "words?", "of the silence to change; what is left out stays as it is"},
};
constexpr ApiShape kShapes[] = {
    {"Silence", "Alerts that it matches page nobody while it holds.", kSilence},
    {"Silences", "All that hold, will, or ended within a week.", kSilences},
    {"SilenceAsked", "A silence to be set or changed.", kAsked, true},
};

constexpr ApiField kListQuery[] = {
    {"state?", "[active|pending|ended]", "with commas between; all, if it is left out"},
};

constexpr ApiOperation kOperations[] = {
    {"GET",
     "/api/v1/silences",
     "listSilences",
     "What is silenced, by whom, until when.",
     Needs::viewer,
     kListQuery,
     {},
     "Silences"},
    {"POST",
     "/api/v1/silences",
     "setSilence",
     "Sets a silence: 201. With the `id` of one it is changed: 200.",
     Needs::responder,
     {},
     "SilenceAsked",
     "Silence",
     "200 201",
     "404 409 503"},
    {"DELETE",
     "/api/v1/silences/{id}",
     "endSilence",
     "Ends it now; again is harmless.",
     Needs::responder,
     {},
     {},
     "Silence",
     "200",
     "404 409 503"},
};

}  // namespace

const ApiChapter& silences_chapter() {
  static constexpr ApiChapter kChapter{"silences", "What nobody is to be paged for, for a while.",
                                       kOperations, kShapes};
  return kChapter;
}

}  // namespace tocsin::api

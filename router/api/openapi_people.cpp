// The people's chapter of the API's description of itself.
#include "router/api/openapi.hpp"

namespace tocsin::api {
namespace {

constexpr ApiField kContact[] = {
    {"channel", "text"},
    {"address", "text?", "a viewer sees its first two characters"},
    {"status", "verified|failing|unverified"},
    {"verified_at", "time?"},
    {"verified_by", "text?"},
    {"failed_at", "time?"},
    {"failure", "text?"},
};
constexpr ApiField kPerson[] = {
    {"name", "text"},
    {"on_call", "[text]", "the rotas"},
    {"reachable", "flag", "a contact of theirs works"},
    {"contacts", "[ContactState]"},
    {"time_zone", "text"},
    {"notices", "flag", "they are told of changes of their shifts"},
    {"ical_url?", "text?", "of one person: their calendar, to subscribe to"},
};
constexpr ApiField kPeople[] = {{"people", "[Person]"}};
constexpr ApiField kTested[] = {
    {"channel", "text"},
    {"address", "text?"},
    {"status", "waiting|sending|accepted|failed|answered"},
    {"detail", "text?"},
};
constexpr ApiField kTest[] = {
    {"id", "text"},
    {"person", "text"},
    {"by", "text"},
    {"at", "time"},
    {"contacts", "[TestedContact]"},
};

constexpr ApiShape kShapes[] = {
    {"ContactState", "A way to reach somebody, and whether it works.", kContact},
    {"Person", "Somebody who can be paged.", kPerson},
    {"People", "Everybody of the configuration.", kPeople},
    {"TestedContact", "What became of one message of a test.", kTested},
    {"ContactTest", "A message to each contact, to see whether it arrives.", kTest},
};

constexpr ApiField kStrict[] = {
    {"strict?", "flag", "reachable is who has a contact that is verified"},
};
constexpr ApiField kKey[] = {{"key?", "text", "of ical_url; without it the answer is 403"}};

constexpr ApiOperation kOperations[] = {
    {"GET",
     "/api/v1/people",
     "listPeople",
     "Everybody, and whether they can be reached.",
     Needs::viewer,
     kStrict,
     {},
     "People"},
    {"GET",
     "/api/v1/people/{name}",
     "getPerson",
     "One of them.",
     Needs::viewer,
     kStrict,
     {},
     "Person",
     "200",
     "404"},
    {"POST",
     "/api/v1/people/{name}/contacts/test",
     "testContacts",
     "Sends a message to each of their contacts, with a link to say that it arrived. 409 within 10 "
     "s of another one.",
     Needs::responder,
     {},
     {},
     "ContactTest",
     "202",
     "404 409 503"},
    {"GET",
     "/api/v1/people/{name}/contacts/test/{id}",
     "getContactTest",
     "What became of it, for an hour.",
     Needs::viewer,
     {},
     {},
     "ContactTest",
     "200",
     "404"},
    {"GET",
     "/api/v1/people/{name}.ics",
     "getPersonCalendar",
     "Their calendar, of RFC 5545. Its address, with the key, is `ical_url`.",
     Needs::nothing,
     kKey,
     {},
     "text",
     "200",
     "403 404",
     "text/calendar"},
};

}  // namespace

const ApiChapter& people_chapter() {
  static constexpr ApiChapter kChapter{"people", "How people are reached, and whether that works.",
                                       kOperations, kShapes};
  return kChapter;
}

}  // namespace tocsin::api

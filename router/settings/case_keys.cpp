#include "router/settings/case_keys.hpp"

#include <array>

namespace tocsin::settings {
namespace {

constexpr std::string_view kGiven = "tests[].given[]";
constexpr std::string_view kExpect = "tests[].expect[]";
constexpr std::string_view kOneKind =
    "does not go with the others here; make it an entry of its own";
const std::vector<std::string_view> kEveryGiven{"alert",       "annotations", "resolve",
                                                "acknowledge", "of",          "payload"};
const std::vector<std::string_view> kEveryExpected{
    "outcome",   "severity",     "rule",       "no_rule", "team",    "policy",
    "no_policy", "runbook",      "no_runbook", "of",      "page",    "resolved",
    "advice",    "no_procedure", "channel",    "after",   "from",    "before",
    "times",     "nobody",       "incidents",  "state",   "rejected"};

}  // namespace

const Keys kCaseFile{"", {"tests"}, {}};
const Keys kCase{"tests[]", {"name", "at", "integration", "given", "expect", "watch"}, {}};
const Keys kGivenAlert{kGiven, {"after", "alert", "annotations"}, {}, kEveryGiven, kOneKind};
const Keys kGivenResolve{kGiven, {"after", "resolve"}, {}, kEveryGiven, kOneKind};
const Keys kGivenAcknowledge{kGiven, {"after", "acknowledge", "of"}, {}, kEveryGiven, kOneKind};
const Keys kGivenPayload{kGiven, {"after", "payload"}, {}, kEveryGiven, kOneKind};
const Keys kExpectDecision{kExpect,
                           {"outcome", "severity", "rule", "no_rule", "team", "policy", "no_policy",
                            "runbook", "no_runbook", "of"},
                           {},
                           kEveryExpected,
                           kOneKind};
const Keys kExpectMessage{
    kExpect,
    {"page", "resolved", "advice", "no_procedure", "channel", "after", "from", "before", "times"},
    {},
    kEveryExpected,
    kOneKind};
const Keys kExpectNobody{kExpect, {"nobody", "from", "before"}, {}, kEveryExpected, kOneKind};
const Keys kExpectIncidents{kExpect, {"incidents", "state"}, {}, kEveryExpected, kOneKind};
const Keys kExpectRejected{kExpect, {"rejected"}, {}, kEveryExpected, kOneKind};

std::span<const Keys* const> all_case_keys() {
  static const std::array<const Keys*, 11> kAll{
      &kCaseFile,      &kCase,           &kGivenAlert,    &kGivenResolve, &kGivenAcknowledge,
      &kGivenPayload,  &kExpectDecision, &kExpectMessage, &kExpectNobody, &kExpectIncidents,
      &kExpectRejected};
  return kAll;
}

}  // namespace tocsin::settings

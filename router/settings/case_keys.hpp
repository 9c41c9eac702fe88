// Which keys the tests beside a configuration have: what the reader accepts and README.md
// describes.
#pragma once

#include "router/settings/keys.hpp"

namespace tocsin::settings {

extern const Keys kCaseFile;
extern const Keys kCase;
// What is given, one kind an entry.
extern const Keys kGivenAlert;
extern const Keys kGivenResolve;
extern const Keys kGivenAcknowledge;
extern const Keys kGivenPayload;
// What is expected, one kind an entry.
extern const Keys kExpectDecision;
extern const Keys kExpectMessage;
extern const Keys kExpectNobody;
extern const Keys kExpectIncidents;
extern const Keys kExpectRejected;

std::span<const Keys* const> all_case_keys();

}  // namespace tocsin::settings

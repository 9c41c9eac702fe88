// The answers that senders have in common.
#pragma once

#include <string>

#include "connectors/source.hpp"
#include "router/core/http.hpp"

namespace tocsin::connectors::sources {

inline constexpr int kRetryAfterSeconds = 5;  // for busy and limited

HttpResponse text_answer(int status, std::string body);
HttpResponse json_answer(int status, std::string body);
/// The same with Retry-After.
HttpResponse come_again(HttpResponse response);

/// "alert 3: what; alert 5: what; and 7 more" of the rejected, or else the outcome's error.
std::string faults_of(const IngestOutcome& outcome);

/// For senders that look at the status alone, or at nothing: 200 with {"status":"ok"}, in which
/// `rejected` counts the bad alerts beside good ones; problems 400, 503 and, past the limit,
/// `limited`.
HttpResponse plain_answer(const IngestOutcome& outcome, int limited = 503);

}  // namespace tocsin::connectors::sources

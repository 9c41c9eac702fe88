// The forms that the API's answers have: JSON that nobody may keep, errors as problem details.
#pragma once

#include <string>

#include "router/core/http.hpp"
#include "router/core/result.hpp"
#include "router/engine/owner/owner.hpp"

namespace tocsin::api {

HttpResponse json_answer(std::string body, int status = 200);

/// invalid 400, not_found 404, refused 409, everything else 503 with a time to come again.
HttpResponse problem_of(const Error& error);

/// For a change that was not done: 409 and why, or 503 as it may be tried again.
HttpResponse problem_of(const engine::CommandAnswer& answer);

}  // namespace tocsin::api

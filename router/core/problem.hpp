// Errors of our own HTTP interfaces as RFC 9457 problem details.
#pragma once

#include <string>
#include <string_view>

#include "router/core/http.hpp"

namespace tocsin {

/// What a status is called, such as "Not Found".
std::string_view reason_phrase(int status);

/// {"type":"about:blank","title":…,"status":…,"detail":…}; 503 and 429 say when to come again.
HttpResponse problem(int status, std::string_view detail);

}  // namespace tocsin

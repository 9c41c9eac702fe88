// Answers as bytes: the front door's own ones as RFC 9457 problems, and everybody's as HTTP/1.1.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "router/core/http.hpp"
#include "router/ingest/front_door/refusal.hpp"

namespace tocsin::front_door {

/// The refusal as a problem document.
HttpResponse problem(const Refusal& refusal);

struct AnswerForm {
  bool keep_alive = true;
  bool head_only = false;  // the answer to HEAD: the length, but no body
  std::string_view date;   // see http_date
};

/// The length, connection and date are ours to say: a handler's own are left out, as is every
/// header with a line break or a control character in it.
std::string serialise(const HttpResponse& response, const AnswerForm& form);

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(WallTime time);

}  // namespace tocsin::front_door

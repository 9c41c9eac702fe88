// Why the front door turns a request away before any handler sees it: the answer's status and text,
// and the reason counted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::front_door {

/// Closed, because each is a label of a metric.
enum class Reason {
  bad_head,          // 400, 414, 505: the request line or a header is wrong
  head_too_large,    // 431
  bad_body,          // 400: chunks or compressed data are damaged, or the sender left in the middle
  body_too_large,    // 413, as sent or inflated
  unsupported,       // 415, 417, 501
  too_slow,          // 408: the request was not whole within its deadline
  address_busy,      // 503: too many incomplete requests from one address
  overloaded,        // 503: the queue or the memory for requests is full
  connections_full,  // 503 or closed: no room for another connection
  no_route,          // 404, 405
  handler_failed,    // 500: a handler threw or forgot its reply
  answer_late,       // 503: a handler did not reply in time
  slow_reader,       // closed: the answer was not read within its deadline
};
inline constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::slow_reader) + 1;

/// The spelling in metrics.
std::string_view name_of(Reason reason);

struct Refusal {
  int status;
  Reason reason;
  std::string detail;  // what is wrong and what to do; never the input itself
  std::vector<std::pair<std::string, std::string>> headers;
};

}  // namespace tocsin::front_door

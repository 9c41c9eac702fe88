// One outgoing HTTP request with a hard end: libcurl with a total deadline, a cap on the answer, no
// redirects.
//
// Proxies named in the environment are not used: a pager that depends on a variable of the shell
// that started it is found out at 3 a.m. Certificates are checked against the system's. A thread
// keeps its connections open between requests.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "router/core/message.hpp"
#include "router/core/result.hpp"
#include "router/core/time.hpp"

namespace tocsin::wire {

/// Of a provider's answer; who asks for more says so.
inline constexpr std::size_t kMostAnswerBytes = 64u << 10;

struct OutgoingRequest {
  std::string method = "POST";
  std::string url;  // http or https
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::size_t most_answer = kMostAnswerBytes;
};

struct Answer {
  int status = 0;
  std::string body;  // its first OutgoingRequest::most_answer bytes
  std::optional<Duration> retry_after;
};

inline constexpr std::chrono::seconds kMostRetryAfter =
    std::chrono::hours(1);  // a longer one is a mistake, or an attack

/// Blocks for `budget` at the most, whatever the network, the resolver or the other side does. Any
/// thread may call. Once the head of the answer is here it counts, even if the body stalls. Errors:
/// invalid (the URL), unavailable (nothing was sent: refused, unknown name, TLS), unknown (it may
/// have arrived: time-out, reset). The message names scheme, host and port, never the rest of the
/// URL.
Result<Answer> send(const OutgoingRequest& request, Duration budget);

/// An answer as what it means for a message: 2xx accepted; 408, 425, 429 and 5xx retry_later with
/// Retry-After obeyed; the rest rejected.
Attempt to_attempt(const Result<Answer>& answer);

/// http(s)://host[:port]/path: an error says what is wrong.
Status check_url(const std::string& url);

}  // namespace tocsin::wire

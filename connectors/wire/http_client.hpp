// One outgoing HTTP request with a hard end: libcurl with a total deadline, a cap on the answer, no redirects.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "router/core/message.hpp"
#include "router/core/result.hpp"
#include "router/core/time.hpp"

namespace tocsin::wire {

struct OutgoingRequest {
  std::string method = "POST";
  std::string url;  // http or https
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct Answer {
  int status = 0;
  std::string body;  // the first kMostAnswerBytes
  std::optional<Duration> retry_after;
};

inline constexpr std::size_t kMostAnswerBytes = 64u << 10;

/// Blocks for `budget` at the most, whatever the network, the resolver or the other side does. Any thread may call.
/// Errors: unavailable (nothing was sent: refused, unknown name, TLS), unknown (it may have arrived: time-out, reset). The message
/// never holds the URL's query or user part.
Result<Answer> send(const OutgoingRequest& request, Duration budget);

/// An answer as what it means for a message: 2xx accepted; 408, 425, 429 and 5xx retry_later with Retry-After obeyed; the rest rejected.
Attempt to_attempt(const Result<Answer>& answer);

/// http(s)://host[:port]/path: an error says what is wrong.
Status check_url(const std::string& url);

}  // namespace tocsin::wire

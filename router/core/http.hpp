// One HTTP request and its answer as values, for those who answer (sources, ingest, api) and need
// not know the server.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "router/core/time.hpp"

namespace tocsin {

struct HttpRequest {
  std::string method;                // "GET", "POST", …
  std::string path;                  // decoded, without the query
  std::vector<std::string> matches;  // what the groups of the route's pattern matched
  std::multimap<std::string, std::string> query;
  std::vector<std::pair<std::string, std::string>>
      headers;       // names in lower case, in the order received
  std::string body;  // whole: de-chunked, inflated, under the limits
  std::string remote_address;
  Instant received;

  /// The first header of that name (lower case), or nothing.
  std::string_view header(std::string_view name) const {
    for (const auto& [n, v] : headers)
      if (n == name) return v;
    return {};
  }
  std::string_view query_value(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::string_view() : std::string_view(found->second);
  }
};

struct HttpResponse {
  int status = 200;
  std::string body;
  std::string content_type;                                  // empty with an empty body
  std::vector<std::pair<std::string, std::string>> headers;  // further ones; CR and LF never pass
};

/// Answers one request: called exactly once, by any thread.
using HttpReply = std::function<void(HttpResponse)>;
using HttpHandler = std::function<void(HttpRequest, HttpReply)>;

/// Who answers what. The pattern is a regular expression over the decoded path; keep them few and
/// short. The first that matches path and method answers; a path that only other methods have is
/// 405.
struct HttpRoute {
  std::string method;
  std::string pattern;
  HttpHandler handler;
};

}  // namespace tocsin

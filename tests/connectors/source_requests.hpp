// Requests as a sender makes them, for the tests of any source.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "connectors/source.hpp"
#include "tests/catch.hpp"
#include "tests/connectors/fixture.hpp"

namespace tocsin::testing {

inline const WallTime kNow = *parse_rfc3339("2026-11-22T01:52:43.604Z");

/// A request and what goes with it. The path is the one below /in/<integration>.
struct Sent {
  std::string body = {};
  std::string path = {};
  std::string method = "POST";
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::multimap<std::string, std::string> query = {};
};

/// An integration of one source.
struct Sender {
  std::string source;
  std::map<std::string, std::string> settings = {};
  WallTime now = kNow;

  const connectors::SourceSpec& spec() const {
    const connectors::SourceSpec* const found = connectors::find_source(source);
    REQUIRE(found);
    return *found;
  }

  static HttpRequest request(const Sent& sent) {
    HttpRequest request;
    request.method = sent.method;
    request.path = sent.path;
    request.body = sent.body;
    request.headers = sent.headers;
    request.query = sent.query;
    return request;
  }

  /// As it would be matched and read.
  Result<connectors::Parsed> send(const Sent& sent) const {
    connectors::SourceContext context{{now, 1, {}}, sent.path, {}, {source, settings}, {}};
    bool routed = false;
    for (const connectors::SourceRoute& route : spec().routes) {
      if (routed || route.method != sent.method) continue;
      if (sent.path.empty()) {
        context.path = std::string(route.path);
        routed = true;
      } else if (auto parts = connectors::match_route(route.path, sent.path)) {
        context.parts = std::move(*parts);
        routed = true;
      }
    }
    if (!routed) return not_found("no route");
    return spec().parse(request(sent), context);
  }

  connectors::Parsed taken(const Sent& sent) const {
    auto parsed = send(sent);
    if (!parsed) FAIL(parsed.error().message);
    return std::move(*parsed);
  }

  Alert only(const Sent& sent) const {
    connectors::Parsed parsed = taken(sent);
    REQUIRE(parsed.alerts.size() == 1);
    CHECK(parsed.rejected.empty());
    return parsed.alerts[0];
  }

  std::string fault(const Sent& sent) const {
    const auto parsed = send(sent);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == ErrorKind::invalid);
    return parsed.error().message;
  }

  HttpResponse answer(connectors::IngestOutcome::Kind kind, const std::string& path = {},
                      const std::string& reply = {}, const std::string& method = "POST") const {
    connectors::IngestOutcome outcome;
    outcome.kind = kind;
    outcome.error = "a \"fault\"";
    outcome.method = method;
    outcome.path = path;
    outcome.reply = reply;
    return spec().answer(outcome);
  }
};

inline std::string header_of(const HttpResponse& response, const std::string& name) {
  for (const auto& [known, value] : response.headers)
    if (known == name) return value;
  return {};
}

using Kind = connectors::IngestOutcome::Kind;

}  // namespace tocsin::testing

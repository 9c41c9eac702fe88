// Requests as Prometheus sends them, for the tests of its source.
#pragma once

#include "connectors/source.hpp"
#include "tests/catch.hpp"

namespace tocsin::testing {

inline const WallTime kReceived = *parse_rfc3339("2026-11-22T01:52:43.604Z");

inline Result<connectors::Parsed> parse(std::string body) {
  HttpRequest request;
  request.body = std::move(body);
  return connectors::find_source("prometheus")->parse(request, {{kReceived, 1, {}}});
}

inline connectors::Parsed parsed(std::string body) {
  auto result = parse(std::move(body));
  if (!result) FAIL(result.error().message);
  return std::move(result).value();
}

inline Alert only(const std::string& body) {
  connectors::Parsed result = parsed(body);
  REQUIRE(result.alerts.size() == 1);
  REQUIRE(result.rejected.empty());
  return result.alerts[0];
}

inline std::string fault(std::string body) {
  const auto result = parse(std::move(body));
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == ErrorKind::invalid);
  return result.error().message;
}

/// Why the only alert of this request was not taken.
inline std::string rejection(std::string body) {
  const connectors::Parsed result = parsed(std::move(body));
  REQUIRE(result.alerts.empty());
  REQUIRE(result.rejected.size() == 1);
  CHECK(result.rejected[0].index == 0);
  return result.rejected[0].what;
}

inline std::string labelled(const std::string& labels) { return R"([{"labels":)" + labels + "}]"; }

/// Fields({{"a", "b"}}) would be two iterators of one string.
inline Fields one(std::string_view name, std::string_view value) {
  return Fields(std::vector<Fields::Pair>{{name, value}});
}

}  // namespace tocsin::testing

// A request to an integration of any source, and what becomes of it, for the tests of sources.
#pragma once

#include "connectors/source.hpp"
#include "tests/catch.hpp"
#include "tests/connectors/fixture.hpp"

namespace tocsin::testing::sent {

inline const WallTime kNow = *parse_rfc3339("2026-11-22T01:52:43.604Z");

inline WallTime at(std::string_view text) { return *parse_rfc3339(text); }

/// Where it is sent, and how; the body is given to the calls.
struct To {
  std::string source;
  std::map<std::string, std::string> settings = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::multimap<std::string, std::string> query = {};
  std::optional<Result<std::string>> document = {};

  HttpRequest request(std::string body) const {
    HttpRequest request;
    request.method = "POST";
    request.headers = headers;
    request.query = query;
    request.body = std::move(body);
    return request;
  }
  const connectors::SourceSpec& spec() const {
    const connectors::SourceSpec* const found = connectors::find_source(source);
    REQUIRE(found != nullptr);
    return *found;
  }
  Result<connectors::Parsed> parse(std::string body) const {
    connectors::SourceContext context{{kNow, 1, {}}, {}, {}, {source, settings}, document};
    return spec().parse(request(std::move(body)), context);
  }
  connectors::Parsed parsed(std::string body) const {
    auto result = parse(std::move(body));
    if (!result) FAIL(result.error().message);
    return std::move(result).value();
  }
  /// The one alert of it, and nothing else.
  Alert only(std::string body) const {
    connectors::Parsed result = parsed(std::move(body));
    for (const auto& rejected : result.rejected) FAIL_CHECK(rejected.what);
    REQUIRE(result.alerts.size() == 1);
    return result.alerts[0];
  }
  /// The one word about an alert in it, and no alert.
  connectors::Said word(std::string body) const {
    connectors::Parsed result = parsed(std::move(body));
    REQUIRE(result.alerts.empty());
    REQUIRE(result.said.size() == 1);
    return result.said[0];
  }
  /// It is accepted and means nothing.
  bool nothing(std::string body) const {
    const connectors::Parsed result = parsed(std::move(body));
    return result.alerts.empty() && result.rejected.empty() && result.said.empty() &&
           result.visit.empty();
  }
  std::string fault(std::string body) const {
    const auto result = parse(std::move(body));
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::invalid);
    return result.error().message;
  }
};

/// The text with one part of it, which must be there, replaced.
inline std::string with(std::string text, const std::string& part, const std::string& instead) {
  const std::size_t found = text.find(part);
  REQUIRE(found != std::string::npos);
  return text.replace(found, part.size(), instead);
}

/// What its sender is told, however it went.
inline int status(const To& to, connectors::IngestOutcome::Kind kind) {
  return to.spec().answer({kind, {}, "what is wrong"}).status;
}

/// As most senders want it: 200, 400, 503, with words; 503 says when to come again.
inline void check_plain_answers(const std::string& source, int limited = 503) {
  using Kind = connectors::IngestOutcome::Kind;
  const To to{source};
  CHECK(status(to, Kind::accepted) == 200);
  CHECK(status(to, Kind::partly) == 200);
  CHECK(status(to, Kind::unusable) == 400);
  CHECK(status(to, Kind::busy) == 503);
  CHECK(status(to, Kind::limited) == limited);
  const HttpResponse busy = to.spec().answer({Kind::busy, {}, "the journal is busy"});
  CHECK_THAT(busy.body, Catch::Matchers::Contains("the journal is busy"));
  REQUIRE_FALSE(busy.headers.empty());
  CHECK(busy.headers[0].first == "Retry-After");
}

}  // namespace tocsin::testing::sent

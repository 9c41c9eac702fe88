// A source understands one sender's wire format. Parsing is pure; the front door does the
// receiving.
//
// To add one: connectors/sources/NAME.cpp with `extern const SourceSpec NAME_source`, one line in
// connectors/catalog.def, tests/connectors/NAME_test.cpp with recorded payloads, one row in
// connectors/README.md. A house test checks all four.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/spec.hpp"
#include "router/core/alert.hpp"
#include "router/core/http.hpp"
#include "router/core/result.hpp"

namespace tocsin::connectors {

/// What is known of an integration while its request is parsed.
struct SourceContext {
  Instant received;
};

/// One alert of a request that could not be used, beside others that could.
struct Rejected {
  std::size_t index;  // its place in the request, from 0
  std::string what;   // what is wrong with it, and where
};

struct Parsed {
  std::vector<Alert> alerts;
  std::vector<Rejected> rejected;
};

/// How it ended, for the words that this sender expects.
struct IngestOutcome {
  enum class Kind { accepted, partly, unusable, busy } kind = Kind::accepted;
  std::vector<Rejected> rejected;  // partly, or unusable because of its alerts: which, and why
  std::string error;               // unusable, busy: for people
};

struct SourceSpec {
  std::string_view name;     // as in the configuration: `source: prometheus`
  std::string_view summary;  // the documentation row
  std::string_view example;  // an entry in YAML, indented to be pasted; loaded by a test

  /// Where its senders post, below /in/<integration> and at the root: a regular expression over the
  /// path, such as "/api/v2/alerts". A trailing slash is allowed by whoever mounts it.
  std::string_view path;
  /// Labels that group its alerts where the integration does not say.
  std::span<const std::string_view> group_by;
  /// How long after its end an alert stays open while nothing is heard of its integration, where
  /// the integration does not say.
  Duration resolve_after;

  /// All alerts of the request in their order, the bad ones apart. Errors: invalid, when the
  /// request as a whole cannot be read; refused, when it has more than kMostAlertsPerRequest.
  Result<Parsed> (*parse)(const HttpRequest&, const SourceContext&);
  /// The answer in this sender's protocol.
  HttpResponse (*answer)(const IngestOutcome&);
};

/// All that this build has, in the order of their names.
std::span<const SourceSpec* const> all_sources();
const SourceSpec* find_source(std::string_view name);

}  // namespace tocsin::connectors

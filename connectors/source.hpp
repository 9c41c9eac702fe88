// A source understands one sender's wire format. Parsing is pure; the front door does the
// receiving.
//
// To add one: connectors/sources/NAME.cpp with `extern const SourceSpec NAME_source`, its page
// NAME.md beside it, one line in connectors/catalog.def, tests/connectors/NAME_test.cpp with
// recorded payloads, one row in connectors/README.md. A house test checks all of them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/spec.hpp"
#include "router/core/alert.hpp"
#include "router/core/http.hpp"
#include "router/core/result.hpp"
#include "router/core/severity.hpp"

namespace tocsin::connectors {

/// What is known of a request and its integration while it is parsed.
struct SourceContext {
  Instant received;
  /// The path below /in/<integration>, or as it came at the root: "/v2/alerts/db-down/close".
  std::string path = {};
  std::vector<std::string> parts = {};  // what the wildcards of the route's path stand for, decoded
  /// Of the integration, by the spec's `fields`. What stands nested in YAML has its path as its
  /// key: "map.labels.service".
  Values settings = {};
  /// What `document` asked for; nothing: it did not ask, or there is no fetching here.
  std::optional<Result<std::string>> document = {};
};

/// One alert of a request that could not be used, beside others that could.
struct Rejected {
  std::size_t index;  // its place in the request, from 0
  std::string what;   // what is wrong with it, and where
};

/// What somebody did about an alert in the sender's own system.
struct Said {
  enum class Kind { acknowledged, noted, snoozed, assigned, escalated } kind = Kind::acknowledged;
  std::string key;       // of the alert
  std::string by;        // who; empty: the sender does not say
  std::string text;      // a note's; of any other: why
  Duration length = {};  // snoozed: for so long; what is shorter or longer than a person may is cut
  std::string to = {};   // assigned: whom, by their name or by the address of one of their contacts
};

/// What is known of one of the integration's alerts, for a sender that asks.
struct KnownAlert {
  Alert alert;              // as last heard
  std::uint32_t count = 1;  // how often it was heard
  WallTime heard{};         // when last
  // Of the incident that it is in, if it is in one:
  std::optional<Severity> severity = {};
  bool open = false;  // not resolved
  std::optional<WallTime> acknowledged_at = {}, resolved_at = {};
  std::string acknowledged_by = {}, resolved_by = {}, assigned_to = {};
  std::optional<WallTime> snoozed_until = {};
};

struct Parsed {
  std::vector<Alert> alerts;
  std::vector<Rejected> rejected;
  std::vector<Said> said;          // after the alerts, in their order
  std::vector<std::string> beats;  // signs of life: names of heartbeats
  std::string visit;  // a URL to be fetched once, which completes what the sender began; checked by
                      // the source to be its sender's own. Empty: none
  std::string reply;  // what its own `answer` is to know of it: a key that was made up
  std::string asks = {};  // the key of an alert that the answer is to show; empty: none
};

/// How it ended, for the words that this sender expects.
struct IngestOutcome {
  enum class Kind {
    accepted,  // durable; or there was nothing to store
    partly,    // so are the good ones
    unusable,  // nothing in it could be used: to send it again is of no use
    busy,      // a temporary fault
    limited    // past the integration's limit
  } kind = Kind::accepted;
  std::vector<Rejected> rejected;      // partly, or unusable because of its alerts: which, and why
  std::string error;                   // unusable, busy, limited: for people
  std::string method = {}, path = {};  // of the request, as in SourceContext
  std::string reply = {};              // Parsed::reply
  std::optional<KnownAlert> known = {};  // the alert that it asks for; nothing: it is not known
};

/// Where a source's senders post, below /in/<integration> and at the root.
struct SourceRoute {
  std::string_view method;
  /// "/v2/alerts/**/close": a segment `*` stands for any one segment, `**` for one or more, at most
  /// one of these in a path. A trailing slash is always allowed. Empty: only /in/<integration>.
  std::string_view path;
};

struct SourceSpec {
  std::string_view name;     // as in the configuration: `source: prometheus`
  std::string_view summary;  // the documentation row
  std::string_view example;  // an entry in YAML, indented to be pasted; loaded by a test

  /// The first that matches is the request's. The first of them is also taken at /in/<integration>
  /// alone, for senders that take only a whole URL.
  std::span<const SourceRoute> routes;
  /// Labels that group its alerts where the integration does not say.
  std::span<const std::string_view> group_by;
  /// What its senders call a severity, in the label `severity`, beside what the integration says.
  /// critical, error, warning and info stand for themselves.
  std::span<const std::pair<std::string_view, Severity>> severities = {};
  /// How long after its end an alert stays open while nothing is heard of its integration, where
  /// the integration does not say.
  Duration resolve_after;
  /// The times of its alerts are those of the changes of state, of one clock, and the same each
  /// time it is told: what comes late or twice is known by them. Not where several senders tell of
  /// one alert, each by its own clock.
  bool exact_times = false;
  /// Its alerts have no status, and are over when their end is past: by the sender's clock, which
  /// may be another than ours (ingest/sender_clock.hpp).
  bool over_by_end = false;
  /// GET of these paths lists the integration's alerts as Alertmanager does; no request of its
  /// senders.
  std::string_view lists = {};
  /// Settings of an integration beside those that all have. Of a nested one the first key; it takes
  /// whatever stands below.
  std::span<const Field> fields = {};
  /// What is wrong with the values of `fields`, each fault beginning with its key: "map.key: …".
  std::vector<std::string> (*check)(const Values&) = nullptr;

  /// Where the protocol has the integration's key in the body or elsewhere; empty: it is not there.
  /// Asked when it is in none of the places that all have (ingest::key_of).
  std::string (*key)(const HttpRequest&) = nullptr;
  /// The URL of a document without which the request cannot be judged, such as the certificate that
  /// signed it; checked by the source to be its sender's own. It is fetched and kept for a day.
  std::optional<std::string> (*document)(const HttpRequest&) = nullptr;
  /// All alerts of the request in their order, the bad ones apart. Pure. Errors: invalid, when the
  /// request as a whole cannot be read; refused, when it has more than kMostAlertsPerRequest;
  /// unavailable, when `document` is needed and could not be had.
  Result<Parsed> (*parse)(const HttpRequest&, const SourceContext&);
  /// The answer in this sender's protocol.
  HttpResponse (*answer)(const IngestOutcome&);
};

/// A route's path against a request's; nothing: they do not match. Pure.
std::optional<std::vector<std::string>> match_route(std::string_view route, std::string_view path);

/// All that this build has, in the order of their names.
std::span<const SourceSpec* const> all_sources();
const SourceSpec* find_source(std::string_view name);

}  // namespace tocsin::connectors

// Ingest: one request from a monitoring system, to durable records and the answer its sender
// expects.
//
// Which integration, is its key right, is it within the limits, what does its source make of it;
// then one append, and the answer when that is durable. Never a 2xx before.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "connectors/source.hpp"
#include "router/core/bodies.hpp"
#include "router/core/clock.hpp"
#include "router/core/mint.hpp"
#include "router/core/rate.hpp"
#include "router/ingest/flows.hpp"
#include "router/ingest/limits.hpp"
#include "router/ingest/sender_clock.hpp"
#include "router/journal/journal.hpp"
#include "rules/matcher.hpp"

namespace tocsin::ingest {

/// An integration as ingest needs it.
struct Integration {
  std::string name;
  const connectors::SourceSpec* source = nullptr;
  std::vector<std::string> keys;     // any of them
  Fields labels;                     // added where the alert does not say
  connectors::Values settings = {};  // of its source, secrets expanded
  struct Heartbeat {
    std::string name;
    std::vector<rules::Matcher> matchers;  // an alert that they match is a beat; none: no alert is
  };
  std::vector<Heartbeat> heartbeats = {};
  std::optional<Rate> limit = {};  // of alerts, on this node; nothing: none
};

using Integrations = std::map<std::string, Integration, std::less<>>;

using Headers = std::vector<std::pair<std::string, std::string>>;  // names in lower case

/// For metrics. Called by any thread; must be quick.
class IngestEvents {
 public:
  virtual ~IngestEvents() = default;
  /// Alerts that are durable.
  virtual void received(const std::string& /*integration*/, std::size_t /*firing*/,
                        std::size_t /*resolved*/) {}
  /// `integration` is empty where none could be told.
  virtual void rejected(const std::string& /*integration*/, const std::string& /*reason*/,
                        std::size_t /*alerts*/) {}
  virtual void appended(Duration) {}
  /// For the log, once in kTellLimitedEvery: so many requests were sent away since the last time.
  virtual void limited(const std::string& /*integration*/, const Rate&,
                       std::uint64_t /*requests*/) {}
  /// A request's alerts show that our clock is so far ahead of the sender's; negative: behind. For
  /// the log, if `tell`.
  virtual void clocks_differ(const std::string& /*integration*/, Duration /*ahead*/,
                             bool /*tell*/) {}
};

/// The alert of which one just received is an unchanged re-send, as far as this node has folded the
/// journal; empty if it says anything new, or this node is behind. Any thread may call.
using ResendOf =
    std::function<AlertId(Partition, const std::string& integration, const Alert& alert)>;

/// A document by its URL, within a budget of its own. Any thread may call; it may block for so
/// long.
using Fetch = std::function<Result<std::string>(const std::string& url)>;

/// The answer to a sender that asks what fires (SourceSpec::lists).
using List = std::function<HttpResponse(const HttpRequest&, const std::string& integration)>;

/// What is known of an alert of this integration, for a sender that asks (Parsed::asks). Any thread
/// may call.
using LookUp = std::function<std::optional<connectors::KnownAlert>(const std::string& integration,
                                                                   const std::string& key)>;

/// Of what a sender passes on of people.
inline constexpr std::size_t kMostShownName = 100;
inline constexpr std::size_t kMostSaidByBytes = 200, kMostSaidBytes = 2000;

/// What was fetched is good for so long …
inline constexpr Duration kDocumentKept = std::chrono::hours(24);
/// … and of so many URLs at the most; past that all are forgotten.
inline constexpr std::size_t kMostDocuments = 64;

/// How many alerts of a partition, and of one integration of it, are accepted and wait for a
/// decision. Any thread may call.
struct Undecided {
  std::size_t alerts = 0, of_integration = 0;
};
using UndecidedOf = std::function<Undecided(Partition, const std::string& integration)>;

/// What an alert of this integration that fires said of its end. Any thread may call.
using FiringWords = std::function<std::optional<FiringWord>(
    Partition, const std::string& integration, const std::string& key)>;

/// While more than so many of a partition do, they take too much memory: whoever has more than a
/// share of them is told to come again. Two storms' worth.
inline constexpr std::size_t kMostUndecidedAlerts = 200'000;
inline constexpr std::size_t kUndecidedShare = 10'000;

/// While more records than this are on their way, or not folded, re-sends are written out: what
/// they refer to might be forgotten before they are folded.
inline constexpr std::int64_t kMostUnderWayForResends = 250;

class Ingest {
 public:
  Ingest(journal::Journal& journal, const Clock& clock, Mint& mint, IngestEvents& events,
         ResendOf resend_of = {}, Fetch fetch = {}, List list = {}, LookUp look_up = {},
         UndecidedOf undecided_of = {}, FiringWords firing_words = {});

  /// Which path a request came by.
  struct Door {
    /// At the root: whose path it is. Below /in/<integration> that integration's source says.
    const connectors::SourceSpec* source = nullptr;
    std::string
        named;  // the integration in /in/<integration>/…; empty where the key alone says which
    std::string path = {};  // below that, or the whole of it at the root
  };
  /// The whole of it: answers exactly once, perhaps later and from the journal's thread. Any thread
  /// may call.
  void take(const HttpRequest& request, const Door& door, HttpReply reply);

  void replace(std::shared_ptr<const Integrations> integrations);

  /// Whose a request seems to be (Flows::of). Any thread may call.
  std::string flow_of(std::string_view target, const Headers& headers) const;

  /// The routes of every source at the root, and whatever is below /in/<integration>.
  std::vector<HttpRoute> routes();

 private:
  std::shared_ptr<const Integrations> integrations() const;
  void add_at_root(std::vector<HttpRoute>& routes, const connectors::SourceSpec& source,
                   std::string_view method, std::string_view path);
  std::string key_in(const HttpRequest& request, const Door& door,
                     const Integrations& integrations) const;
  std::optional<Result<std::string>> document(const std::string& url);
  bool send_away(const Integration& integration, const HttpRequest& request,
                 const std::string& path, const HttpReply& reply);
  bool is_behind(const std::string& integration) const;
  void look_over(const Integration& integration, const Instant& received,
                 std::vector<Alert>& alerts);
  void store(const Integration& integration, connectors::Parsed parsed, const HttpRequest& request,
             const std::string& path, HttpReply reply);
  static AlertsBody beats_of(const Integration& integration, std::vector<std::string> names,
                             const Instant& received);
  static Command command_of(const Integration& integration, const connectors::Said& said);
  std::vector<Record> records_of(const Integration& integration, std::vector<Alert> alerts,
                                 const Instant& received, Partition partition);
  void refuse(const Integration& integration, const Error& error, const HttpRequest& request,
              const std::string& path, const HttpReply& reply);

  journal::Journal& journal_;
  const Clock& clock_;
  Mint& mint_;
  IngestEvents& events_;
  const ResendOf resend_of_;
  const Fetch fetch_;
  const List list_;
  const LookUp look_up_;
  const UndecidedOf undecided_of_;
  const FiringWords firing_words_;
  SenderClock sender_clock_;
  Limits limits_;
  std::atomic<std::int64_t> under_way_{0};  // records appended and not answered
  mutable std::mutex mutex_;                // of the next; never held while anything else is called
  std::shared_ptr<const Integrations> integrations_;
  std::shared_ptr<const Flows> flows_;
  struct Document {
    std::string text;
    WallTime fetched{};
  };
  std::map<std::string, Document> documents_;  // by URL
};

/// The key in the headers of a request; empty if it is not there.
std::string key_in(const Headers& headers);

/// The key of a request, wherever its sender puts it: Authorization (Bearer, GenieKey, Basic's
/// password), X-Routing-Key, X-Tocsin-Key, ?key=. Empty if there is none.
std::string key_of(const HttpRequest& request);

/// Compares with every key of every integration, so that the time it takes tells nothing about
/// which.
const Integration* find_by_key(const Integrations& integrations, std::string_view key);

}  // namespace tocsin::ingest

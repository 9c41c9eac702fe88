#include "router/ingest/ingest.hpp"

#include <algorithm>
#include <iterator>

#include "router/core/problem.hpp"
#include "router/ingest/reading.hpp"

namespace tocsin::ingest {

using connectors::IngestOutcome;
using connectors::Parsed;

Ingest::Ingest(journal::Journal& journal, const Clock& clock, Mint& mint, IngestEvents& events,
               ResendOf resend_of)
    : journal_(journal),
      clock_(clock),
      mint_(mint),
      events_(events),
      resend_of_(std::move(resend_of)),
      integrations_(std::make_shared<const Integrations>()) {}

std::shared_ptr<const Integrations> Ingest::integrations() const {
  const std::lock_guard lock(mutex_);
  return integrations_;
}

void Ingest::replace(std::shared_ptr<const Integrations> integrations) {
  const std::lock_guard lock(mutex_);
  integrations_ = std::move(integrations);
}

std::vector<HttpRoute> Ingest::routes() {
  std::vector<HttpRoute> routes;
  for (const connectors::SourceSpec* source : connectors::all_sources()) {
    const std::string path(source->path);
    routes.push_back({"POST", "/in/([^/]+)" + path + "/?",
                      [this, source](const HttpRequest& request, HttpReply reply) {
                        std::string named = request.matches.at(0);
                        take(request, {source, std::move(named)}, std::move(reply));
                      }});
    routes.push_back(
        {"POST", path + "/?", [this, source](const HttpRequest& request, HttpReply reply) {
           take(request, {source, {}}, std::move(reply));
         }});
  }
  // Without the protocol's own path: for tools, and senders that take only a whole URL.
  routes.push_back({"POST", "/in/([^/]+)/?", [this](const HttpRequest& request, HttpReply reply) {
                      std::string named = request.matches.at(0);
                      take(request, {nullptr, std::move(named)}, std::move(reply));
                    }});
  return routes;
}

void Ingest::take(const HttpRequest& request, const Door& door, HttpReply reply) {
  const auto integrations = this->integrations();
  const std::string key = key_of(request);
  const Integration* const integration = key.empty() ? nullptr : find_by_key(*integrations, key);
  const auto no = [&](int status, const char* reason, std::string detail) {
    events_.rejected(integration ? integration->name : "", reason, 0);
    reply(problem(status, std::move(detail)));
  };
  if (key.empty())
    return no(401, "no_key",
              "the request has no key; send the integration's as 'Authorization: Bearer KEY', as a "
              "Basic password, as X-Tocsin-Key, or as ?key=");
  if (!integration)
    return no(403, "wrong_key",
              "the key belongs to no integration; compare it with the integration's `keys` in the "
              "configuration");
  if (!door.named.empty() && door.named != integration->name)
    return no(403, "wrong_key", "the key does not belong to the integration that the path names");
  if (door.source && integration->source != door.source)
    return no(404, "wrong_source",
              "integration " + integration->name + " has source " +
                  std::string(integration->source->name) + ", whose senders do not post here");
  const auto parsed = read_alerts(*integration, request);
  if (!parsed) return refuse(*integration, parsed.error(), reply);
  store(*integration, *parsed, request, std::move(reply));
}

void Ingest::refuse(const Integration& integration, const Error& error, const HttpReply& reply) {
  if (error.kind == ErrorKind::refused) {
    events_.rejected(integration.name, "too_many_alerts", 0);
    return reply(problem(413, error.message));
  }
  events_.rejected(integration.name, "unusable", 0);
  reply(integration.source->answer({IngestOutcome::Kind::unusable, {}, error.message}));
}

void Ingest::store(const Integration& integration, Parsed parsed, const HttpRequest& request,
                   HttpReply reply) {
  if (!parsed.rejected.empty())
    events_.rejected(integration.name, "bad_alert", parsed.rejected.size());
  IngestOutcome outcome;
  if (!parsed.rejected.empty())
    outcome = {parsed.alerts.empty() ? IngestOutcome::Kind::unusable : IngestOutcome::Kind::partly,
               parsed.rejected,
               {}};
  if (outcome.kind == IngestOutcome::Kind::unusable) {
    const connectors::Rejected& first = parsed.rejected.front();
    outcome.error = "alert " + std::to_string(first.index) + ": " + first.what;
  }
  const auto answer = integration.source->answer;
  if (parsed.alerts.empty()) return reply(answer(outcome));
  std::size_t firing = 0;
  for (const Alert& alert : parsed.alerts) firing += alert.status == AlertStatus::firing;
  const std::size_t resolved = parsed.alerts.size() - firing;
  const Partition partition = journal::partition_of(integration.name, journal_.partitions());
  std::vector<Record> records =
      records_of(integration, std::move(parsed.alerts), request.received, partition);
  const auto count = static_cast<std::int64_t>(records.size());
  under_way_ += count;
  const Instant before = clock_.now();
  journal_.append(
      partition, std::move(records),
      [this, count, answer, before, firing, resolved, name = integration.name,
       outcome = std::move(outcome), reply = std::move(reply)](const journal::Appended& appended) {
        under_way_ -= count;
        if (appended.durable()) {
          events_.appended(clock_.now().elapsed - before.elapsed);
          events_.received(name, firing, resolved);
          return reply(answer(outcome));
        }
        events_.rejected(name, "journal", firing + resolved);
        reply(answer({IngestOutcome::Kind::busy,
                      {},
                      "the alerts could not be stored: " + appended.why + "; send them again"}));
      });
}

std::vector<Record> Ingest::records_of(const Integration& integration, std::vector<Alert> alerts,
                                       const Instant& received, Partition partition) {
  const bool may_refer = resend_of_ && under_way_ <= kMostUnderWayForResends;
  std::vector<Record> records;
  for (auto next = alerts.begin(); next != alerts.end();) {
    AlertsBody body{integration.name, received, {}};
    for (std::size_t n = 0; n < kMostAlertsPerRecord && next != alerts.end(); ++n, ++next) {
      AlertId known = may_refer ? resend_of_(partition, integration.name, *next) : AlertId{};
      if (known.empty())
        body.alerts.push_back(std::move(*next));
      else
        body.resends.push_back({std::move(known), next->ends_at});
    }
    records.push_back(mint_.record(partition, RecordKind::alerts, received.wall, encode(body)));
  }
  return records;
}

}  // namespace tocsin::ingest

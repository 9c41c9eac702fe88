#include "router/ingest/ingest.hpp"

#include <algorithm>
#include <iterator>

#include "router/core/problem.hpp"
#include "router/core/text.hpp"
#include "router/ingest/reading.hpp"

namespace tocsin::ingest {

using connectors::IngestOutcome;
using connectors::Parsed;

Ingest::Ingest(journal::Journal& journal, const Clock& clock, Mint& mint, IngestEvents& events,
               ResendOf resend_of, Fetch fetch, List list, LookUp look_up, UndecidedOf undecided_of,
               FiringWords firing_words)
    : journal_(journal),
      clock_(clock),
      mint_(mint),
      events_(events),
      resend_of_(std::move(resend_of)),
      fetch_(std::move(fetch)),
      list_(std::move(list)),
      look_up_(std::move(look_up)),
      undecided_of_(std::move(undecided_of)),
      firing_words_(std::move(firing_words)),
      integrations_(std::make_shared<const Integrations>()),
      flows_(std::make_shared<const Flows>()) {}

std::shared_ptr<const Integrations> Ingest::integrations() const {
  const std::lock_guard lock(mutex_);
  return integrations_;
}

void Ingest::replace(std::shared_ptr<const Integrations> integrations) {
  limits_.keep_only(*integrations);
  auto flows = std::make_shared<Flows>();
  for (const auto& [name, integration] : *integrations) flows->add(integration);
  const std::lock_guard lock(mutex_);
  integrations_ = std::move(integrations);
  flows_ = std::move(flows);
}

std::string Ingest::flow_of(std::string_view target, const Headers& headers) const {
  std::shared_ptr<const Flows> flows;
  {
    const std::lock_guard lock(mutex_);
    flows = flows_;
  }
  return flows->of(target, headers);
}

namespace {

// "/v2/alerts/**/close" as a regular expression over the path.
std::string pattern_of(std::string_view path) {
  std::string pattern;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path.substr(i).starts_with("**")) {
      pattern += ".+";
      ++i;
    } else if (path[i] == '*') {
      pattern += "[^/]+";
    } else {
      if (path[i] == '.') pattern += '\\';
      pattern += path[i];
    }
  }
  return pattern + "/?";
}

struct Matched {
  std::string path;  // the route's own where the request had none
  std::vector<std::string> parts;
};

std::optional<Matched> match(const connectors::SourceSpec& source, const std::string& method,
                             const std::string& path) {
  const bool none = path.empty() || path == "/";
  for (const connectors::SourceRoute& route : source.routes) {
    if (route.method != method) continue;
    if (none) return Matched{std::string(route.path), {}};
    if (auto parts = connectors::match_route(route.path, path))
      return Matched{path, std::move(*parts)};
  }
  return std::nullopt;
}

// The methods with which its senders post to this path; empty: there is no such path.
std::string methods_at(const connectors::SourceSpec& source, const std::string& path) {
  std::string methods;
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    const bool listed = std::string_view(method) == "GET" && !source.lists.empty() &&
                        connectors::match_route(source.lists, path);
    if (!listed && !match(source, method, path)) continue;
    methods += (methods.empty() ? "" : ", ") + std::string(method);
  }
  return methods;
}

}  // namespace

void Ingest::add_at_root(std::vector<HttpRoute>& routes, const connectors::SourceSpec& source,
                         std::string_view method, std::string_view path) {
  routes.push_back({std::string(method), pattern_of(path),
                    [this, &source](const HttpRequest& request, HttpReply reply) {
                      take(request, {&source, {}, request.path}, std::move(reply));
                    }});
}

std::vector<HttpRoute> Ingest::routes() {
  std::vector<HttpRoute> routes;
  for (const char* method : {"POST", "GET", "PUT", "PATCH", "DELETE", "OPTIONS"})
    routes.push_back(
        {method, "/in/([^/]+)(/.*)?", [this](const HttpRequest& request, HttpReply reply) {
           take(request, {nullptr, request.matches.at(0), request.matches.at(1)}, std::move(reply));
         }});
  for (const connectors::SourceSpec* source : connectors::all_sources())
    for (const connectors::SourceRoute& route : source->routes)
      if (!route.path.empty()) add_at_root(routes, *source, route.method, route.path);
  for (const connectors::SourceSpec* source : connectors::all_sources())
    if (!source->lists.empty()) add_at_root(routes, *source, "GET", source->lists);
  return routes;
}

namespace {

// A sign of life for which nobody waits: whoever sends it believes that its silence would be told.
void leave_out_unknown(const Integration& integration, Parsed& parsed) {
  std::erase_if(parsed.beats, [&](const std::string& name) {
    const auto& all = integration.heartbeats;
    if (std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.name == name; }))
      return false;
    parsed.rejected.push_back(
        {parsed.rejected.size(), "integration " + integration.name + " has no heartbeat " +
                                     cut(one_line(name), kMostShownName) +
                                     "; add it to the integration's `heartbeats`"});
    return true;
  });
}

// Of a request against its integration's limit. What cannot be read costs as well.
std::size_t weight_of(const Result<Parsed>& parsed) {
  if (!parsed) return 1;
  return std::max<std::size_t>(1, parsed->alerts.size() + parsed->rejected.size() +
                                      parsed->said.size() + parsed->beats.size());
}

std::string whole_seconds(Duration wait) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count());
}

}  // namespace

std::string Ingest::key_in(const HttpRequest& request, const Door& door,
                           const Integrations& integrations) const {
  if (std::string key = key_of(request); !key.empty()) return key;
  const auto named = integrations.find(door.named);
  const connectors::SourceSpec* const source =
      named != integrations.end() ? named->second.source : door.source;
  return source && source->key ? source->key(request) : std::string();
}

std::optional<Result<std::string>> Ingest::document(const std::string& url) {
  if (!fetch_) return std::nullopt;
  const WallTime now = clock_.now().wall;
  {
    const std::lock_guard lock(mutex_);
    const auto known = documents_.find(url);
    if (known != documents_.end() && now - known->second.fetched < kDocumentKept)
      return known->second.text;
  }
  Result<std::string> fetched = fetch_(url);
  if (!fetched) return fetched;
  const std::lock_guard lock(mutex_);
  if (documents_.size() >= kMostDocuments) documents_.clear();
  documents_[url] = {*fetched, now};
  return fetched;
}

void Ingest::take(const HttpRequest& request, const Door& door, HttpReply reply) {
  const auto integrations = this->integrations();
  const std::string key = key_in(request, door, *integrations);
  const Integration* const integration = key.empty() ? nullptr : find_by_key(*integrations, key);
  const auto no = [&](int status, const char* reason, std::string detail) {
    events_.rejected(integration ? integration->name : "", reason, 0);
    reply(problem(status, std::move(detail)));
  };
  if (key.empty()) {
    events_.rejected("", "no_key", 0);
    HttpResponse response =
        problem(401,
                "the request has no key; send the integration's as 'Authorization: Bearer KEY', as "
                "a Basic password, as X-Tocsin-Key, or as ?key=");
    // Amazon SNS and others send the password of a URL only after it was asked for. Not so on the
    // API, where a browser would ask its reader.
    response.headers.insert(response.headers.begin(),
                            {"WWW-Authenticate", R"(Basic realm="tocsin")"});
    return reply(std::move(response));
  }
  if (!integration)
    return no(403, "wrong_key",
              "the key belongs to no integration; compare it with the integration's `keys` in the "
              "configuration");
  if (!door.named.empty() && door.named != integration->name)
    return no(403, "wrong_key", "the key does not belong to the integration that the path names");
  const bool other = door.source && integration->source != door.source;
  const connectors::SourceSpec& source = *integration->source;
  if (!other && list_ && request.method == "GET" && !source.lists.empty() &&
      connectors::match_route(source.lists, door.path))
    return reply(list_(request, integration->name));
  auto matched = other ? std::nullopt : match(*integration->source, request.method, door.path);
  if (!matched) {
    const std::string methods = other ? std::string() : methods_at(source, door.path);
    if (methods.empty())
      return no(404, other ? "wrong_source" : "no_route",
                "integration " + integration->name + " has source " + std::string(source.name) +
                    ", whose senders do not post here");
    events_.rejected(integration->name, "no_route", 0);
    HttpResponse response = problem(405, "this path is only for " + methods);
    response.headers.emplace_back("Allow", methods);
    return reply(std::move(response));
  }
  if (send_away(*integration, request, matched->path, reply)) return;
  if (is_behind(integration->name)) {
    events_.rejected(integration->name, "undecided", 0);
    return reply(integration->source->answer(
        {IngestOutcome::Kind::busy,
         {},
         "too many alerts wait for a decision; nothing of this request was taken: send it again",
         request.method,
         matched->path,
         {}}));
  }
  connectors::SourceContext context{request.received,
                                    std::move(matched->path),
                                    std::move(matched->parts),
                                    integration->settings,
                                    {}};
  if (integration->source->document)
    if (const auto url = integration->source->document(request)) context.document = document(*url);
  auto parsed = read_alerts(*integration, request, context, [&](std::vector<Alert>& alerts) {
    if (integration->source->over_by_end) look_over(*integration, request.received, alerts);
  });
  if (integration->limit)
    limits_.spend(integration->name, *integration->limit, clock_.now().elapsed, weight_of(parsed));
  if (parsed && !parsed->visit.empty() && fetch_)
    if (auto visited = fetch_(parsed->visit); !visited) parsed = visited.error();
  if (!parsed) return refuse(*integration, parsed.error(), request, context.path, reply);
  leave_out_unknown(*integration, *parsed);
  store(*integration, std::move(*parsed), request, context.path, std::move(reply));
}

void Ingest::refuse(const Integration& integration, const Error& error, const HttpRequest& request,
                    const std::string& path, const HttpReply& reply) {
  if (error.kind == ErrorKind::refused) {
    events_.rejected(integration.name, "too_many_alerts", 0);
    return reply(problem(413, error.message));
  }
  const bool later = error.kind != ErrorKind::invalid;
  events_.rejected(integration.name, later ? "not_now" : "unusable", 0);
  reply(
      integration.source->answer({later ? IngestOutcome::Kind::busy : IngestOutcome::Kind::unusable,
                                  {},
                                  error.message,
                                  request.method,
                                  path,
                                  {}}));
}

// Before anything is read: whoever is past its limit costs as little as can be.
bool Ingest::send_away(const Integration& integration, const HttpRequest& request,
                       const std::string& path, const HttpReply& reply) {
  if (!integration.limit) return false;
  const auto refused = limits_.refuse(integration.name, *integration.limit, clock_.now().elapsed);
  if (!refused) return false;
  events_.rejected(integration.name, "limited", 0);
  if (refused->tell > 0) events_.limited(integration.name, *integration.limit, refused->tell);
  HttpResponse response =
      integration.source->answer({IngestOutcome::Kind::limited,
                                  {},
                                  "integration " + integration.name + " is past its limit of " +
                                      format_rate(*integration.limit) +
                                      " alerts; nothing of this request was taken: send it "
                                      "again in " +
                                      whole_seconds(refused->wait) + " s",
                                  request.method,
                                  path,
                                  {}});
  std::erase_if(response.headers, [](const auto& each) { return each.first == "Retry-After"; });
  response.headers.emplace_back("Retry-After", whole_seconds(refused->wait));
  reply(std::move(response));
  return true;
}

bool Ingest::is_behind(const std::string& integration) const {
  if (!undecided_of_) return false;
  const Undecided undecided =
      undecided_of_(journal::partition_of(integration, journal_.partitions()), integration);
  return undecided.alerts > kMostUndecidedAlerts && undecided.of_integration > kUndecidedShare;
}

void Ingest::look_over(const Integration& integration, const Instant& received,
                       std::vector<Alert>& alerts) {
  const Partition partition = journal::partition_of(integration.name, journal_.partitions());
  const auto differ = sender_clock_.judge(
      integration.name, alerts, received, [&](const std::string& key) -> std::optional<FiringWord> {
        return firing_words_ ? firing_words_(partition, integration.name, key) : std::nullopt;
      });
  if (differ) events_.clocks_differ(integration.name, differ->ahead, differ->tell);
}

void Ingest::store(const Integration& integration, Parsed parsed, const HttpRequest& request,
                   const std::string& path, HttpReply reply) {
  if (!parsed.rejected.empty())
    events_.rejected(integration.name, "bad_alert", parsed.rejected.size());
  IngestOutcome outcome;
  outcome.method = request.method;
  outcome.path = path;
  outcome.reply = std::move(parsed.reply);
  if (!parsed.rejected.empty()) {
    const bool nothing = parsed.alerts.empty() && parsed.said.empty() && parsed.beats.empty();
    outcome.kind = nothing ? IngestOutcome::Kind::unusable : IngestOutcome::Kind::partly;
    outcome.rejected = parsed.rejected;
  }
  if (outcome.kind == IngestOutcome::Kind::unusable) {
    const connectors::Rejected& first = parsed.rejected.front();
    outcome.error = "alert " + std::to_string(first.index) + ": " + first.what;
  }
  if (!parsed.asks.empty() && look_up_) outcome.known = look_up_(integration.name, parsed.asks);
  const auto answer = integration.source->answer;
  if (parsed.alerts.empty() && parsed.said.empty() && parsed.beats.empty())
    return reply(answer(outcome));
  std::size_t firing = 0;
  for (const Alert& alert : parsed.alerts) firing += alert.status == AlertStatus::firing;
  const std::size_t resolved = parsed.alerts.size() - firing;
  const Partition partition = journal::partition_of(integration.name, journal_.partitions());
  std::vector<Record> records =
      records_of(integration, std::move(parsed.alerts), request.received, partition);
  if (!parsed.beats.empty())
    records.push_back(mint_.record(partition, RecordKind::alerts, request.received.wall,
                                   encode(beats_of(integration, parsed.beats, request.received))));
  for (const connectors::Said& said : parsed.said)
    records.push_back(mint_.record(partition, RecordKind::command, request.received.wall,
                                   encode(command_of(integration, said))));
  const auto count = static_cast<std::int64_t>(records.size());
  std::size_t bytes = 0;
  for (const Record& record : records) bytes += record.body.size();
  if (!limits_.hold(integration.name, bytes)) {
    events_.rejected(integration.name, "backlog", firing + resolved);
    outcome.kind = IngestOutcome::Kind::busy;
    outcome.error = "too many alerts of integration " + integration.name +
                    " wait for the journal; send them again";
    return reply(answer(outcome));
  }
  under_way_ += count;
  const Instant before = clock_.now();
  journal_.append(partition, std::move(records),
                  [this, count, bytes, answer, before, firing, resolved, name = integration.name,
                   outcome = std::move(outcome),
                   reply = std::move(reply)](const journal::Appended& appended) mutable {
                    under_way_ -= count;
                    limits_.release(name, bytes);
                    if (appended.durable()) {
                      events_.appended(clock_.now().elapsed - before.elapsed);
                      events_.received(name, firing, resolved);
                      return reply(answer(outcome));
                    }
                    events_.rejected(name, "journal", firing + resolved);
                    outcome.kind = IngestOutcome::Kind::busy;
                    outcome.error =
                        "the alerts could not be stored: " + appended.why + "; send them again";
                    reply(answer(outcome));
                  });
}

}  // namespace tocsin::ingest

#include "router/api/api.hpp"

#include <algorithm>
#include <charconv>

#include "router/api/incident_json.hpp"
#include "router/api/page_view.hpp"
#include "router/core/digest.hpp"
#include "router/core/problem.hpp"

namespace tocsin::api {
namespace {

/// Where a cursor's point stands: a time of twenty digits is before it, an id behind.
constexpr std::size_t kCursorDigits = 20;

HttpResponse json_answer(std::string body) {
  return {200, std::move(body), "application/json", {{"Cache-Control", "no-store"}}};
}

HttpResponse problem_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::invalid:
      return problem(400, error.message);
    case ErrorKind::not_found:
      return problem(404, error.message);
    case ErrorKind::refused:
      return problem(409, error.message);
    case ErrorKind::unavailable:
    case ErrorKind::unknown:
    case ErrorKind::corrupt:
      break;
  }
  return problem(503, error.message);
}

Result<engine::IncidentQuery> query_of(const HttpRequest& request) {
  using engine::IncidentState;
  engine::IncidentQuery query;
  std::string_view states = request.query_value("state");
  while (!states.empty()) {
    const std::string_view word = states.substr(0, states.find(','));
    states.remove_prefix(std::min(states.size(), word.size() + 1));
    bool known = false;
    for (const IncidentState s :
         {IncidentState::open, IncidentState::acknowledged, IncidentState::resolved})
      if (word == engine::to_string(s)) {
        query.states.push_back(s);
        known = true;
      }
    if (!known)
      return invalid("state: one of open, acknowledged, resolved, or several with commas between");
  }
  query.team = request.query_value("team");
  if (const std::string_view severity = request.query_value("severity"); !severity.empty()) {
    query.severity = severity_named(severity);
    if (!query.severity) return invalid("severity: one of critical, error, warning, info");
  }
  if (request.query.contains("gameday"))
    query.gameday = std::string(request.query_value("gameday"));
  if (const std::string_view since = request.query_value("since"); !since.empty()) {
    const auto time = parse_rfc3339(since);
    if (!time) return invalid("since: " + time.error().message);
    query.since = *time;
  }
  if (const std::string_view limit = request.query_value("limit"); !limit.empty()) {
    const auto [end, fault] =
        std::from_chars(limit.data(), limit.data() + limit.size(), query.limit);
    if (fault != std::errc() || end != limit.data() + limit.size() || query.limit < 1 ||
        query.limit > 1'000)
      return invalid("limit: a number from 1 to 1000");
  }
  query.cursor = request.query_value("cursor");
  if (!query.cursor.empty() && query.cursor.find('.') != kCursorDigits)
    return invalid("cursor: the `next` of the page before, as it was given");
  return query;
}

bool allowed(Access has, Access needed) {
  return static_cast<int>(has) >= static_cast<int>(needed);
}

}  // namespace

Api::Api(engine::Owner& owner, const Clock& clock, ApiDeps deps)
    : owner_(owner),
      clock_(clock),
      deps_(std::move(deps)),
      tokens_(std::make_shared<const std::vector<Token>>()) {}

void Api::replace(std::shared_ptr<const std::vector<Token>> tokens, std::string link_secret) {
  const std::lock_guard lock(mutex_);
  tokens_ = std::move(tokens);
  link_secret_ = std::move(link_secret);
}

std::string Api::link_secret() const {
  const std::lock_guard lock(mutex_);
  return link_secret_;
}

Result<PageLink> Api::link_of(const HttpRequest& request) const {
  const std::string secret = link_secret();
  // Anybody can sign with nothing.
  if (secret.empty()) return refused("no link is good yet; open it again in a moment");
  return verify(request.matches.at(0), secret, clock_.now().wall);
}

std::string Api::page_path(const IncidentId& incident, const std::string& person,
                           WallTime now) const {
  return "/p/" + sign({incident, person, now + kPageLinkLife}, link_secret());
}

Result<Api::Caller> Api::caller_of(const HttpRequest& request) const {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view header = request.header("authorization");
  if (!header.starts_with(kScheme))
    return invalid("sign in with 'Authorization: Bearer TOKEN', a token of server.tokens");
  std::shared_ptr<const std::vector<Token>> tokens;
  {
    const std::lock_guard lock(mutex_);
    tokens = tokens_;
  }
  const Token* found = nullptr;
  for (const Token& token : *tokens)
    if (equal_in_constant_time(token.token, header.substr(kScheme.size()))) found = &token;
  if (!found) return invalid("the token is none of server.tokens");
  return Caller{found->name, found->access};
}

HttpHandler Api::guarded(
    Access needed, std::function<void(const HttpRequest&, const Caller&, HttpReply)> handler) {
  return [this, needed, handler = std::move(handler)](const HttpRequest& request, HttpReply reply) {
    const auto caller = caller_of(request);
    if (!caller) return reply(problem(401, caller.error().message));
    if (!allowed(caller->access, needed))
      return reply(
          problem(403, "token " + caller->name + " may only read; this needs the role responder"));
    handler(request, *caller, std::move(reply));
  };
}

std::vector<HttpRoute> Api::routes() {
  const auto change = [this](CommandKind kind) {
    return guarded(Access::respond,
                   [this, kind](const HttpRequest& request, const Caller& caller, HttpReply reply) {
                     this->change(kind, request, caller.name, std::move(reply));
                   });
  };
  return {
      {"GET", "/api/v1/incidents",
       guarded(Access::view, [this](const auto& request, const Caller&,
                                    const HttpReply& reply) { list(request, reply); })},
      {"GET", "/api/v1/incidents/([^/]+)",
       guarded(Access::view,
               [this](const auto& request, const Caller&, const HttpReply& reply) {
                 const auto found = owner_.state().find(request.matches.at(0));
                 reply(found ? json_answer(incident_json(*found)) : problem_of(found.error()));
               })},
      {"POST", "/api/v1/incidents/([^/]+)/acknowledge", change(CommandKind::acknowledge)},
      {"POST", "/api/v1/incidents/([^/]+)/resolve", change(CommandKind::resolve)},
      {"GET", "/p/([^/]+)",
       [this](const HttpRequest& request, const HttpReply& reply) { page_get(request, reply); }},
      {"POST", "/p/([^/]+)",
       [this](const HttpRequest& request, HttpReply reply) {
         page_post(request, std::move(reply));
       }},
      {"GET", "/-/healthy",
       [](const HttpRequest&, const HttpReply& reply) {
         reply({200, "OK\n", "text/plain", {}});
       }},
      {"GET", "/-/ready",
       [this](const HttpRequest&, const HttpReply& reply) {
         const Readiness readiness = deps_.readiness();
         reply(readiness.ready
                   ? HttpResponse{200,
                                  readiness.detail.empty() ? "OK\n" : readiness.detail + "\n",
                                  "text/plain",
                                  {}}
                   : problem(503, readiness.detail));
       }},
      {"GET", "/metrics",
       [this](const HttpRequest&, const HttpReply& reply) {
         reply({200, deps_.metrics(), "text/plain; version=0.0.4; charset=utf-8", {}});
       }},
  };
}

void Api::list(const HttpRequest& request, const HttpReply& reply) const {
  const auto query = query_of(request);
  reply(query ? json_answer(incidents_json(owner_.state().list(*query)))
              : problem_of(query.error()));
}

void Api::change(CommandKind kind, const HttpRequest& request, const std::string& by,
                 HttpReply reply) {
  const auto found = owner_.state().find(request.matches.at(0));
  if (!found) return reply(problem_of(found.error()));
  const IncidentId id = found->incident.id;
  owner_.submit(*found, {kind, id, by, "api"}, kCommandPatience,
                [this, id, reply = std::move(reply)](const engine::CommandAnswer& answer) {
                  if (answer.what == engine::CommandAnswer::What::refused)
                    return reply(problem(409, answer.why));
                  if (answer.what == engine::CommandAnswer::What::not_confirmed)
                    return reply(problem(503, "not confirmed, try again: " + answer.why));
                  const auto after = owner_.state().find(id.text);
                  reply(after ? json_answer(incident_json(*after)) : problem_of(after.error()));
                });
}

// A GET only shows: a mail scanner that follows every link must not acknowledge.
void Api::page_get(const HttpRequest& request, const HttpReply& reply) const {
  const auto link = link_of(request);
  if (!link) return reply(page_sentence(403, link.error().message));
  const auto found = owner_.state().find(link->incident.text);
  reply(found ? page_view(*found, link->person) : page_sentence(404, found.error().message));
}

void Api::page_post(const HttpRequest& request, HttpReply reply) {
  const auto link = link_of(request);
  if (!link) return reply(page_sentence(403, link.error().message));
  const auto found = owner_.state().find(link->incident.text);
  if (!found) return reply(page_sentence(404, found.error().message));
  const std::string by = link->person.empty() ? "someone with the page's link" : link->person;
  owner_.submit(
      *found, {CommandKind::acknowledge, found->incident.id, by, "page link"}, kCommandPatience,
      [this, link = *link, reply = std::move(reply)](const engine::CommandAnswer& answer) {
        if (answer.what == engine::CommandAnswer::What::not_confirmed) {
          HttpResponse response =
              page_sentence(503, "Not acknowledged yet: " + answer.why + ". Please try again.");
          response.headers.emplace_back("Retry-After", "5");
          return reply(std::move(response));
        }
        const auto after = owner_.state().find(link.incident.text);
        reply(after ? page_view(*after, link.person) : page_sentence(404, after.error().message));
      });
}

}  // namespace tocsin::api

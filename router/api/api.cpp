#include "router/api/api.hpp"

#include "router/api/press_token.hpp"
#include "router/core/digest.hpp"
#include "router/core/problem.hpp"

namespace tocsin::api {
namespace {

std::string role_of(Access access) {
  return access == Access::administer ? "admin"
         : access == Access::respond  ? "responder"
                                      : "viewer";
}

std::string may_what(Access access) {
  return access == Access::view ? " may only read" : " has the role " + role_of(access);
}

bool allowed(Access has, Access needed) {
  return static_cast<int>(has) >= static_cast<int>(needed);
}

}  // namespace

Api::Api(engine::Commands& owner, const Clock& clock, ApiDeps deps)
    : owner_(owner),
      clock_(clock),
      deps_(std::move(deps)),
      history_(owner.state(), deps_.store),
      listening_(owner, clock, history_,
                 {[this] { return link_secret(); },
                  [this](const std::string& path) { return external(path); }, deps_.configuration,
                  deps_.follow_up}),
      confirming_(clock, deps_.members),
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

std::string Api::page_path(const IncidentId& incident, const std::string& person, WallTime now,
                           const MessageId& message) const {
  return "/p/" + sign(PageLink{incident, person, now + kPageLinkLife, message}, link_secret());
}

std::string Api::receipt_path(const IncidentId& incident, const MessageId& message,
                              std::uint32_t attempt, WallTime now) const {
  return "/r/" + sign(ReceiptLink{incident, message, attempt, now + kPageLinkLife}, link_secret());
}

std::string Api::press(const IncidentId& incident, WallTime now) const {
  return sign_press(incident, now + kPageLinkLife, link_secret());
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

// Of a machine that has one such moment, and counted within it.
RecordId Api::fresh_record_id() {
  const Instant now = clock_.now();
  const auto moment = static_cast<std::uint64_t>(now.wall.time_since_epoch().count());
  const auto elapsed = static_cast<std::uint64_t>(now.elapsed.count());
  constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15;
  return {now.machine_boot ^ (moment * kSpread), 0, (elapsed << 16) + ++facts_made_};
}

HttpHandler Api::guarded(
    Access needed, std::function<void(const HttpRequest&, const Caller&, HttpReply)> handler) {
  return [this, needed, handler = std::move(handler)](const HttpRequest& request, HttpReply reply) {
    const auto caller = caller_of(request);
    if (!caller) return reply(problem(401, caller.error().message));
    if (!allowed(caller->access, needed))
      return reply(problem(403, "token " + caller->name + may_what(caller->access) +
                                    "; this needs the role " + role_of(needed)));
    handler(request, *caller, std::move(reply));
  };
}

std::vector<HttpRoute> Api::routes() {
  std::vector<HttpRoute> routes{
      {"GET", "/p/([^/]+)",
       [this](const HttpRequest& request, const HttpReply& reply) { page_get(request, reply); }},
      {"POST", "/p/([^/]+)",
       [this](const HttpRequest& request, HttpReply reply) {
         page_post(request, std::move(reply));
       }},
      {"POST", "/r/([^/]+)",
       [this](const HttpRequest& request, HttpReply reply) {
         take_receipt(request, std::move(reply));
       }},
      {"POST", "/answers/([^/]+)",
       [this](const HttpRequest& request, HttpReply reply) {
         listening_.take(request, std::move(reply));
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
  add_incident_routes(routes);
  add_silence_routes(routes);
  add_gameday_routes(routes);
  add_calendar_routes(routes);  // before the rotas and people whose names they end in .ics
  add_oncall_routes(routes);
  add_people_routes(routes);
  add_tool_routes(routes);
  return routes;
}

}  // namespace tocsin::api

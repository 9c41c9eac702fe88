// Incidents: listed, shown and changed.
#include <algorithm>
#include <charconv>

#include "router/api/answers.hpp"
#include "router/api/api.hpp"
#include "router/api/incident_json.hpp"
#include "router/api/report_asked.hpp"
#include "router/api/request_body.hpp"
#include "router/core/listing_order.hpp"
#include "router/core/problem.hpp"
#include "router/core/snooze.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t kMostMatchersAsked = 20;

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
  if (!query.cursor.empty() && !is_listing_order(query.cursor))
    return invalid("cursor: the `next` of the page before, as it was given");
  const auto [first, last] = request.query.equal_range("matcher");
  for (auto each = first; each != last; ++each) {
    if (query.matchers.size() == kMostMatchersAsked)
      return invalid("matcher: more than " + std::to_string(kMostMatchersAsked) +
                     "; ask with fewer");
    auto matcher = rules::Matcher::parse(each->second);
    if (!matcher) return invalid("matcher: " + matcher.error().message);
    query.matchers.push_back(std::move(*matcher));
  }
  return query;
}

using Fields = std::span<const std::string_view>;

Fields fields_of(CommandKind kind) {
  static constexpr std::string_view kNote[] = {"text"};
  static constexpr std::string_view kSnooze[] = {"for", "why"};
  static constexpr std::string_view kAssign[] = {"to", "why"};
  static constexpr std::string_view kEscalate[] = {"why"};
  switch (kind) {
    case CommandKind::note:
      return kNote;
    case CommandKind::snooze:
      return kSnooze;
    case CommandKind::assign:
      return kAssign;
    case CommandKind::escalate:
      return kEscalate;
    default:
      return {};
  }
}

/// What the body adds to a command.
Result<Command> filled(Command command, const HttpRequest& request) {
  TOCSIN_TRY(const ChangeBody body, read_change(request.body, fields_of(command.kind)));
  if (command.kind == CommandKind::note) {
    TOCSIN_TRY(command.text, needed_text(body, "text", kMostNoteBytes));
  }
  if (command.kind == CommandKind::assign) {
    TOCSIN_TRY(command.to, needed_text(body, "to", kMostPersonBytes));
  }
  if (command.kind == CommandKind::snooze) {
    TOCSIN_TRY(const std::string length, needed_text(body, "for", kMostNoteBytes));
    const auto parsed = parse_duration(length);
    if (!parsed || *parsed < kShortestSnooze || *parsed > kLongestSnooze)
      return invalid("for: from " + format_duration(kShortestSnooze) + " to " +
                     format_duration(kLongestSnooze) + R"(; write e.g. "2h")");
    command.length = *parsed;
  }
  if (body.text("why")) {
    TOCSIN_TRY(command.text, needed_text(body, "why", kMostNoteBytes));
  }
  return command;
}

}  // namespace

void Api::add_incident_routes(std::vector<HttpRoute>& routes) {
  const std::string one = "/api/v1/incidents/([^/]+)";
  const auto change = [this](CommandKind kind) {
    return guarded(Access::respond,
                   [this, kind](const HttpRequest& request, const Caller& caller, HttpReply reply) {
                     Command command{kind, {}, caller.name, "api"};
                     if (request.matches.size() > 1) command.text = request.matches[1];  // the hook
                     this->change(request, std::move(command), std::move(reply));
                   });
  };
  routes.push_back(
      {"GET", "/api/v1/incidents",
       guarded(Access::view, [this](const auto& request, const Caller&, const HttpReply& reply) {
         list(request, reply);
       })});
  routes.push_back(
      {"GET", one,
       guarded(Access::view, [this](const auto& request, const Caller&, const HttpReply& reply) {
         show(request, reply);
       })});
  routes.push_back(
      {"POST", "/api/v1/incidents",
       guarded(Access::respond, [this](const auto& request, const Caller& caller, HttpReply reply) {
         report(request, caller, std::move(reply));
       })});
  routes.push_back({"POST", one + "/acknowledge", change(CommandKind::acknowledge)});
  routes.push_back({"POST", one + "/resolve", change(CommandKind::resolve)});
  routes.push_back({"POST", one + "/note", change(CommandKind::note)});
  routes.push_back({"POST", one + "/snooze", change(CommandKind::snooze)});
  routes.push_back({"POST", one + "/escalate", change(CommandKind::escalate)});
  routes.push_back({"POST", one + "/assign", change(CommandKind::assign)});
  routes.push_back({"POST", one + "/remediations/([^/]+)/approve", change(CommandKind::approve)});
  routes.push_back({"POST", one + "/remediations/([^/]+)/reject", change(CommandKind::reject)});
}

void Api::list(const HttpRequest& request, const HttpReply& reply) const {
  const auto query = query_of(request);
  if (!query) return reply(problem_of(query.error()));
  const auto listing = history_.list(*query);
  reply(listing ? json_answer(incidents_json(listing->page, listing->incomplete))
                : problem_of(listing.error()));
}

void Api::show(const HttpRequest& request, const HttpReply& reply) const {
  const auto found = history_.find(request.matches.at(0));
  reply(found ? json_answer(incident_json(found->view)) : problem_of(found.error()));
}

void Api::report(const HttpRequest& request, const Caller& caller, HttpReply reply) {
  const auto body = read_change(request.body, kReportFields);
  if (!body) return reply(problem_of(body.error()));
  auto alert = report_asked(*body, caller.name, clock_.now().wall);
  if (!alert) return reply(problem_of(alert.error()));
  alert->key = "report/" + to_string(fresh_record_id());
  owner_.report(*alert, kCommandPatience,
                [this, reply = std::move(reply)](const engine::CommandAnswer& answer) {
                  using What = engine::CommandAnswer::What;
                  if (answer.what == What::not_confirmed)
                    return reply(problem(503,
                                         "not confirmed, and it may be opened all the same: look "
                                         "before you report it again: " +
                                             answer.why));
                  if (answer.what == What::refused) return reply(problem_of(answer));
                  const auto after = owner_.state().find(answer.incident.text);
                  reply(after ? json_answer(changed_json(*after, answer.why), 201)
                              : problem_of(after.error()));
                });
}

void Api::change(const HttpRequest& request, Command command, HttpReply reply) {
  const auto found = history_.find(request.matches.at(0));
  if (!found) return reply(problem_of(found.error()));
  command.incident = found->view.incident.id;
  if (!found->in_memory)
    return reply(problem(409, "incident " + command.incident.text +
                                  " ended long ago: it is history and cannot be changed"));
  auto whole = filled(std::move(command), request);
  if (!whole) return reply(problem_of(whole.error()));
  const IncidentId id = whole->incident;
  owner_.submit(
      found->view, *whole, kCommandPatience,
      [this, id, reply = std::move(reply)](const engine::CommandAnswer& answer) {
        if (answer.what != engine::CommandAnswer::What::done) return reply(problem_of(answer));
        const auto after = owner_.state().find(id.text);
        reply(after ? json_answer(changed_json(*after, answer.why)) : problem_of(after.error()));
      });
}

}  // namespace tocsin::api

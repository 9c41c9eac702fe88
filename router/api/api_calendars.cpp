// Calendars of who is on call. A calendar program cannot sign in: the URL it is given is signed,
// and reads one calendar.
#include "router/api/answers.hpp"
#include "router/api/api.hpp"
#include "router/api/oncall_calendar.hpp"
#include "router/api/signed_text.hpp"
#include "router/core/problem.hpp"

namespace tocsin::api {
namespace {

constexpr std::string_view kPurpose = "calendar";

std::string signed_of(std::string_view kind, std::string_view name) {
  return std::string(kind) + "\n" + std::string(name);
}

}  // namespace

void Api::add_calendar_routes(std::vector<HttpRoute>& routes) {
  for (const char* const kind : {"rotas", "people"})
    routes.push_back({"GET", std::string("/api/v1/") + kind + "/([^/]+)\\.ics",
                      [this, kind](const HttpRequest& request, const HttpReply& reply) {
                        show_calendar(request, kind, reply);
                      }});
}

// Names in the configuration need no escaping in a URL.
std::string Api::calendar_url(std::string_view kind, const std::string& name) const {
  const std::string secret = link_secret();
  if (secret.empty()) return {};
  return external("/api/v1/" + std::string(kind) + "/" + name +
                  ".ics?key=" + signature(kPurpose, signed_of(kind, name), secret));
}

void Api::show_calendar(const HttpRequest& request, std::string_view kind,
                        const HttpReply& reply) const {
  const std::string& name = request.matches.at(0);
  // Before anything else: who has no key does not learn which names there are.
  if (!is_signed(request.query_value("key"), kPurpose, signed_of(kind, name), link_secret()))
    return reply(problem(403,
                         "this calendar's address is not one of ours, or was cut; take ical_url of "
                         "GET /api/v1/" +
                             std::string(kind) + "/NAME"));
  const OnCallView view = on_call_view();
  const WallTime now = clock_.now().wall;
  const auto answer = [&](const Calendar& calendar) {
    reply({200,
           ical(calendar, now),
           "text/calendar; charset=utf-8",
           {{"Cache-Control", "private, max-age=300"}, {"X-Content-Type-Options", "nosniff"}}});
  };
  if (kind == "rotas") {
    const auto rota = view.rota(name);
    return rota ? answer(calendar_of_rota(view, **rota, now)) : reply(problem_of(rota.error()));
  }
  const auto person = view.person(name);
  person ? answer(calendar_of_person(view, **person, now)) : reply(problem_of(person.error()));
}

}  // namespace tocsin::api

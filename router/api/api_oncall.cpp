// Who is on call: rotas, shown and overridden.
#include <algorithm>
#include <tuple>

#include "router/api/answers.hpp"
#include "router/api/api.hpp"
#include "router/api/oncall_json.hpp"
#include "router/api/oncall_view.hpp"
#include "router/api/override_asked.hpp"
#include "router/core/digest.hpp"
#include "router/core/problem.hpp"

namespace tocsin::api {
namespace {

constexpr Duration kShownIfNotSaid = std::chrono::hours(24 * 14);
constexpr Duration kMostShown = std::chrono::hours(24 * 366);

constexpr std::string_view kStates[] = {"active", "pending", "ended"};

/// The moments that a request asks about are near enough for a calendar.
constexpr Duration kFurthestAsked = std::chrono::hours(24 * 366 * 5);

Result<WallTime> moment_asked(const HttpRequest& request, const std::string& name, const Zone& zone,
                              WallTime otherwise, WallTime now) {
  const std::string_view text = request.query_value(name);
  if (text.empty()) return otherwise;
  TOCSIN_TRY(const WallTime time, time_asked(text, name, zone));
  if (time < now - kFurthestAsked || time > now + kFurthestAsked)
    return invalid(name + ": more than five years away; ask about a time that is nearer");
  return time;
}

Result<RotaQuery> query_of(const HttpRequest& request, const oncall::Rota& rota, WallTime now) {
  RotaQuery query;
  query.now = now;
  TOCSIN_TRY(query.from, moment_asked(request, "from", rota.time_zone, now, now));
  TOCSIN_TRY(query.until,
             moment_asked(request, "until", rota.time_zone, query.from + kShownIfNotSaid, now));
  if (query.until <= query.from) return invalid("until: not after from; give a later time");
  if (query.until - query.from > kMostShown)
    return invalid("until: more than " + format_duration(kMostShown) +
                   " after from; ask in several parts");
  return query;
}

}  // namespace

void Api::add_oncall_routes(std::vector<HttpRoute>& routes) {
  const std::string rota = "/api/v1/rotas/([^/]+)";
  const auto look = [this](auto handler) {
    return guarded(Access::view,
                   [this, handler](const auto& request, const Caller&, const HttpReply& reply) {
                     (this->*handler)(request, reply);
                   });
  };
  const auto change = [this](auto handler) {
    return guarded(Access::respond,
                   [this, handler](const auto& request, const Caller& caller, HttpReply reply) {
                     (this->*handler)(request, caller, std::move(reply));
                   });
  };
  routes.push_back({"GET", "/api/v1/oncall", look(&Api::list_on_call)});
  routes.push_back({"GET", "/api/v1/overrides", look(&Api::list_overrides)});
  routes.push_back({"GET", rota, look(&Api::show_rota)});
  routes.push_back({"POST", rota + "/overrides", change(&Api::make_override)});
  routes.push_back({"DELETE", rota + "/overrides/([^/]+)", change(&Api::end_override)});
}

OnCallView Api::on_call_view() const { return {configured(), owner_.state().overrides()}; }

std::string Api::external(const std::string& path) const {
  std::string url = deps_.external_url ? deps_.external_url() : std::string();
  while (url.ends_with('/')) url.pop_back();
  return url + path;
}

void Api::list_on_call(const HttpRequest& request, const HttpReply& reply) const {
  const WallTime now = clock_.now().wall;
  const auto at = moment_asked(request, "at", Zone(), now, now);
  if (!at) return reply(problem_of(at.error()));
  const auto strict = strict_asked(request);
  if (!strict) return reply(problem_of(strict.error()));
  reply(json_answer(
      oncall_json(on_call_view(), contact_book(), request.query_value("team"), *strict, *at)));
}

void Api::show_rota(const HttpRequest& request, const HttpReply& reply) const {
  const OnCallView view = on_call_view();
  const auto rota = view.rota(request.matches.at(0));
  if (!rota) return reply(problem_of(rota.error()));
  auto query = query_of(request, **rota, clock_.now().wall);
  if (!query) return reply(problem_of(query.error()));
  query->ical_url = calendar_url("rotas", (*rota)->name);
  reply(json_answer(
      rota_json(view, contact_book(), **rota, owner_.state().made_overrides(), *query)));
}

void Api::list_overrides(const HttpRequest& request, const HttpReply& reply) const {
  const std::string_view rota = request.query_value("rota");
  const auto states = words_asked("state", request.query_value("state"), kStates);
  if (!states) return reply(problem_of(states.error()));
  const WallTime now = clock_.now().wall;
  std::vector<control::RotaOverride> all = owner_.state().made_overrides();
  std::erase_if(all, [&](const control::RotaOverride& each) {
    return (!rota.empty() && each.rota != rota) ||
           (!states->empty() &&
            std::find(states->begin(), states->end(), state_of(each, now)) == states->end());
  });
  std::sort(all.begin(), all.end(), [](const auto& one, const auto& other) {
    return std::tie(other.from, other.made) < std::tie(one.from, one.made);
  });
  reply(json_answer(overrides_json(all, now)));
}

void Api::make_override(const HttpRequest& request, const Caller& caller, HttpReply reply) {
  const OnCallView view = on_call_view();
  const auto rota = view.rota(request.matches.at(0));
  if (!rota) return reply(problem_of(rota.error()));
  const auto body = read_change(request.body, kOverrideFields);
  if (!body) return reply(problem_of(body.error()));
  auto asked = override_asked(*body, view, **rota, caller.name, clock_.now().wall);
  if (!asked) return reply(problem_of(asked.error()));
  asked->id = make_override_id(fresh_record_id());
  const OverrideId id = asked->id;
  submit(std::move(*asked), id, 201, std::move(reply));
}

void Api::end_override(const HttpRequest& request, const Caller& caller, HttpReply reply) {
  const OverrideId id{base32_typed(request.matches.at(1))};
  const auto made = owner_.state().find_override(id);
  // A rota that is not configured any more may still have some.
  if (!made || made->rota != request.matches.at(0))
    return reply(problem(404,
                         "this rota has no such override; those that the configuration has "
                         "are changed there"));
  const WallTime now = clock_.now().wall;
  if (state_of(*made, now) == "ended") return reply(json_answer(override_json(*made, now)));
  submit(control::RotaOverrideEnded{id, caller.name, now}, id, 200, std::move(reply));
}

void Api::submit(const Control& fact, const OverrideId& id, int status, HttpReply reply) {
  owner_.submit(fact, kCommandPatience,
                [this, id, status, reply = std::move(reply)](const engine::CommandAnswer& answer) {
                  if (answer.what != engine::CommandAnswer::What::done)
                    return reply(problem_of(answer));
                  const auto after = owner_.state().find_override(id);
                  reply(after ? json_answer(override_json(*after, clock_.now().wall), status)
                              : problem(404, "the override has ended and is forgotten"));
                });
}

}  // namespace tocsin::api

// Silences: listed, set, changed and ended.
#include <algorithm>

#include "router/api/answers.hpp"
#include "router/api/api.hpp"
#include "router/api/silence_json.hpp"
#include "router/core/digest.hpp"
#include "router/core/problem.hpp"
#include "rules/silence.hpp"

namespace tocsin::api {
namespace {

constexpr std::string_view kStates[] = {kActive, kPending, kEnded};

}  // namespace

void Api::add_silence_routes(std::vector<HttpRoute>& routes) {
  routes.push_back(
      {"GET", "/api/v1/silences",
       guarded(Access::view, [this](const auto& request, const Caller&, const HttpReply& reply) {
         list_silences(request, reply);
       })});
  routes.push_back(
      {"POST", "/api/v1/silences",
       guarded(Access::respond, [this](const auto& request, const Caller& caller, HttpReply reply) {
         set_silence(request, caller, std::move(reply));
       })});
  routes.push_back(
      {"DELETE", "/api/v1/silences/([^/]+)",
       guarded(Access::respond, [this](const auto& request, const Caller& caller, HttpReply reply) {
         end_silence(request, caller, std::move(reply));
       })});
}

void Api::list_silences(const HttpRequest& request, const HttpReply& reply) const {
  const auto states = words_asked("state", request.query_value("state"), kStates);
  if (!states) return reply(problem_of(states.error()));
  const WallTime now = clock_.now().wall;
  std::vector<control::Silence> silences = owner_.state().silences();
  std::erase_if(silences, [&](const control::Silence& silence) {
    return !states->empty() &&
           std::find(states->begin(), states->end(), state_of(silence, now)) == states->end();
  });
  std::stable_sort(silences.begin(), silences.end(), [](const auto& one, const auto& other) {
    return one.ends_at > other.ends_at;  // those that end last first: what is over goes down
  });
  reply(json_answer(silences_json(silences, now)));
}

void Api::set_silence(const HttpRequest& request, const Caller& caller, HttpReply reply) {
  const auto body = read_change(request.body, kSilenceFields);
  if (!body) return reply(problem_of(body.error()));
  std::optional<control::Silence> before;
  if (const std::string* const id = body->text("id")) {
    before = find_silence({base32_typed(*id)});
    if (!before)
      return reply(problem(404, "id: there is no such silence; leave it out to set a new one"));
  }
  auto asked = silence_asked(*body, before ? &*before : nullptr, caller.name, clock_.now().wall);
  if (!asked) return reply(problem_of(asked.error()));
  if (!before) asked->id = make_silence_id(fresh_record_id());
  if (const auto made = rules::make_silence(*asked); !made) return reply(problem_of(made.error()));
  const SilenceId id = asked->id;
  submit(*asked, id, before ? 200 : 201, std::move(reply));
}

void Api::end_silence(const HttpRequest& request, const Caller& caller, HttpReply reply) {
  const SilenceId id{base32_typed(request.matches.at(0))};
  const auto silence = find_silence(id);
  if (!silence) return reply(problem(404, "there is no such silence"));
  const WallTime now = clock_.now().wall;
  if (state_of(*silence, now) == kEnded) return reply(json_answer(silence_json(*silence, now)));
  submit(control::SilenceEnded{id, caller.name, now}, id, 200, std::move(reply));
}

void Api::submit(const Control& fact, const SilenceId& id, int status, HttpReply reply) {
  owner_.submit(fact, kCommandPatience,
                [this, id, status, reply = std::move(reply)](const engine::CommandAnswer& answer) {
                  if (answer.what != engine::CommandAnswer::What::done)
                    return reply(problem_of(answer));
                  const auto after = find_silence(id);
                  reply(after ? json_answer(silence_json(*after, clock_.now().wall), status)
                              : problem(404, "the silence has ended and is forgotten"));
                });
}

std::optional<control::Silence> Api::find_silence(const SilenceId& id) const {
  for (control::Silence& silence : owner_.state().silences())
    if (silence.id == id) return std::move(silence);
  return std::nullopt;
}

}  // namespace tocsin::api

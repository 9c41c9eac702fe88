// For people who want to know why, and for those who look after tocsin: explanations, what could
// not be decided, and a new configuration.
#include <algorithm>

#include "router/api/answers.hpp"
#include "router/api/api.hpp"
#include "router/api/explanation_json.hpp"
#include "router/api/openapi.hpp"
#include "router/core/problem.hpp"
#include "router/core/text.hpp"
#include "router/engine/configuration_codec.hpp"

namespace tocsin::api {
namespace {

std::string set_aside_json(const std::vector<effect::SetAside>& all) {
  std::string list;
  for (const effect::SetAside& each : all)
    list += (list.empty() ? "" : ",") + std::string(R"({"record":)") +
            json_string(to_string(each.record)) + R"(,"why":)" + json_string(each.why) + "}";
  return R"({"set_aside":[)" + list + "]}";
}

}  // namespace

void Api::add_tool_routes(std::vector<HttpRoute>& routes) {
  routes.push_back(
      {"GET", "/api/v1/alerts/([^/]+)/explanation",
       guarded(Access::view, [this](const auto& request, const Caller&, const HttpReply& reply) {
         explain(request, reply);
       })});
  routes.push_back(
      {"GET", "/api/v1/set-aside",
       guarded(Access::view, [this](const auto&, const Caller&, const HttpReply& reply) {
         reply(json_answer(set_aside_json(owner_.state().set_aside())));
       })});
  routes.push_back({"GET", R"(/api/v1/openapi\.json)",
                    [this](const auto&, const HttpReply& reply) { describe(reply); }});
  routes.push_back(
      {"POST", "/-/reload",
       guarded(Access::administer,
               [this](const auto&, const Caller&, const HttpReply& reply) { reload(reply); })});
}

void Api::describe(const HttpReply& reply) {
  std::call_once(described_, [this] { description_ = openapi_json(deps_.version); });
  reply(json_answer(description_));
}

void Api::explain(const HttpRequest& request, const HttpReply& reply) {
  const auto found = history_.find_alert({request.matches.at(0)});
  if (!found) return reply(problem_of(found.error()));
  if (!found->alert.configuration)
    return reply(json_answer(
        explanation_json(*found, nullptr, "which configuration decided it was not recorded")));
  const auto then = configuration(*found->alert.configuration);
  reply(json_answer(
      explanation_json(*found, then ? then->get() : nullptr, then ? "" : then.error().message)));
}

Result<std::shared_ptr<const engine::Configuration>> Api::configuration(const std::string& hash) {
  {
    const std::lock_guard lock(mutex_);
    if (explaining_ && explained_by_ == hash) return explaining_;
  }
  TOCSIN_TRY(const auto bytes, history_.configuration(hash));
  if (!bytes)
    return not_found(
        "the configuration that decided it is no longer kept, so that only what was "
        "recorded then can be shown");
  auto decoded = engine::decode_configuration(*bytes);
  if (!decoded)
    return corrupt("the configuration that decided it cannot be read: " + decoded.error().message);
  auto shared = std::make_shared<const engine::Configuration>(std::move(*decoded));
  const std::lock_guard lock(mutex_);
  explained_by_ = hash;
  explaining_ = shared;
  return shared;
}

void Api::reload(const HttpReply& reply) const {
  if (!deps_.reload) return reply(problem(501, "this process reloads on SIGHUP only"));
  const auto done = deps_.reload();
  if (!done) return reply(problem_of(done.error()));
  reply(json_answer(R"({"needs_restart":)" + (done->empty() ? "null" : json_string(*done)) + "}"));
}

}  // namespace tocsin::api
